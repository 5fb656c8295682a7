package devicetest

import (
	"fmt"
	"math"

	"github.com/latco-studio/latco/learning/device"
)

var nan = float32(math.NaN())

// gemm checks matrix products over sizes, transpositions and coefficients.
// Both devices sum k products in float32 in orders of their own.
func (s *suite) gemm(t T) {
	sizes := [][3]int{{1, 1, 1}, {1, 600, 230}, {50, 600, 200}, {3, 5, 7}, {17, 33, 65}, {64, 128, 31}, {2, 3, 1}, {130, 300, 70}}
	for i, z := range sizes {
		m, n, k := z[0], z[1], z[2]
		t.Run(fmt.Sprintf("%dx%dx%d", m, n, k), func(t T) {
			for bits := range 4 {
				ta, tb := bits&1 != 0, bits&2 != 0
				for _, coefficients := range [][2]float32{{1, 0}, {1, 1}, {-0.5, 0.25}} {
					s.agree(t, int64(i), 2e-6*float64(k+10), func(w *world) {
						a, b, c := w.mat(m, k), w.mat(k, n), w.mat(m, n)
						if ta {
							a = w.mat(k, m)
						}
						if tb {
							b = w.mat(n, k)
						}
						w.Gemm(ta, tb, coefficients[0], a, b, coefficients[1], c)
					})
				}
			}
		})
	}
	t.Run("beta 0 does not read", func(t T) {
		s.agree(t, 9, 1e-4, func(w *world) {
			c := w.filled(6*8, func() float32 { return nan })
			w.Gemm(false, false, 1, w.mat(6, 5), w.mat(5, 8), 0, c.Mat(6, 8))
		})
	})
	t.Run("no rows", func(t T) {
		s.agree(t, 9, 0, func(w *world) {
			w.Gemm(false, false, 1, w.mat(0, 5), w.mat(5, 8), 0, w.mat(0, 8))
		})
	})
}

var activations = map[string]device.Activation{
	"Identity": device.Identity, "ReLU": device.ReLU, "ELU": device.ELU,
	"Sigmoid": device.Sigmoid, "Tanh": device.Tanh,
}

// wide numbers reach from −100 to 100 and close to 0.
func wide(w *world) func(int) device.Buffer {
	return func(n int) device.Buffer {
		return w.filled(n, func() float32 {
			return float32(w.NormFloat64() * math.Pow(10, float64(w.Intn(7)-5)))
		})
	}
}

// curves is the tolerance of what is made of exponentials, and of its derivatives: two
// or three units in the last place of a result near 1, times gradients of up to 5. The
// PTX, by NVIDIA's functions, comes to a quarter of it.
const curves = 4e-6

func (s *suite) activation(t T) {
	shapes := [][2]int{{1, 1}, {1, 200}, {5, 3}, {5000, 3}, {1600, 31}, {50, 400}, {333, 257}, {0, 4}}
	for name, act := range activations {
		t.Run(name, func(t T) {
			for i, z := range shapes {
				s.agree(t, int64(i), curves, func(w *world) {
					y := w.matOf(z[0], z[1], wide(w))
					w.BiasAct(act, w.buffer(z[1]), y)
					w.BiasAct(act, w.empty(), w.matOf(z[0], z[1], wide(w)))
					w.ActBackward(act, y, w.mat(z[0], z[1]), w.mat(z[0], z[1]))
					inPlace := w.mat(z[0], z[1])
					w.ActBackward(act, y, inPlace, inPlace)
				})
			}
			s.special(t, act)
		})
	}
}

// special checks that NaN is never repaired and that infinities have limits.
func (s *suite) special(t T, act device.Activation) {
	inf := float32(math.Inf(1))
	values := []float32{0, 1e-30, -1e-30, 1e-8, -1e-8, 87, -87, 89, -89, 1000, -1000, -inf, nan}
	s.agree(t, 1, curves, func(w *world) {
		i := 0
		y := w.filled(len(values), func() float32 { i++; return values[i-1] })
		w.BiasAct(act, w.empty(), y.Mat(1, len(values)))
	})
}

// rows checks the kernels that work row by row without a product.
func (s *suite) rows(t T) {
	shapes := [][2]int{{1, 1}, {1, 513}, {31, 3}, {16 * 900, 3}, {4000, 17}, {50, 600}, {640, 200}, {0, 3}}
	for i, z := range shapes {
		r, c := z[0], z[1]
		t.Run(fmt.Sprintf("%dx%d", r, c), func(t T) {
			s.agree(t, int64(i), 1e-6*float64(r+10), func(w *world) {
				x := w.mat(r, c)
				w.ColSum(x, 0, w.filled(c, func() float32 { return nan }))
				w.ColSum(x, 1, w.buffer(c))
				w.ColSum(x, -0.5, w.buffer(c))
			})
			s.agree(t, int64(i), 1e-6, func(w *world) {
				x := w.mat(r, c)
				w.CopyMat(w.mat(r, c), x)
				w.AddMat(w.mat(r, c), x)
			})
		})
	}
	t.Run("MulRows", s.mulRows)
}

func (s *suite) mulRows(t T) {
	for i, z := range [][4]int{{1, 1, 1, 1}, {12, 4, 3, 7}, {6, 1, 6, 33}, {6, 6, 1, 40}, {3000, 200, 15, 31}} {
		rows, src, scale, cols := z[0], z[1], z[2], z[3]
		s.agree(t, int64(i), 1e-6, func(w *world) {
			a, b := w.mat(src, cols), w.mat(scale, cols)
			w.MulRows(a, b, 0, w.matOf(rows, cols, func(n int) device.Buffer {
				return w.filled(n, func() float32 { return nan })
			}))
			w.MulRows(a, b, 0.5, w.mat(rows, cols))
			inPlace := w.mat(rows, cols)
			w.MulRows(inPlace, b, 0, inPlace)
		})
	}
}
