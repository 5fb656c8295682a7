package devicetest

import (
	"fmt"
)

func (s *suite) recurrent(t T) {
	for i, z := range [][2]int{{1, 1}, {1, 200}, {50, 200}, {16, 80}, {7, 33}, {1000, 80}, {0, 8}} {
		n, u := z[0], z[1]
		t.Run(fmt.Sprintf("%dx%d", n, u), func(t T) {
			s.agree(t, int64(i), curves, func(w *world) {
				gx, gh, h := w.matOf(n, 3*u, wide(w)), w.mat(n, 3*u), w.mat(n, u)
				gates := w.mat(n, 3*u)
				w.GRU(gx, gh, h, w.mat(n, u), gates)
				w.GRUBackward(gates, gh, h, w.mat(n, u), w.mat(n, 3*u), w.mat(n, 3*u), w.mat(n, u))
			})
			s.agree(t, int64(i), curves, func(w *world) {
				gx, gh, h := w.matOf(n, 3*u, wide(w)), w.mat(n, 2*u), w.mat(n, u)
				gates := w.mat(n, 3*u)
				w.GRUGates(gx, gh, h, gates, w.mat(n, u))
				w.GRUBlend(gx, w.mat(n, u), h, w.mat(n, u), gates)
				dgx, dh := w.mat(n, 3*u), w.mat(n, u)
				w.GRUBlendBackward(gates, h, w.mat(n, u), dgx, dh)
				w.GRUGatesBackward(gates, h, w.mat(n, u), dgx, dh)
			})
		})
	}
}

func (s *suite) gaussian(t T) {
	for i, z := range [][2]int{{1, 1}, {50, 30}, {320, 30}, {16, 16}, {7, 33}, {2000, 30}, {0, 8}} {
		n, d := z[0], z[1]
		t.Run(fmt.Sprintf("%dx%d", n, d), func(t T) {
			s.agree(t, int64(i), curves, func(w *world) { normals(w, n, d) })
			s.agree(t, int64(i), 2e-6*float64(d), func(w *world) { divergences(w, n, d) })
			s.agree(t, int64(i), 1e-5, func(w *world) {
				x, y := w.buffer(n*d), w.buffer(n*d)
				w.result(w.SquaredError(x, y, 0.3, w.buffer(n*d)))
				w.result(w.SquaredError(x, y, 0.3, w.empty()))
			})
		})
	}
}

// normals runs the sampling kernels with every choice of what is left out.
func normals(w *world, n, d int) {
	raw, eps := w.matOf(n, 2*d, wide(w)), w.mat(n, d)
	w.Normal(raw, 0.1, eps, w.mat(n, d), w.mat(n, d), w.mat(n, d))
	w.Normal(raw, 0, none, w.mat(n, d), w.mat(n, d), none)
	dmean, dstd, dsample := w.mat(n, d), w.mat(n, d), w.mat(n, d)
	for bits := range 8 {
		a, b, c := dmean, dstd, dsample
		if bits&1 != 0 {
			a = none
		}
		if bits&2 != 0 {
			b = none
		}
		if bits&4 != 0 {
			c = none
		}
		w.NormalBackward(raw, eps, a, b, c, w.mat(n, 2*d))
	}
	w.NormalBackward(raw, none, dmean, dstd, none, w.mat(n, 2*d))
}

func divergences(w *world, n, d int) {
	m1, m2 := w.mat(n, d), w.mat(n, d)
	s1, s2 := w.matOf(n, d, w.positive), w.matOf(n, d, w.positive)
	w.KL(m1, s1, m2, s2, w.buffer(n))
	w.KL(m1, s1, m1, s1, w.buffer(n))
	w.KLBackward(0.7, m1, s1, m2, s2, w.mat(n, d), w.mat(n, d), w.mat(n, d), w.mat(n, d))
	w.KLBackward(0.7, m1, s1, m2, s2, none, w.mat(n, d), none, w.mat(n, d))
	w.KLBackwardRows(w.buffer(n), m1, s1, m2, s2, w.mat(n, d), w.mat(n, d), w.mat(n, d), w.mat(n, d))
	w.KLBackwardRows(w.buffer(n), m1, s1, m2, s2, w.mat(n, d), none, w.mat(n, d), none)
}

func (s *suite) optimiser(t T) {
	for i, n := range []int{1, 31, 1000, 100_001, 700_000} {
		t.Run(fmt.Sprint(n), func(t T) {
			s.agree(t, int64(i), 1e-5, func(w *world) { w.result(w.SumSquares(w.buffer(n))) })
			s.agree(t, int64(i), 1e-5, func(w *world) {
				p, m, v := w.buffer(n), w.buffer(n), w.positive(n)
				w.Adam(p, w.buffer(n), m, v, 0.5, 1e-3, 0.9, 0.999, 1e-7, 1)
				w.Adam(p, w.buffer(n), m, v, 1, 1e-3, 0.9, 0.999, 1e-7, 1000)
			})
		})
	}
	t.Run("closed form", func(t T) {
		// From zero moments the first step is lr·sign(g) where eps vanishes.
		s.agree(t, 1, 1e-6, func(w *world) {
			p, m, v := w.buffer(3), w.buffer(3), w.buffer(3)
			w.write(p, []float32{1, 2, 3})
			w.Fill(m, 0)
			w.Fill(v, 0)
			g := w.buffer(3)
			w.write(g, []float32{5, -0.01, 300})
			w.Adam(p, g, m, v, 1, 0.25, 0.9, 0.999, 1e-12, 1)
			for i, want := range []float64{0.75, 2.25, 2.75} {
				if got := w.read(p)[i]; !close(want, float64(got), 1e-4) {
					t.Errorf("p[%d] = %v after the first step, want %v", i, got, want)
				}
			}
		})
	})
}
