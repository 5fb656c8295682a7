package paint

import (
	"image"
	"image/color"
	"math"
)

// Pen draws smooth curves. It collects the coverage of a whole curve before it
// colours anything, so joints are no darker than the rest. The zero value is
// ready.
type Pen struct {
	cover []uint8
	box   image.Rectangle // where cover is
}

// Vec is a point in pixels; (0, 0) is the corner of the first pixel.
type Vec struct{ X, Y float64 }

// Curve draws straight pieces through the points, width pixels wide, inside
// clip. Points that are not finite break the curve.
func (p *Pen) Curve(dst *image.RGBA, clip image.Rectangle, points []Vec, width float64, c color.RGBA) {
	p.begin(clip.Intersect(dst.Rect))
	if p.box.Empty() || len(points) == 0 {
		return
	}
	last, has := Vec{}, false
	for _, q := range points {
		ok := finite(q.X) && finite(q.Y)
		if ok {
			if !has {
				last = q
			}
			p.piece(last, q, width/2)
		}
		last, has = q, ok
	}
	p.colour(dst, c)
}

func (p *Pen) begin(box image.Rectangle) {
	p.box = box
	n := box.Dx() * box.Dy()
	if cap(p.cover) < n {
		p.cover = make([]uint8, n)
	}
	p.cover = p.cover[:n]
	clear(p.cover)
}

// piece raises the coverage near the segment a–b, half pixels to each side. It
// visits, column by column, only the rows that the segment can touch.
func (p *Pen) piece(a, b Vec, half float64) {
	if a.X > b.X {
		a, b = b, a
	}
	reach := half + 1
	x0 := max(int(a.X-reach), p.box.Min.X)
	x1 := min(int(b.X+reach)+1, p.box.Max.X)
	dx, dy := b.X-a.X, b.Y-a.Y
	length2 := dx*dx + dy*dy
	for x := x0; x < x1; x++ {
		lo, hi := span(a, b, float64(x)-reach, float64(x)+1+reach)
		y0 := max(int(math.Floor(lo-reach)), p.box.Min.Y)
		y1 := min(int(math.Ceil(hi+reach))+1, p.box.Max.Y)
		for y := y0; y < y1; y++ {
			px, py := float64(x)+0.5-a.X, float64(y)+0.5-a.Y
			t := 0.0
			if length2 > 0 {
				t = clamp01((px*dx + py*dy) / length2)
			}
			v := uint8(255 * clamp01(half+0.5-hypot(px-t*dx, py-t*dy)))
			at := &p.cover[(y-p.box.Min.Y)*p.box.Dx()+x-p.box.Min.X]
			*at = max(*at, v)
		}
	}
}

// span gives the lowest and highest y of the segment between two columns.
func span(a, b Vec, left, right float64) (lo, hi float64) {
	if b.X-a.X < 1e-9 {
		return min(a.Y, b.Y), max(a.Y, b.Y)
	}
	slope := (b.Y - a.Y) / (b.X - a.X)
	y0 := a.Y + slope*(max(left, a.X)-a.X)
	y1 := a.Y + slope*(min(right, b.X)-a.X)
	return min(y0, y1), max(y0, y1)
}

func (p *Pen) colour(dst *image.RGBA, c color.RGBA) {
	i := 0
	for y := p.box.Min.Y; y < p.box.Max.Y; y++ {
		for x := p.box.Min.X; x < p.box.Max.X; x++ {
			if p.cover[i] > 0 {
				Blend(dst, x, y, c, uint32(p.cover[i]))
			}
			i++
		}
	}
}

// Dashes draws a vertical or horizontal line of 3-pixel dashes from (x, y) on.
func Dashes(dst *image.RGBA, x, y, length int, vertical bool, c color.RGBA) {
	for i := range length {
		if i%6 > 2 {
			continue
		}
		if vertical {
			Blend(dst, x, y+i, c, 255)
		} else {
			Blend(dst, x+i, y, c, 255)
		}
	}
}

func finite(v float64) bool      { return !math.IsNaN(v) && !math.IsInf(v, 0) }
func clamp01(v float64) float64  { return min(max(v, 0), 1) }
func hypot(x, y float64) float64 { return math.Sqrt(x*x + y*y) }
