package ui

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"github.com/latco-studio/latco/app/engine"
	"github.com/latco-studio/latco/app/ui/paint"
)

// openLoop shows an episode, below it what the model predicts of it, and below that
// the error, in small frames. A line under the first ones says that the model has
// seen them. A click chooses a time step.
type openLoop struct {
	widget.BaseWidget
	of     *engine.OpenLoop
	wrong  []*image.RGBA
	at     int // time step that is marked
	onStep func(t int)
	raster *canvas.Raster
	buffer *image.RGBA
	scaler paint.Scaler
}

const openLoopFrames = 10 // in a row; longer episodes show every n-th frame

var _ desktop.Mouseable = (*openLoop)(nil)

func newOpenLoop() *openLoop {
	o := &openLoop{}
	o.raster = newCrisp(o.draw)
	o.ExtendBaseWidget(o)
	return o
}

func (o *openLoop) show(of *engine.OpenLoop, wrong []*image.RGBA) {
	o.of, o.wrong = of, wrong
	o.raster.Refresh()
}

// mark shows which time step is looked at.
func (o *openLoop) mark(t int) {
	if was := o.column(o.at); o.at != t {
		if o.at = t; o.column(t) != was {
			o.raster.Refresh()
		}
	}
}

// stride is how many time steps lie between two columns.
func (o *openLoop) stride() int {
	if o.of == nil {
		return 1
	}
	return max(1, (len(o.of.Truth)+openLoopFrames-1)/openLoopFrames)
}

func (o *openLoop) column(t int) int { return t / o.stride() }

const openLoopGap = 2 // between rows, in pixels of scale 1

func (o *openLoop) draw(w, h int) image.Image {
	o.buffer = paint.Sized(o.buffer, w, h)
	paint.Fill(o.buffer, o.buffer.Rect, colorOf(colorPanel, o))
	if o.of == nil || len(o.of.Truth) == 0 {
		return o.buffer
	}
	scale := float64(w) / max(float64(o.Size().Width), 1)
	gap := int(openLoopGap * scale)
	cell := w / openLoopFrames
	side := min(cell-gap, (h-2*gap-int(8*scale))/3)
	for i := 0; i*o.stride() < len(o.of.Truth); i++ {
		t := i * o.stride()
		x := i * w / openLoopFrames
		for row, frames := range [][]*image.RGBA{o.of.Truth, o.of.Model, o.wrong} {
			if t < len(frames) {
				o.scaler.Draw(o.buffer, image.Rect(x, row*(side+gap), x+side, row*(side+gap)+side), frames[t])
			}
		}
		below := image.Rect(x, 3*(side+gap), x+side, 3*(side+gap)+int(2*scale))
		if t < o.of.Context {
			paint.Fill(o.buffer, below, colorOf(colorReal, o))
		}
		if i == o.column(o.at) {
			paint.Fill(o.buffer, below.Add(image.Pt(0, int(3*scale))), colorOf("foreground", o))
		}
	}
	return o.buffer
}

func (o *openLoop) MouseDown(e *desktop.MouseEvent) {
	if o.of != nil && o.onStep != nil {
		i := int(e.Position.X / max(o.Size().Width, 1) * openLoopFrames)
		o.onStep(min(max(i*o.stride(), 0), len(o.of.Truth)-1))
	}
}
func (o *openLoop) MouseUp(*desktop.MouseEvent) {}

func (o *openLoop) MinSize() fyne.Size                  { return fyne.NewSize(200, 114) }
func (o *openLoop) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(o.raster) }

// errorPictures show where a prediction is wrong: the mean difference of the three
// colours, dark blue for none, yellow for half of the range and more.
func errorPictures(of *engine.OpenLoop) []*image.RGBA {
	var table [256][4]uint8
	for v := range table {
		c := paint.Cividis(2 * float64(v) / 255)
		table[v] = [4]uint8{c.R, c.G, c.B, 255}
	}
	wrong := make([]*image.RGBA, min(len(of.Truth), len(of.Model)))
	for t := range wrong {
		a, b := of.Truth[t], of.Model[t]
		img := image.NewRGBA(a.Rect)
		for i := 0; i+3 < min(len(a.Pix), len(b.Pix)); i += 4 {
			sum := 0
			for j := range 3 {
				sum += max(int(a.Pix[i+j])-int(b.Pix[i+j]), int(b.Pix[i+j])-int(a.Pix[i+j]))
			}
			copy(img.Pix[i:], table[sum/3][:])
		}
		wrong[t] = img
	}
	return wrong
}
