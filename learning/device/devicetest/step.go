package devicetest

import (
	"math"
	"slices"

	"github.com/latco-studio/latco/learning/device"
)

// step checks what ends a training step.
func (s *suite) step(t T) {
	t.Run("MeanSquaredError", func(t T) {
		for i, n := range []int{1, 33, 4096, 100_003} {
			s.agree(t, int64(i), 1e-5, func(w *world) {
				x, y := w.buffer(n), w.buffer(n)
				w.MeanSquaredError(x, y, 3, 0.25, w.buffer(n), w.buffer(1))
				w.MeanSquaredError(x, y, 50, 0.25, w.empty(), w.buffer(1))
			})
		}
	})
	t.Run("Scale", func(t T) {
		for i, n := range []int{1, 33, 100_003, 0} {
			for _, by := range []float32{1, 4, 0, nan} {
				s.agree(t, int64(i), 1e-6, func(w *world) {
					w.Scale(w.filled(1, func() float32 { return by }), w.buffer(n))
				})
			}
		}
	})
	sizes := []int{1, 200, 0, 36_000, 3, 4096, 7}
	t.Run("Norm", func(t T) {
		s.agree(t, 1, 1e-5, func(w *world) {
			w.Norm(tensors(sizes, w.buffer), w.buffer(1))
			w.Norm(tensors(slices.Repeat([]int{5}, 70), w.buffer), w.buffer(1))
			w.Norm(nil, w.buffer(1))
		})
	})
	for name, guard := range map[string][]float32{"free": nil, "finite": {1, -3e38}, "infinite": {1, float32(math.Inf(1))}, "NaN": {nan, 0}} {
		t.Run("ClippedAdam guard "+name, func(t T) {
			for i, clip := range []float32{1000, 1} {
				s.agree(t, int64(i), 1e-5, func(w *world) { clipped(w, sizes, clip, guard) })
				s.agree(t, int64(i), 1e-5, func(w *world) { clipped(w, slices.Repeat([]int{9}, 70), clip, guard) })
			}
		})
	}
}

// clipped is two steps, so that the moments of the first count.
func clipped(w *world, sizes []int, clip float32, guard []float32) {
	i := -1
	s := device.AdamStep{Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-7, ClipNorm: clip, Rate: w.buffer(1), Norm: w.buffer(1),
		Guard: w.filled(len(guard), func() float32 { i++; return guard[i] })}
	p, g, m, v := tensors(sizes, w.buffer), tensors(sizes, w.buffer), tensors(sizes, w.buffer), tensors(sizes, w.positive)
	for step := range 2 {
		w.write(s.Rate, []float32{1e-3 / float32(step+1)})
		w.Norm(g, s.Norm)
		w.ClippedAdam(s, p, g, m, v)
	}
}

func tensors(sizes []int, fill func(n int) device.Buffer) []device.Buffer {
	var out []device.Buffer
	for _, n := range sizes {
		out = append(out, fill(n))
	}
	return out
}
