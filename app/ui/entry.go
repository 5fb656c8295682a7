package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// entry is a line of text that is handed over when Enter is pressed or the
// focus leaves, and taken back by Esc. Shortcuts sleep while it has the focus.
type entry struct {
	widget.Entry
	desk     *desk
	tip      string
	typing   bool
	kept     string // the text when typing began
	onCommit func(string)
}

func newEntry(d *desk, tip string, onCommit func(string)) *entry {
	e := &entry{desk: d, tip: tip, onCommit: onCommit}
	e.Wrapping = fyne.TextWrapOff
	e.Scroll = fyne.ScrollHorizontalOnly
	e.ExtendBaseWidget(e)
	return e
}

// setText shows a value from the state unless someone is typing.
func (e *entry) setText(s string) {
	if !e.typing && e.Text != s {
		e.SetText(s)
	}
}

func (e *entry) MouseIn(*desktop.MouseEvent)    { e.desk.tips.want(e, e.tip) }
func (e *entry) MouseMoved(*desktop.MouseEvent) {}
func (e *entry) MouseOut()                      { e.desk.tips.drop() }

func (e *entry) FocusGained() {
	e.typing, e.kept = true, e.Text
	e.Entry.FocusGained()
	// A click sets the cursor after this; coming by Tab, the text is replaced by
	// what is typed.
	e.Entry.TypedShortcut(&fyne.ShortcutSelectAll{})
	e.desk.tips.want(e, e.tip)
}

func (e *entry) FocusLost() {
	e.typing = false
	e.Entry.FocusLost()
	e.desk.tips.drop()
	if e.Text != e.kept {
		e.onCommit(e.Text)
	}
}

func (e *entry) TypedKey(k *fyne.KeyEvent) {
	switch k.Name {
	case fyne.KeyEscape:
		e.SetText(e.kept)
		e.desk.canvas.Unfocus()
	case fyne.KeyReturn, fyne.KeyEnter:
		e.desk.canvas.Unfocus()
	default:
		e.Entry.TypedKey(k)
	}
}

// TypedShortcut keeps the window's own shortcuts working while typing.
func (e *entry) TypedShortcut(s fyne.Shortcut) {
	if s.ShortcutName() == openShortcut.ShortcutName() && e.desk.keys.opens != nil {
		e.desk.canvas.Unfocus()
		e.desk.keys.opens()
		return
	}
	e.Entry.TypedShortcut(s)
}
