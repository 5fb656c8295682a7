package ui

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"github.com/latco-studio/latco/app/engine"
	"github.com/latco-studio/latco/app/ui/paint"
)

// openLoop shows an episode above what the model predicts of it, in small
// frames. A line under the first ones says that the model has seen them.
type openLoop struct {
	widget.BaseWidget
	of     *engine.OpenLoop
	raster *canvas.Raster
	buffer *image.RGBA
	scaler paint.Scaler
}

const openLoopFrames = 10 // in a row; longer episodes show every n-th frame

func newOpenLoop() *openLoop {
	o := &openLoop{}
	o.raster = canvas.NewRaster(o.draw)
	o.ExtendBaseWidget(o)
	return o
}

func (o *openLoop) show(of *engine.OpenLoop) {
	o.of = of
	o.raster.Refresh()
}

func (o *openLoop) draw(w, h int) image.Image {
	o.buffer = paint.Sized(o.buffer, w, h)
	paint.Fill(o.buffer, o.buffer.Rect, colorOf(colorPanel, o))
	if o.of == nil || len(o.of.Truth) == 0 {
		return o.buffer
	}
	n := len(o.of.Truth)
	stride := (n + openLoopFrames - 1) / openLoopFrames
	cell := w / openLoopFrames
	side := min(cell-2, (h-6)/2)
	for i := 0; i*stride < n; i++ {
		t := i * stride
		top := image.Rect(i*cell, 0, i*cell+side, side)
		o.scaler.Draw(o.buffer, top, o.of.Truth[t])
		if t < len(o.of.Model) {
			o.scaler.Draw(o.buffer, top.Add(image.Pt(0, side+3)), o.of.Model[t])
		}
		if t < o.of.Context {
			paint.Fill(o.buffer, image.Rect(i*cell, 2*side+4, i*cell+side, 2*side+6), colorOf(colorReal, o))
		}
	}
	return o.buffer
}

func (o *openLoop) MinSize() fyne.Size                  { return fyne.NewSize(200, 78) }
func (o *openLoop) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(o.raster) }
