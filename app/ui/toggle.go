package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// toggle names a curve in its colour, with a number, and shows or hides it: with a
// click, or with Space while it has the focus.
type toggle struct {
	widget.BaseWidget
	desk    *desk
	tip     string
	content string
	color   fyne.ThemeColorName
	dash    dash
	on      bool
	focused bool
	hovered bool
	turned  func()
}

var (
	_ fyne.Tappable     = (*toggle)(nil)
	_ fyne.Focusable    = (*toggle)(nil)
	_ desktop.Hoverable = (*toggle)(nil)
)

func newToggle(d *desk, color fyne.ThemeColorName, tip string, on bool, turned func()) *toggle {
	t := &toggle{desk: d, color: color, tip: tip, on: on, turned: turned}
	t.ExtendBaseWidget(t)
	return t
}

func (t *toggle) set(content string) {
	if t.content != content {
		t.content = content
		t.Refresh()
	}
}

func (t *toggle) turn() {
	t.on = !t.on
	t.Refresh()
	t.turned()
}

func (t *toggle) Tapped(*fyne.PointEvent) {
	t.desk.leaveEntry()
	t.turn()
}
func (t *toggle) MouseIn(*desktop.MouseEvent) {
	t.hovered = true
	t.desk.tips.want(t, t.tip)
	t.Refresh()
}
func (t *toggle) MouseMoved(*desktop.MouseEvent) {}
func (t *toggle) MouseOut() {
	t.hovered = false
	t.desk.tips.drop()
	t.Refresh()
}
func (t *toggle) FocusGained()     { t.focused = true; t.Refresh() }
func (t *toggle) FocusLost()       { t.focused = false; t.Refresh() }
func (t *toggle) TypedRune(r rune) { t.desk.keys.typedRune(r) }
func (t *toggle) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		t.turn()
	default:
		t.desk.keys.typedKey(e)
	}
}

func (t *toggle) CreateRenderer() fyne.WidgetRenderer {
	r := &toggleRenderer{t: t, back: canvas.NewRectangle(nil), label: canvas.NewText("", nil)}
	for range 3 {
		r.lines = append(r.lines, canvas.NewRectangle(nil))
	}
	r.Refresh()
	return r
}

type toggleRenderer struct {
	t     *toggle
	back  *canvas.Rectangle
	lines []*canvas.Rectangle // the swatch: one piece, or pieces of a dashed line
	label *canvas.Text
}

const toggleSwatch = 14

func (r *toggleRenderer) MinSize() fyne.Size {
	m := fyne.MeasureText("Ag", r.label.TextSize, r.label.TextStyle)
	return fyne.NewSize(toggleSwatch+30, m.Height+5)
}

func (r *toggleRenderer) Layout(size fyne.Size) {
	r.back.Resize(size)
	pieces := map[dash][]float32{solid: {toggleSwatch}, dashed: {5, 5}, dotted: {2, 2, 2}}[r.t.dash]
	x, y := float32(3), size.Height/2-1
	for i, l := range r.lines {
		l.Hidden = i >= len(pieces)
		if !l.Hidden {
			l.Move(fyne.NewPos(x, y))
			l.Resize(fyne.NewSize(pieces[i], 2))
			x += pieces[i] + 4
		}
	}
	h := r.label.MinSize().Height
	r.label.Text = fit(r.t.content, r.label, size.Width-toggleSwatch-9)
	r.label.Move(fyne.NewPos(toggleSwatch+8, (size.Height-h)/2))
	r.label.Resize(fyne.NewSize(size.Width-toggleSwatch-9, h))
}

func (r *toggleRenderer) Refresh() {
	c := r.t.color
	if !r.t.on {
		c = theme.ColorNameDisabled
	}
	ink := theme.ColorForWidget(c, r.t)
	for _, l := range r.lines {
		l.FillColor = ink
		l.Refresh()
	}
	r.label.Color = theme.ColorForWidget(theme.ColorNameForeground, r.t)
	if !r.t.on {
		r.label.Color = theme.ColorForWidget(colorMuted, r.t)
	}
	r.label.TextSize = theme.SizeForWidget(theme.SizeNameCaptionText, r.t)
	r.back.FillColor, r.back.StrokeColor, r.back.StrokeWidth, r.back.CornerRadius = nil, nil, 0, 4
	if r.t.hovered {
		r.back.FillColor = theme.ColorForWidget(theme.ColorNameHover, r.t)
	}
	if r.t.focused {
		r.back.StrokeColor, r.back.StrokeWidth = theme.ColorForWidget(theme.ColorNamePrimary, r.t), 1.5
	}
	r.Layout(r.t.Size())
	canvas.Refresh(r.t)
}

func (r *toggleRenderer) Objects() []fyne.CanvasObject {
	objects := []fyne.CanvasObject{r.back}
	for _, l := range r.lines {
		objects = append(objects, l)
	}
	return append(objects, r.label)
}
func (r *toggleRenderer) Destroy() {}
