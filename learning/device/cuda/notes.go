//go:build nvidia && linux && cgo && (amd64 || arm64)

package cuda

import (
	"slices"
	"strings"
	"sync"
)

// notes are what a device says about itself once something had to be done in
// another way than usual; every one is said once, behind its name.
type notes struct {
	mu  sync.Mutex
	all []string
}

func (n *notes) add(text string) {
	text = strings.ReplaceAll(text, "\n", ", ")
	n.mu.Lock()
	defer n.mu.Unlock()
	if !slices.Contains(n.all, text) {
		n.all = append(n.all, text)
	}
}

func (n *notes) String() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.all) == 0 {
		return ""
	}
	return "; " + strings.Join(n.all, "; ")
}
