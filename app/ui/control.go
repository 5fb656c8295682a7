package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// Fyne's controls, each with an explanation and with shortcuts that go on
// working while it has the focus.

// button also obeys Enter when focused.
type button struct {
	widget.Button
	desk    *desk
	tip     string
	pointed func(on bool) // the mouse comes or goes; may be nil
}

func newButton(d *desk, label string, icon fyne.Resource, tip string, do func()) *button {
	b := &button{desk: d, tip: tip}
	b.Text, b.Icon, b.OnTapped = label, icon, do
	b.ExtendBaseWidget(b)
	return b
}

// quiet takes the button's background away, for bars and overlays.
func (b *button) quiet() *button {
	b.Importance = widget.LowImportance
	return b
}

// able enables or disables; asking for what is so costs nothing.
func (b *button) able(on bool) {
	switch {
	case on && b.Disabled():
		b.Enable()
	case !on && !b.Disabled():
		b.Disable()
	}
}

// press is a click from a key; a disabled button stays quiet.
func (b *button) press() { b.Tapped(nil) }

func (b *button) label(s string) {
	if b.Text != s {
		b.SetText(s)
	}
}

func (b *button) icon(res fyne.Resource) {
	if b.Icon != res {
		b.SetIcon(res)
	}
}

func (b *button) Tapped(e *fyne.PointEvent) {
	b.desk.leaveEntry()
	b.desk.tips.drop()
	b.Button.Tapped(e)
}
func (b *button) MouseIn(e *desktop.MouseEvent) {
	b.Button.MouseIn(e)
	b.desk.tips.want(b, b.tip)
	if b.pointed != nil {
		b.pointed(true)
	}
}
func (b *button) MouseOut() {
	b.Button.MouseOut()
	b.desk.tips.drop()
	if b.pointed != nil {
		b.pointed(false)
	}
}
func (b *button) FocusGained() {
	b.Button.FocusGained()
	b.desk.tips.want(b, b.tip)
}
func (b *button) FocusLost() {
	b.Button.FocusLost()
	b.desk.tips.drop()
}
func (b *button) TypedRune(r rune) { b.desk.keys.typedRune(r) }
func (b *button) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		b.Tapped(nil)
	default:
		b.desk.keys.typedKey(e)
	}
}

// slider runs from 0 to 1; what that means is its owner's affair.
type slider struct {
	widget.Slider
	desk *desk
	tip  string
}

func newSlider(d *desk, tip string, steps int) *slider {
	s := &slider{desk: d, tip: tip}
	s.Max, s.Step = 1, 1/float64(max(steps, 1))
	s.ExtendBaseWidget(s)
	return s
}

func (s *slider) MouseIn(e *desktop.MouseEvent) {
	s.Slider.MouseIn(e)
	s.desk.tips.want(s, s.tip)
}
func (s *slider) MouseOut() {
	s.Slider.MouseOut()
	s.desk.tips.drop()
}
func (s *slider) Tapped(e *fyne.PointEvent) {
	s.desk.tips.drop()
	s.Slider.Tapped(e)
}
func (s *slider) TypedRune(r rune) { s.desk.keys.typedRune(r) }
func (s *slider) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyLeft, fyne.KeyRight:
		s.Slider.TypedKey(e)
	default:
		s.desk.keys.typedKey(e)
	}
}

// choice is a drop-down list.
type choice struct {
	widget.Select
	desk *desk
	tip  string
}

func newChoice(d *desk, options []string, tip string, changed func(string)) *choice {
	c := &choice{desk: d, tip: tip}
	c.Options, c.OnChanged = options, changed
	c.ExtendBaseWidget(c)
	return c
}

// setChosen shows a choice without reporting it.
func (c *choice) setChosen(s string) {
	if c.Selected != s {
		c.Selected = s
		c.Refresh()
	}
}

func (c *choice) Tapped(e *fyne.PointEvent) {
	c.desk.leaveEntry()
	c.desk.tips.drop()
	c.Select.Tapped(e)
}
func (c *choice) MouseIn(e *desktop.MouseEvent) {
	c.Select.MouseIn(e)
	c.desk.tips.want(c, c.tip)
}
func (c *choice) MouseOut() {
	c.Select.MouseOut()
	c.desk.tips.drop()
}
func (c *choice) TypedRune(r rune) { c.desk.keys.typedRune(r) }
func (c *choice) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeySpace, fyne.KeyUp, fyne.KeyDown, fyne.KeyLeft, fyne.KeyRight:
		c.Select.TypedKey(e)
	default:
		c.desk.keys.typedKey(e)
	}
}

// check is a box to tick.
type check struct {
	widget.Check
	desk *desk
	tip  string
}

func newCheck(d *desk, label, tip string, changed func(bool)) *check {
	c := &check{desk: d, tip: tip}
	c.Text, c.OnChanged = label, changed
	c.ExtendBaseWidget(c)
	return c
}

// setChecked shows a value without reporting it.
func (c *check) setChecked(on bool) {
	if c.Checked != on {
		c.Checked = on
		c.Refresh()
	}
}

func (c *check) MouseIn(e *desktop.MouseEvent) {
	c.Check.MouseIn(e)
	c.desk.tips.want(c, c.tip)
}
func (c *check) MouseOut() {
	c.Check.MouseOut()
	c.desk.tips.drop()
}
func (c *check) TypedRune(r rune) {
	c.Check.TypedRune(r)
	if r != ' ' {
		c.desk.keys.typedRune(r)
	}
}
func (c *check) TypedKey(e *fyne.KeyEvent) {
	if e.Name != fyne.KeySpace {
		c.desk.keys.typedKey(e)
	}
}
