package devicetest

import (
	"fmt"
	"math"

	"github.com/latco-studio/latco/learning/device"
)

// sampler checks what a search over sequences is made of.
func (s *suite) sampler(t T) {
	t.Run("Normals", s.streams)
	t.Run("Perturb", func(t T) {
		for i, z := range [][2]int{{1, 1}, {7, 60}, {1000, 60}, {333, 31}, {0, 4}} {
			s.agree(t, int64(i), 1e-6, func(w *world) {
				w.Perturb(w.buffer(z[1]), w.positive(z[1]), w.mat(z[0], z[1]))
			})
		}
		s.agree(t, 9, 0, func(w *world) {
			w.Perturb(w.buffer(3), w.positive(3), w.filled(3, func() float32 { return nan }).Mat(1, 3))
		})
	})
	t.Run("weights", s.weights)
	t.Run("Fit", s.fit)
}

// streams checks that random numbers are the same to the bit on every device, in
// portions and in matrices with gaps.
func (s *suite) streams(t T) {
	for i, z := range [][3]int{{1, 1, 0}, {5, 30, 0}, {5, 30, 7}, {256, 30, 512}, {1000, 17, 3}, {3, 400, 1 << 25}, {2, 65, 1}, {0, 3, 5}} {
		rows, cols, first := z[0], z[1], z[2]
		for _, seed := range []uint64{0, 1, 1<<63 + 12345} {
			s.agree(t, int64(i), 0, func(w *world) {
				w.Normals(seed, seed+1<<35, first, w.mat(rows, cols))
				w.Normals(seed+1, 0, first, w.buffer(rows*cols).Mat(rows, cols))
			})
		}
	}
}

// weights checks both ways to weigh, also where values are equal or not finite.
func (s *suite) weights(t T) {
	draw := map[string]func(w *world, n int) device.Buffer{
		"normal": func(w *world, n int) device.Buffer { return w.buffer(n) },
		"few": func(w *world, n int) device.Buffer {
			return w.filled(n, func() float32 { return float32(w.Intn(3) - 1) })
		},
		"one": func(w *world, n int) device.Buffer { return w.filled(n, func() float32 { return -7 }) },
		"huge": func(w *world, n int) device.Buffer {
			return w.filled(n, func() float32 { return 1e30 * (w.Float32() - 0.5) })
		},
		"zeros": func(w *world, n int) device.Buffer {
			return w.filled(n, func() float32 { return float32(math.Copysign(0, w.Float64()-0.5)) })
		},
		"infinite": func(w *world, n int) device.Buffer { return spoiled(w, n, float32(math.Inf(-1))) },
		"NaN":      func(w *world, n int) device.Buffer { return spoiled(w, n, nan) },
	}
	for name, values := range draw {
		t.Run(name, func(t T) {
			for i, n := range []int{1, 2, 31, 100, 1000, 10_000} {
				s.agree(t, int64(i), 0, func(w *world) {
					for _, k := range []int{1, (n + 9) / 10, n} {
						w.Elites(k, values(w, n), w.buffer(n))
					}
				})
				s.agree(t, int64(i), 1e-5, func(w *world) {
					for _, gamma := range []float32{1e-3, 1, 10} {
						w.Softmax(gamma, values(w, n), w.buffer(n))
					}
				})
			}
		})
	}
}

// spoiled is a buffer with one value among normals.
func spoiled(w *world, n int, v float32) device.Buffer {
	at, i := w.Intn(n), -1
	return w.filled(n, func() float32 {
		if i++; i == at {
			return v
		}
		return w.Float32()
	})
}

func (s *suite) fit(t T) {
	for i, z := range [][2]int{{1, 1}, {2, 60}, {1000, 60}, {10_000, 13}, {100, 257}} {
		n, cols := z[0], z[1]
		t.Run(fmt.Sprintf("%dx%d", n, cols), func(t T) {
			s.agree(t, int64(i), 1e-5, func(w *world) {
				x, weights := w.mat(n, cols), w.buffer(n)
				w.Softmax(1, w.buffer(n), weights)
				w.Fit(weights, x, 0, w.buffer(cols), w.buffer(cols))
				w.Elites((n+9)/10, w.buffer(n), weights)
				w.Fit(weights, x, 1e-6, w.buffer(cols), w.buffer(cols))
			})
			s.agree(t, int64(i), 0, func(w *world) { // nothing is known of anything
				w.Fit(w.filled(n, func() float32 { return nan }), w.mat(n, cols), 1, w.buffer(cols), w.buffer(cols))
			})
		})
	}
	t.Run("no weight, not read", func(t T) {
		s.agree(t, 1, 1e-6, func(w *world) {
			i := -1
			x := w.filled(6, func() float32 {
				if i++; i >= 3 {
					return nan
				}
				return w.Float32()
			})
			weights := w.buffer(2)
			w.Elites(1, w.filled(2, func() float32 { return 1 }), weights)
			w.Fit(weights, x.Mat(2, 3), 0, w.buffer(3), w.buffer(3))
		})
	})
}
