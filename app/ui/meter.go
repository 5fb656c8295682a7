package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// meter is a thin bar that fills from left to right.
type meter struct {
	widget.BaseWidget
	at float64 // 0 to 1
}

func newMeter() *meter {
	m := &meter{}
	m.ExtendBaseWidget(m)
	return m
}

func (m *meter) set(at float64) {
	if at = min(max(at, 0), 1); at != m.at {
		m.at = at
		m.Refresh()
	}
}

func (m *meter) CreateRenderer() fyne.WidgetRenderer {
	r := &meterRenderer{m: m, back: canvas.NewRectangle(nil), fill: canvas.NewRectangle(nil)}
	r.Refresh()
	return r
}

type meterRenderer struct {
	m          *meter
	back, fill *canvas.Rectangle
}

const meterHeight = 6

func (r *meterRenderer) MinSize() fyne.Size { return fyne.NewSize(40, meterHeight) }
func (r *meterRenderer) Layout(size fyne.Size) {
	r.back.Resize(size)
	r.fill.Resize(fyne.NewSize(size.Width*float32(r.m.at), size.Height))
}
func (r *meterRenderer) Refresh() {
	r.back.FillColor, r.back.CornerRadius = theme.ColorForWidget(theme.ColorNameButton, r.m), meterHeight/2
	r.fill.FillColor, r.fill.CornerRadius = theme.ColorForWidget(theme.ColorNamePrimary, r.m), meterHeight/2
	r.fill.Hidden = r.m.at == 0
	r.Layout(r.m.Size())
	canvas.Refresh(r.m)
}
func (r *meterRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.back, r.fill} }
func (r *meterRenderer) Destroy()                     {}
