package devicetest

import (
	"fmt"
	"math"

	"github.com/latco-studio/latco/learning/device"
)

// layerNorm checks layer normalisation. The reference has its moments in float64.
func (s *suite) layerNorm(t T) {
	shapes := [][2]int{{1, 1}, {9, 1}, {1, 2}, {5, 31}, {33, 33}, {130, 40}, {1, 1000}, {3, 4099}, {512, 512}, {4000, 7}, {0, 5}}
	for i, z := range shapes {
		n, d := z[0], z[1]
		tol := 2e-6 * math.Sqrt(float64(n+d+100))
		if d == 1 { // dx is a rounding error, if any, times 1/√ε = 316
			tol *= 10
		}
		t.Run(fmt.Sprintf("%dx%d", n, d), func(t T) {
			s.agree(t, int64(i), tol, func(w *world) {
				l := w.normalised(device.Activation(i%5), w.mat(n, d))
				l.back(w, w.mat(n, d), w.mat(n, d))
				l.back(w, w.mat(n, d), none)
				inPlace := w.mat(n, d)
				l.back(w, inPlace, inPlace)
				inPlace = w.mat(n, d)
				w.LayerNorm(device.Tanh, 1e-5, inPlace, l.gain, l.bias, inPlace, none, w.empty())
			})
		})
	}
	for name, act := range activations {
		t.Run(name, func(t T) {
			s.agree(t, 1, 1e-5, func(w *world) {
				l := w.normalised(act, w.matOf(6, 40, wide(w)))
				l.back(w, w.mat(6, 40), w.mat(6, 40))
			})
		})
	}
	for name, number := range far {
		t.Run(name, func(t T) {
			for i, d := range []int{2, 40, 4099} {
				s.agree(t, int64(i), 1e-5, func(w *world) {
					at := 0
					x := w.matOf(3, d, func(n int) device.Buffer {
						return w.filled(n, func() float32 { at++; return number(at-1, w.NormFloat64()) })
					})
					l := w.normalised(device.Identity, x)
					l.back(w, w.mat(3, d), w.mat(3, d))
				})
			}
		})
	}
	t.Run("moments", s.moments)
	t.Run("closed form", s.normClosedForm)
	t.Run("rows of one number", s.flat)
	t.Run("NaN", s.normOfNaN)
}

// far are rows that lose digits where moments are taken carelessly: the i-th number
// of a buffer, of a standard normal.
var far = map[string]func(i int, normal float64) float32{
	"large means":          func(_ int, x float64) float32 { return float32(1e4 + x) },
	"large means, spacing": func(_ int, x float64) float32 { return float32(1e4 + 0.01*x) }, // float32's steps are 0.001 there
	"very large means":     func(_ int, x float64) float32 { return float32(-1e7 + 30*x) },
	"one large number":     func(i int, x float64) float32 { return float32(1e4*math.Max(0, float64(1-i)) + x) },
	"small numbers":        func(_ int, x float64) float32 { return float32(1e-12 * x) },
}

// normed is a layer norm of x and what it keeps.
type normed struct {
	act        device.Activation
	gain, bias device.Buffer
	y, norm    device.Mat
	inverse    device.Buffer
}

func (w *world) normalised(act device.Activation, x device.Mat) normed {
	n, d := x.Rows, x.Cols
	l := normed{act, w.buffer(d), w.buffer(d), w.mat(n, d), w.mat(n, d), w.buffer(n)}
	w.LayerNorm(act, 1e-5, x, l.gain, l.bias, l.y, l.norm, l.inverse)
	return l
}

// back overwrites gradients that were not numbers.
func (l normed) back(w *world, dy, dx device.Mat) (dgain, dbias device.Buffer) {
	worthless := func() float32 { return nan }
	dgain, dbias = w.filled(l.gain.Len, worthless), w.filled(l.gain.Len, worthless)
	w.LayerNormBackward(l.act, l.y, dy, l.gain, l.norm, l.inverse, dx, dgain, dbias)
	return dgain, dbias
}

// moments: rows of x̂ have mean 0 and variance σ²/(σ²+ε).
func (s *suite) moments(t T) {
	const n, d, epsilon = 4, 1000, 0.5
	w := s.world(t)
	x, norm, inverse := w.buffer(n*d), w.buffer(n*d), w.buffer(n)
	w.LayerNorm(device.ReLU, epsilon, x.Mat(n, d), w.buffer(d), w.buffer(d), w.buffer(n*d).Mat(n, d), norm.Mat(n, d), inverse)
	in, out, inv := w.read(x), w.read(norm), w.read(inverse)
	for i := range n {
		_, variance := meanAndVariance(in[i*d : (i+1)*d])
		if want := 1 / math.Sqrt(variance+epsilon); !close(want, float64(inv[i]), 1e-6) {
			t.Errorf("row %d: inverse %v, want %v", i, inv[i], want)
		}
		mean, got := meanAndVariance(out[i*d : (i+1)*d])
		if want := variance / (variance + epsilon); math.Abs(mean) > 1e-6 || !close(want, got, 1e-5) {
			t.Errorf("row %d has mean %g and variance %g, want 0 and %g", i, mean, got, want)
		}
	}
}

func meanAndVariance(x []float32) (mean, variance float64) {
	for _, v := range x {
		mean += float64(v) / float64(len(x))
	}
	for _, v := range x {
		variance += (float64(v) - mean) * (float64(v) - mean) / float64(len(x))
	}
	return mean, variance
}

// normClosedForm: [1, 3, 1, 3] has mean 2 and deviation 1. With gain g and the
// gradient 1 of its last number alone, dx = g·(e₄ − ¼ − x̂/4).
func (s *suite) normClosedForm(t T) {
	w := s.world(t)
	x, dy, gain, bias := w.buffer(4), w.buffer(4), w.buffer(4), w.buffer(4)
	w.write(x, []float32{1, 3, 1, 3})
	w.write(dy, []float32{0, 0, 0, 1})
	w.write(gain, []float32{2, 2, 5, 4})
	w.write(bias, []float32{1, 0, 0, 0.5})
	y, norm, inverse, dx, dgain, dbias := w.buffer(4), w.buffer(4), w.buffer(1), w.buffer(4), w.buffer(4), w.buffer(4)
	w.LayerNorm(device.Identity, 0, x.Mat(1, 4), gain, bias, y.Mat(1, 4), norm.Mat(1, 4), inverse)
	w.LayerNormBackward(device.Identity, y.Mat(1, 4), dy.Mat(1, 4), gain, norm.Mat(1, 4), inverse, dx.Mat(1, 4), dgain, dbias)
	for _, c := range []struct {
		name string
		b    device.Buffer
		want []float32
	}{
		{"y", y, []float32{-1, 2, -5, 4.5}}, {"norm", norm, []float32{-1, 1, -1, 1}}, {"inverse", inverse, []float32{1}},
		{"dx", dx, []float32{0, -2, 0, 2}}, {"dgain", dgain, []float32{0, 0, 0, 1}}, {"dbias", dbias, []float32{0, 0, 0, 1}},
	} {
		for i, got := range w.read(c.b) {
			if !close(float64(c.want[i]), float64(got), 1e-6) {
				t.Errorf("%s[%d] = %v, want %v", c.name, i, got, c.want[i])
			}
		}
	}
}

// flat: where nothing deviates the layer is its bias, to the bit, and ε stands for
// the variance. What reaches a single column goes nowhere.
func (s *suite) flat(t T) {
	w := s.world(t)
	for _, d := range []int{1, 3, 100, 1021} {
		for _, v := range []float32{0, 0.1, -12345.678, 3e37} {
			x, bias := w.buffer(2*d), w.buffer(d)
			w.Fill(x, v)
			y, norm, inverse, dx := w.buffer(2*d), w.buffer(2*d), w.buffer(2), w.buffer(2*d)
			gain := w.buffer(d)
			w.LayerNorm(device.Identity, 0.25, x.Mat(2, d), gain, bias, y.Mat(2, d), norm.Mat(2, d), inverse)
			w.LayerNormBackward(device.Identity, y.Mat(2, d), w.mat(2, d), gain, norm.Mat(2, d), inverse, dx.Mat(2, d), w.buffer(d), w.buffer(d))
			want := w.read(bias)
			for i, got := range w.read(y) {
				if got != want[i%d] {
					t.Fatalf("%d times %v: y[%d] = %v, want its bias %v", d, v, i, got, want[i%d])
				}
			}
			if got := w.read(inverse)[1]; got != 2 {
				t.Fatalf("%d times %v: inverse %v, want 2", d, v, got)
			}
			for i, got := range w.read(dx) {
				if d == 1 && !close(0, float64(got), 1e-6) {
					t.Fatalf("dx[%d] = %v of one column, want 0", i, got)
				}
			}
		}
	}
}

// normOfNaN: what is not finite spoils its row, and no other.
func (s *suite) normOfNaN(t T) {
	for i, bad := range []float32{nan, float32(math.Inf(1)), float32(math.Inf(-1))} {
		for _, at := range []int{0, 1, 69, 70} {
			s.agree(t, int64(i), 1e-5, func(w *world) {
				x := w.buffer(3 * 71)
				w.Fill(x.Slice(71+at, 72+at), bad)
				l := w.normalised(device.Tanh, x.Mat(3, 71))
				dx := w.buffer(3 * 71)
				l.back(w, w.mat(3, 71), dx.Mat(3, 71))
				y := w.buffer(3 * 71)
				w.CopyMat(y.Mat(3, 71), l.y)
				for j, v := range append(w.read(y), w.read(dx)...) {
					if got, want := math.IsNaN(float64(v)), j/71%3 == 1; got != want {
						t.Fatalf("%v at %d of row 1: number %d of y and dx is %v", bad, at, j, v)
					}
				}
			})
		}
	}
}

func (s *suite) layerNormGradient(t T) {
	for _, act := range []device.Activation{device.Identity, device.ELU, device.Sigmoid, device.Tanh} {
		w := s.world(t)
		const n, d, epsilon = 5, 7, 0.1
		x, gain, bias, c := w.buffer(n*d), w.buffer(d), w.buffer(d), w.buffer(n*d)
		y, norm, inverse := w.buffer(n*d), w.buffer(n*d), w.buffer(n)
		dx, dgain, dbias := w.buffer(n*d), w.buffer(d), w.buffer(d)
		forward := func() float64 {
			w.LayerNorm(act, epsilon, x.Mat(n, d), gain, bias, y.Mat(n, d), norm.Mat(n, d), inverse)
			return w.dot(c, y)
		}
		forward()
		w.LayerNormBackward(act, y.Mat(n, d), c.Mat(n, d), gain, norm.Mat(n, d), inverse, dx.Mat(n, d), dgain, dbias)
		w.slope("x", x, dx, forward)
		w.slope("gain", gain, dgain, forward)
		w.slope("bias", bias, dbias, forward)
	}
}
