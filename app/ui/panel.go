package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// panel is a coloured rectangle, rounded or not, behind its content.
type panel struct {
	widget.BaseWidget
	color   fyne.ThemeColorName
	border  bool
	radius  float32
	content fyne.CanvasObject
}

// newOverlay is a translucent rounded panel for the corners of the scene.
func newOverlay(content fyne.CanvasObject) *panel {
	inset := layout.NewCustomPaddedLayout(6, 6, 10, 10)
	return newPanel(colorOverlay, 7, true, container.New(inset, content))
}

// newBar is the plain background of a zone.
func newBar(content fyne.CanvasObject) *panel { return newPanel(colorPanel, 0, false, content) }

func newPanel(color fyne.ThemeColorName, radius float32, border bool, content fyne.CanvasObject) *panel {
	p := &panel{color: color, radius: radius, border: border, content: content}
	p.ExtendBaseWidget(p)
	return p
}

func (p *panel) CreateRenderer() fyne.WidgetRenderer {
	r := &panelRenderer{p: p, back: canvas.NewRectangle(nil)}
	r.style()
	return r
}

type panelRenderer struct {
	p    *panel
	back *canvas.Rectangle
}

func (r *panelRenderer) style() {
	r.back.FillColor = theme.ColorForWidget(r.p.color, r.p)
	r.back.CornerRadius = r.p.radius
	if r.p.border {
		r.back.StrokeColor = theme.ColorForWidget(colorLine, r.p)
		r.back.StrokeWidth = 1
	}
}

func (r *panelRenderer) MinSize() fyne.Size { return r.p.content.MinSize() }

func (r *panelRenderer) Layout(size fyne.Size) {
	r.back.Resize(size)
	r.p.content.Resize(size)
}

func (r *panelRenderer) Refresh() {
	r.style()
	r.back.Refresh()
}

func (r *panelRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.back, r.p.content}
}
func (r *panelRenderer) Destroy() {}

// rule is a hairline between zones.
func rule() fyne.CanvasObject { return widget.NewSeparator() }
