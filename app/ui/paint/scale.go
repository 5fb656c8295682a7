package paint

import "image"

// Scaler draws pictures at another size by exact area coverage: shrinking
// averages, enlarging keeps every source pixel a sharp square. The zero value is
// ready; it keeps the tap tables of the last sizes, so a row of equal frames
// computes them once.
type Scaler struct {
	x, y taps
}

// taps say which source pixels make up each target pixel, in 1/256.
type taps struct {
	from, to int
	first    []int
	weight   [][]uint32
}

// Draw fills r of dst with src. The part of r outside dst is left out.
func (s *Scaler) Draw(dst *image.RGBA, r image.Rectangle, src *image.RGBA) {
	if src == nil || src.Rect.Empty() || r.Empty() {
		return
	}
	s.x.prepare(src.Rect.Dx(), r.Dx())
	s.y.prepare(src.Rect.Dy(), r.Dy())
	in := r.Intersect(dst.Rect)
	for y := in.Min.Y; y < in.Max.Y; y++ {
		out := dst.Pix[dst.PixOffset(in.Min.X, y):][:4*in.Dx()]
		s.row(out, in.Min.X-r.Min.X, y-r.Min.Y, src)
	}
}

func (s *Scaler) row(out []uint8, x, y int, src *image.RGBA) {
	wy, y0 := s.y.weight[y], s.y.first[y]
	for i := 0; i < len(out); i += 4 {
		var red, green, blue uint32
		wx, x0 := s.x.weight[x], s.x.first[x]
		for j, b := range wy {
			p := src.Pix[(y0+j)*src.Stride+4*x0:]
			for k, a := range wx {
				w := a * b
				red += w * uint32(p[4*k])
				green += w * uint32(p[4*k+1])
				blue += w * uint32(p[4*k+2])
			}
		}
		out[i], out[i+1], out[i+2], out[i+3] = uint8((red+1<<15)>>16), uint8((green+1<<15)>>16), uint8((blue+1<<15)>>16), 255
		x++
	}
}

// prepare fills the table for shrinking or enlarging from pixels to to pixels.
func (t *taps) prepare(from, to int) {
	if t.from == from && t.to == to {
		return
	}
	t.from, t.to = from, to
	t.first, t.weight = make([]int, to), make([][]uint32, to)
	for d := range to {
		// Target pixel d covers [d·from, (d+1)·from) in units of 1/to source pixels.
		lo, hi := d*from, (d+1)*from
		first, last := lo/to, (hi-1)/to
		w := make([]uint32, last-first+1)
		rest := uint32(256)
		for i := range w {
			a, b := max(lo, (first+i)*to), min(hi, (first+i+1)*to)
			w[i] = uint32(256 * (b - a) / from)
			rest -= w[i]
		}
		w[len(w)/2] += rest
		t.first[d], t.weight[d] = first, w
	}
}
