package engine

import (
	"image"
	"sync"
)

// screen holds the newest finished frame of the live scene. The painter draws
// into a back image and swaps; a reader copies the front. Neither sees the
// other half done, and no frame is allocated unless the size changes.
type screen struct {
	mu    sync.Mutex
	front *image.RGBA
	seq   uint64
}

// frames counts the frames so far.
func (s *screen) frames() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.seq
}

// swap publishes a finished frame and returns the earlier one for reuse; it is
// nil after the first.
func (s *screen) swap(finished *image.RGBA) *image.RGBA {
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.front
	s.front = finished
	s.seq++
	return old
}

// copyTo fills dst, resized if need be. ok is false before the first frame.
func (s *screen) copyTo(dst *image.RGBA) (seq uint64, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.front == nil {
		return 0, false
	}
	resize(dst, s.front.Rect.Dx(), s.front.Rect.Dy())
	copy(dst.Pix, s.front.Pix)
	return s.seq, true
}

// resize gives m the size w×h, reusing its memory if it is large enough.
func resize(m *image.RGBA, w, h int) {
	if n := 4 * w * h; cap(m.Pix) < n {
		m.Pix = make([]uint8, n)
	} else {
		m.Pix = m.Pix[:n]
	}
	m.Stride, m.Rect = 4*w, image.Rect(0, 0, w, h)
}
