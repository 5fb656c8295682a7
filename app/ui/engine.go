package ui

import (
	"image"

	"github.com/latco-studio/latco/app/engine"
)

// Engine is what the window shows and steers.
type Engine interface {
	// Do queues a command. It does not block.
	Do(engine.Command)
	// State is the newest state; it is immutable.
	State() *engine.State
	// Frame copies the newest frame of the live scene into dst, resizing it if
	// needed. seq grows with every frame; ok is false before the first.
	Frame(dst *image.RGBA) (seq uint64, ok bool)
	// Frames is the newest frame's seq, 0 before the first.
	Frames() uint64
}

// view is a part of the window that follows the state. show is called on the
// main goroutine, and only if the state has changed.
type view interface {
	show(*engine.State)
}
