package ui

import (
	"fyne.io/fyne/v2"

	"github.com/latco-studio/latco/app/engine"
)

// desk is what every control of one window shares.
type desk struct {
	send   func(engine.Command)
	keys   *keyMap
	tips   *tips
	canvas fyne.Canvas
	window fyne.Window
}

// leaveEntry ends typing: a click on a control means that what was typed is
// done, and keys are shortcuts again.
func (d *desk) leaveEntry() {
	if d.canvas == nil {
		return
	}
	if _, typing := d.canvas.Focused().(*entry); typing {
		d.canvas.Unfocus()
	}
}
