package demo

import (
	"image"
	"image/color"
	"math"

	"github.com/latco-studio/latco/app/ui/paint"
)

var (
	ground = color.RGBA{0x30, 0x3a, 0x49, 255}
	lines  = color.RGBA{0x3a, 0x45, 0x55, 255}
	goals  = color.RGBA{0x75, 0x7f, 0x8d, 255}
	orange = color.RGBA{0xff, 0x8c, 0x3a, 255}
)

// picture is 64×64: two goals and a ball at (x, y) ∈ [−1, 1]², y up, as sharp
// as it is opaque.
func picture(x, y, opaque float64) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, 64, 64))
	paint.Fill(img, img.Rect, ground)
	for i := 8; i < 64; i += 8 {
		paint.Fill(img, image.Rect(i, 0, i+1, 64), lines)
		paint.Fill(img, image.Rect(0, i, 64, i+1), lines)
	}
	disc(img, 32-24, 32-20, 8, goals, 1)
	disc(img, 32+24, 32-20, 8, goals, 1)
	disc(img, 32+30*x, 32-30*y, 4, orange, opaque)
	return img
}

func disc(img *image.RGBA, cx, cy, r float64, c color.RGBA, opaque float64) {
	for j := int(cy - r - 1); j <= int(cy+r+1); j++ {
		for i := int(cx - r - 1); i <= int(cx+r+1); i++ {
			d := math.Hypot(float64(i)+0.5-cx, float64(j)+0.5-cy)
			a := min(max(r+0.5-d, 0), 1) * opaque
			paint.Blend(img, i, j, c, uint32(255*a))
		}
	}
}

// paintScene is a sky over a chequered floor that turns with the camera.
func paintScene(dst *image.RGBA, angle, x, y float64) {
	width, height := dst.Rect.Dx(), dst.Rect.Dy()
	w, h := float64(width), float64(height)
	horizon := int(0.3 * h)
	for j := range height {
		if j < horizon {
			u := float64(j) / float64(horizon)
			paint.Fill(dst, image.Rect(0, j, width, j+1), color.RGBA{uint8(90 + 60*u), uint8(120 + 50*u), uint8(160 + 35*u), 255})
			continue
		}
		depth := 0.5 * h / (float64(j-horizon) + 8)
		for i := 0; i < width; i += 4 {
			side := (float64(i) - w/2) / h * depth * 2
			a, b := side*math.Cos(angle)-depth*math.Sin(angle), side*math.Sin(angle)+depth*math.Cos(angle)
			c := color.RGBA{0x2c, 0x3d, 0x58, 255}
			if (int(math.Floor(2*a))+int(math.Floor(2*b)))%2 == 0 {
				c = color.RGBA{0x3e, 0x53, 0x75, 255}
			}
			paint.Fill(dst, image.Rect(i, j, i+4, j+1), c)
		}
	}
	disc(dst, w*(0.5-0.25), h*0.55, h/12, goals, 0.8)
	disc(dst, w*(0.5+0.25), h*0.55, h/12, goals, 0.8)
	disc(dst, w*(0.5+0.3*x), h*(0.72-0.2*y), h/28, orange, 1)
}
