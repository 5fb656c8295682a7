package engine

import (
	"image"
	"sync"

	"github.com/latco-studio/latco/render"
)

// lockedDrawer lets several goroutines draw with one renderer, in turn.
type lockedDrawer struct {
	mu   sync.Mutex
	draw drawer
}

func (l *lockedDrawer) Draw(dst *image.RGBA, s *render.Scene, c render.Camera) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.draw.Draw(dst, s, c)
}
