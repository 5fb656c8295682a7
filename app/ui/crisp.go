package ui

import (
	"image"

	"fyne.io/fyne/v2/canvas"
)

// newCrisp is a raster whose generator makes exactly the pixels it is asked for. Each
// is one of the screen, and is not blended with its neighbours, which OpenGL in software
// would pay for at every redraw of the window.
func newCrisp(draw func(w, h int) image.Image) *canvas.Raster {
	r := canvas.NewRaster(draw)
	r.ScaleMode = canvas.ImageScalePixels
	return r
}
