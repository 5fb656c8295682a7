package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// legendItem names a curve in its colour, with a number.
type legendItem struct {
	root *fyne.Container
	name *hint
	line *swatch
}

func newLegendItem(d *desk, color fyne.ThemeColorName, tip string) *legendItem {
	name := newHint(d, "", tip)
	name.color, name.size, name.cut, name.bold = color, theme.SizeNameCaptionText, false, true
	line := newSwatch(color)
	return &legendItem{name: name, line: line, root: container.New(layout.NewCustomPaddedHBoxLayout(5), line, name)}
}

// set shows a text; the empty one hides the item.
func (l *legendItem) set(content string) {
	l.name.set(content)
	if hidden := content == ""; hidden != l.root.Hidden {
		l.root.Hidden = hidden
		l.root.Refresh()
	}
}

// swatch is a short line in a curve's colour.
type swatch struct {
	widget.BaseWidget
	color fyne.ThemeColorName
}

func newSwatch(color fyne.ThemeColorName) *swatch {
	s := &swatch{color: color}
	s.ExtendBaseWidget(s)
	return s
}

func (s *swatch) CreateRenderer() fyne.WidgetRenderer {
	r := &swatchRenderer{s: s, line: canvas.NewRectangle(nil)}
	r.Refresh()
	return r
}

type swatchRenderer struct {
	s    *swatch
	line *canvas.Rectangle
}

func (r *swatchRenderer) MinSize() fyne.Size { return fyne.NewSize(11, 2) }
func (r *swatchRenderer) Layout(size fyne.Size) {
	r.line.Move(fyne.NewPos(0, (size.Height-2)/2))
	r.line.Resize(fyne.NewSize(size.Width, 2))
}
func (r *swatchRenderer) Refresh() {
	r.line.FillColor = theme.ColorForWidget(r.s.color, r.s)
	r.line.Refresh()
}
func (r *swatchRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.line} }
func (r *swatchRenderer) Destroy()                     {}
