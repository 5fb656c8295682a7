package ui

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"github.com/latco-studio/latco/app/ui/paint"
)

// pixels shows a small picture enlarged, every pixel a sharp square.
type pixels struct {
	widget.BaseWidget
	picture *image.RGBA
	side    float32
	raster  *canvas.Raster
	buffer  *image.RGBA
	scaler  paint.Scaler
}

func newPixels(side float32) *pixels {
	p := &pixels{side: side}
	p.raster = newCrisp(p.draw)
	p.ExtendBaseWidget(p)
	return p
}

// show changes the picture; the same pointer costs nothing.
func (p *pixels) show(picture *image.RGBA) {
	if p.picture != picture {
		p.picture = picture
		p.raster.Refresh()
	}
}

func (p *pixels) draw(w, h int) image.Image {
	p.buffer = paint.Sized(p.buffer, w, h)
	if p.picture == nil {
		paint.Fill(p.buffer, p.buffer.Rect, colorOf(colorEmpty, p))
	} else {
		p.scaler.Draw(p.buffer, p.buffer.Rect, p.picture)
	}
	return p.buffer
}

func (p *pixels) MinSize() fyne.Size { return fyne.NewSquareSize(p.side) }
func (p *pixels) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(p.raster)
}
