package cli

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"sync"
)

// report goes to the screen as it grows, and becomes a file.
type report struct {
	screen io.Writer

	mu   sync.Mutex
	text bytes.Buffer
}

// Write is safe for several goroutines.
func (r *report) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.text.Write(p)
	return r.screen.Write(p)
}

// save writes the file, and says where it is.
func (r *report) save(name string, said io.Writer) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := os.WriteFile(name, r.text.Bytes(), 0o644); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	fmt.Fprintf(said, "latco: selftest: the report is in %s\n", name)
	return nil
}
