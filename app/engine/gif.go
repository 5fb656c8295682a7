package engine

import (
	"image"
	"image/color"
	"image/gif"
	"io"

	"github.com/latco-studio/latco/learning"
)

const (
	gifZoom  = 4   // pixels a pixel
	gifDelay = 6   // hundredths of a second a frame: 16⅔ a second, near the window's 16
	gifHold  = 100 // the last one
)

// encodeGIF animates an episode's images (n×64×64×3, RGB), every pixel a square, for
// ever. All frames share one palette, so that nothing flickers, and a frame holds
// only the rectangle that changed.
func encodeGIF(w io.Writer, pixels []uint8) error {
	table := newPalette(pixels)
	anim := &gif.GIF{Config: image.Config{ColorModel: table.colors, Width: Pixels * gifZoom, Height: Pixels * gifZoom}}
	var before []uint8
	for ; len(pixels) >= learning.FramePixels; pixels = pixels[learning.FramePixels:] {
		now := table.indices(pixels[:learning.FramePixels])
		if box := changedBox(before, now); !box.Empty() {
			anim.Image = append(anim.Image, enlarged(now, box, table.colors))
			anim.Delay = append(anim.Delay, 0)
			anim.Disposal = append(anim.Disposal, gif.DisposalNone)
		}
		anim.Delay[len(anim.Delay)-1] += gifDelay
		before = now
	}
	anim.Delay[len(anim.Delay)-1] += gifHold - gifDelay
	return gif.EncodeAll(w, anim)
}

// changedBox is the smallest rectangle outside which two frames are equal; a first
// frame changes everything.
func changedBox(before, now []uint8) image.Rectangle {
	if before == nil {
		return image.Rect(0, 0, Pixels, Pixels)
	}
	var box image.Rectangle
	for i := range now {
		if now[i] != before[i] {
			x, y := i%Pixels, i/Pixels
			box = box.Union(image.Rect(x, y, x+1, y+1))
		}
	}
	return box
}

// enlarged is a part of a frame in its place.
func enlarged(indices []uint8, box image.Rectangle, colors color.Palette) *image.Paletted {
	m := image.NewPaletted(image.Rect(box.Min.X*gifZoom, box.Min.Y*gifZoom, box.Max.X*gifZoom, box.Max.Y*gifZoom), colors)
	for y := range box.Dy() {
		row := m.Pix[y*gifZoom*m.Stride:][:m.Stride]
		for x := range m.Stride {
			row[x] = indices[(box.Min.Y+y)*Pixels+box.Min.X+x/gifZoom]
		}
		for copies := 1; copies < gifZoom; copies++ {
			copy(m.Pix[(y*gifZoom+copies)*m.Stride:], row)
		}
	}
	return m
}
