package ui

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"github.com/latco-studio/latco/app/ui/paint"
)

// colorScale is the legend of the violation's colours, with a notch at ε.
type colorScale struct {
	widget.BaseWidget
	threshold float64
	name      *hint
	low, high *text
	raster    *canvas.Raster
	buffer    *image.RGBA
	row       *fyne.Container
}

func newColorScale(d *desk) *colorScale {
	s := &colorScale{low: newCaption(""), high: newCaption("")}
	s.name = newHint(d, "violation", violationTip)
	s.name.size, s.name.cut = "helperText", false
	s.raster = newCrisp(s.draw)
	s.row = container.New(layout.NewCustomPaddedHBoxLayout(7), s.name, s.low, middle(container.New(bandLayout{}, s.raster)), s.high)
	s.row.Hide()
	s.ExtendBaseWidget(s)
	return s
}

// show sets the threshold; a planner without violations needs no scale.
func (s *colorScale) show(threshold float64, any bool) {
	if s.row.Hidden == any {
		s.row.Hidden = !any
		s.Refresh()
	}
	if !any || threshold == s.threshold {
		return
	}
	s.threshold = threshold
	scale := violationScale(threshold)
	s.low.set(plain(scale.Min))
	s.high.set(plain(scale.Max))
	if threshold > 0 {
		s.name.set("violation, notched above ε = " + plain(threshold))
	}
	s.raster.Refresh()
}

func (s *colorScale) draw(w, h int) image.Image {
	s.buffer = paint.Sized(s.buffer, w, h)
	for x := range w {
		paint.Fill(s.buffer, image.Rect(x, 0, x+1, h), paint.Cividis(float64(x)/float64(max(w-1, 1))))
	}
	if s.threshold > 0 {
		at := int(violationScale(s.threshold).At(s.threshold) * float64(w))
		notch(s.buffer, image.Rect(at-h, 0, at+h, h), float64(h)/8, colorOf(colorPanel, s))
	}
	return s.buffer
}

func (s *colorScale) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(s.row) }

// bandLayout gives the band its size.
type bandLayout struct{}

func (bandLayout) MinSize([]fyne.CanvasObject) fyne.Size        { return fyne.NewSize(110, 9) }
func (bandLayout) Layout(o []fyne.CanvasObject, size fyne.Size) { o[0].Resize(size) }
