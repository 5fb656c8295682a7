// Package paint draws into RGBA images that are reused from frame to frame:
// rectangles, scaled pictures, smooth curves and the cividis colour map. It is
// pure Go, knows no window and leaves no garbage behind.
package paint

import (
	"image"
	"image/color"
)

// Sized returns an image of w×h pixels: img itself if it fits, else img with
// its pixels regrown. The content is undefined after a change of size.
func Sized(img *image.RGBA, w, h int) *image.RGBA {
	w, h = max(w, 1), max(h, 1)
	if img == nil {
		return image.NewRGBA(image.Rect(0, 0, w, h))
	}
	if img.Rect.Dx() == w && img.Rect.Dy() == h {
		return img
	}
	if n := 4 * w * h; cap(img.Pix) >= n {
		img.Pix = img.Pix[:n]
	} else {
		img.Pix = make([]uint8, n)
	}
	img.Stride, img.Rect = 4*w, image.Rect(0, 0, w, h)
	return img
}

// Opaque drops the transparency of a colour and gives its 8-bit components.
func Opaque(c color.Color) color.RGBA {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	return color.RGBA{n.R, n.G, n.B, 255}
}

// Fill covers r ∩ dst with an opaque colour.
func Fill(dst *image.RGBA, r image.Rectangle, c color.RGBA) {
	r = r.Intersect(dst.Rect)
	if r.Empty() {
		return
	}
	first := dst.Pix[dst.PixOffset(r.Min.X, r.Min.Y):][:4*r.Dx()]
	for i := 0; i < len(first); i += 4 {
		first[i], first[i+1], first[i+2], first[i+3] = c.R, c.G, c.B, 255
	}
	for y := r.Min.Y + 1; y < r.Max.Y; y++ {
		copy(dst.Pix[dst.PixOffset(r.Min.X, y):], first)
	}
}

// Blend mixes c into the pixel at (x, y) with weight a of 255.
func Blend(dst *image.RGBA, x, y int, c color.RGBA, a uint32) {
	if a == 0 || !(image.Point{X: x, Y: y}).In(dst.Rect) {
		return
	}
	p := dst.Pix[dst.PixOffset(x, y):][:4]
	p[0] = mix(p[0], c.R, a)
	p[1] = mix(p[1], c.G, a)
	p[2] = mix(p[2], c.B, a)
	p[3] = 255
}

func mix(under, over uint8, a uint32) uint8 {
	return uint8((uint32(under)*(255-a) + uint32(over)*a + 127) / 255)
}

// Frame draws the outline of r, one pixel wide and inside it.
func Frame(dst *image.RGBA, r image.Rectangle, c color.RGBA) {
	Fill(dst, image.Rect(r.Min.X, r.Min.Y, r.Max.X, r.Min.Y+1), c)
	Fill(dst, image.Rect(r.Min.X, r.Max.Y-1, r.Max.X, r.Max.Y), c)
	Fill(dst, image.Rect(r.Min.X, r.Min.Y, r.Min.X+1, r.Max.Y), c)
	Fill(dst, image.Rect(r.Max.X-1, r.Min.Y, r.Max.X, r.Max.Y), c)
}

// Round takes the corners off r: pixels outside a circle of that radius get the
// colour of what lies around.
func Round(dst *image.RGBA, r image.Rectangle, radius int, around color.RGBA) {
	for j := range radius {
		for i := range radius {
			dx, dy := float64(radius)-float64(i)-0.5, float64(radius)-float64(j)-0.5
			a := uint32(255 * clamp01(hypot(dx, dy)-float64(radius)+0.5))
			Blend(dst, r.Min.X+i, r.Min.Y+j, around, a)
			Blend(dst, r.Max.X-1-i, r.Min.Y+j, around, a)
			Blend(dst, r.Min.X+i, r.Max.Y-1-j, around, a)
			Blend(dst, r.Max.X-1-i, r.Max.Y-1-j, around, a)
		}
	}
}
