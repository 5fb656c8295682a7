package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// closer is the focused button of a pop-up: Esc presses it as well.
type closer struct{ button }

func newCloser(d *desk, label string) *closer {
	c := &closer{}
	c.desk, c.Text = d, label
	c.ExtendBaseWidget(c)
	return c
}

func (c *closer) TypedRune(rune) {}
func (c *closer) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyEscape, fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter, fyne.KeyF1:
		c.Tapped(nil)
	}
}

func newHeading(s string) *text {
	t := newBold(s)
	t.size = theme.SizeNameHeadingText
	return t
}
