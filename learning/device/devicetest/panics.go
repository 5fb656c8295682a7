package devicetest

import (
	"github.com/latco-studio/latco/learning/device"
)

// panics checks that a broken promise about shapes is found before memory is
// touched.
func (s *suite) panics(t T) {
	z := device.ConvShape{N: 2, H: 8, W: 8, In: 3, Out: 4, K: 4, Stride: 2}
	in, out, weights := sizes(z)
	mistakes := map[string]func(w *world){
		"Copy": func(w *world) { w.Copy(w.buffer(3), w.buffer(4)) },
		"Axpy": func(w *world) { w.Axpy(1, w.buffer(3), w.buffer(4)) },
		"Gemm": func(w *world) {
			w.Gemm(false, false, 1, w.mat(3, 4), w.buffer(7).Mat(4, 2), 0, w.mat(3, 2))
		},
		"BiasAct":     func(w *world) { w.BiasAct(device.ReLU, w.buffer(3), w.mat(2, 4)) },
		"activation":  func(w *world) { w.BiasAct(device.Tanh+1, w.buffer(4), w.mat(2, 4)) },
		"ActBackward": func(w *world) { w.ActBackward(device.ReLU, w.mat(2, 4), w.mat(2, 3), w.mat(2, 4)) },
		"ColSum":      func(w *world) { w.ColSum(w.mat(2, 4), 0, w.buffer(3)) },
		"AddMat":      func(w *world) { w.AddMat(w.mat(2, 4), w.mat(4, 2)) },
		"MulRows":     func(w *world) { w.MulRows(w.mat(4, 3), w.mat(1, 3), 0, w.mat(6, 3)) },
		"LayerNorm": func(w *world) {
			w.LayerNorm(device.Tanh, 1e-5, w.mat(2, 4), w.buffer(4), w.buffer(3), w.mat(2, 4), w.mat(2, 4), w.buffer(2))
		},
		"LayerNorm keeps": func(w *world) {
			w.LayerNorm(device.Tanh, 1e-5, w.mat(2, 4), w.buffer(4), w.buffer(4), w.mat(2, 4), w.mat(2, 4), w.buffer(1))
		},
		"LayerNormBackward": func(w *world) {
			w.LayerNormBackward(device.Tanh, w.mat(2, 4), w.mat(2, 4), w.buffer(4), w.mat(2, 4), w.buffer(2),
				w.mat(2, 3), w.buffer(4), w.buffer(4))
		},
		"LayerNormBackward sums": func(w *world) {
			w.LayerNormBackward(device.Tanh, w.mat(2, 4), w.mat(2, 4), w.buffer(4), w.mat(2, 4), w.buffer(2),
				none, w.buffer(4), w.buffer(5))
		},
		"Conv": func(w *world) {
			w.Conv(z, device.ReLU, w.buffer(in-1), w.buffer(weights), w.buffer(z.Out), w.buffer(out))
		},
		"Deconv": func(w *world) {
			w.Deconv(z, device.ReLU, w.buffer(out), w.buffer(weights), w.buffer(z.In), w.buffer(in-1))
		},
		"ConvBackward": func(w *world) {
			w.ConvBackward(z, device.ReLU, w.buffer(in), w.buffer(weights), w.buffer(out), w.buffer(out),
				w.empty(), w.buffer(weights-1), w.buffer(z.Out))
		},
		"Adam": func(w *world) {
			w.Adam(w.buffer(3), w.buffer(4), w.buffer(3), w.buffer(3), 1, 1, 0.9, 0.999, 1e-7, 1)
		},
		"ClippedAdam": func(w *world) {
			one, two := tensors([]int{4}, w.buffer), tensors([]int{5}, w.buffer)
			w.ClippedAdam(device.AdamStep{Rate: w.buffer(1), Norm: w.buffer(1)}, one, two, one, one)
		},
		"GRUGates": func(w *world) {
			w.GRUGates(w.mat(2, 9), w.mat(2, 6), w.mat(2, 3), w.mat(2, 9), w.mat(1, 3))
		},
		"KLBackwardRows": func(w *world) {
			w.KLBackwardRows(w.buffer(1), w.mat(2, 3), w.mat(2, 3), w.mat(2, 3), w.mat(2, 3),
				w.mat(2, 3), w.mat(2, 3), w.mat(2, 3), w.mat(2, 3))
		},
		"Perturb":      func(w *world) { w.Perturb(w.buffer(3), w.buffer(2), w.mat(2, 3)) },
		"Elites":       func(w *world) { w.Elites(4, w.buffer(3), w.buffer(3)) },
		"Softmax":      func(w *world) { w.Softmax(1, w.buffer(3), w.buffer(4)) },
		"Fit":          func(w *world) { w.Fit(w.buffer(3), w.mat(4, 2), 0, w.buffer(2), w.buffer(2)) },
		"SquaredError": func(w *world) { w.SquaredError(w.buffer(3), w.buffer(4), 1, w.empty()) },
	}
	for name, mistake := range mistakes {
		t.Run(name, func(t T) {
			w := s.world(t)
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			mistake(w)
		})
	}
}
