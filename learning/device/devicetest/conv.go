package devicetest

import (
	"fmt"

	"github.com/latco-studio/latco/learning/device"
)

// shapes has the layers of the PlaNet networks at a few images, odd shapes, and
// images larger than the kernels reach.
var shapes = []device.ConvShape{
	{N: 1, H: 1, W: 1, In: 1, Out: 1, K: 1, Stride: 1},
	{N: 2, H: 64, W: 64, In: 3, Out: 16, K: 4, Stride: 2},
	{N: 3, H: 31, W: 31, In: 16, Out: 32, K: 4, Stride: 2},
	{N: 1, H: 14, W: 14, In: 32, Out: 64, K: 4, Stride: 2},
	{N: 5, H: 6, W: 6, In: 64, Out: 128, K: 4, Stride: 2},
	{N: 4, H: 5, W: 5, In: 64, Out: 256, K: 5, Stride: 2},
	{N: 1, H: 13, W: 13, In: 64, Out: 128, K: 5, Stride: 2},
	{N: 3, H: 30, W: 30, In: 16, Out: 32, K: 6, Stride: 2},
	{N: 2, H: 64, W: 64, In: 3, Out: 32, K: 6, Stride: 2},
	{N: 1, H: 64, W: 64, In: 3, Out: 16, K: 6, Stride: 2},
	{N: 7, H: 9, W: 12, In: 2, Out: 5, K: 3, Stride: 2},
	{N: 2, H: 11, W: 8, In: 17, Out: 3, K: 4, Stride: 3},
	{N: 2, H: 10, W: 9, In: 3, Out: 7, K: 3, Stride: 1},
	{N: 2, H: 8, W: 8, In: 3, Out: 20, K: 6, Stride: 2},
	{N: 2, H: 7, W: 7, In: 3, Out: 20, K: 6, Stride: 2},
	{N: 3, H: 9, W: 7, In: 5, Out: 4, K: 2, Stride: 2},
	{N: 3, H: 4, W: 6, In: 5, Out: 4, K: 4, Stride: 2},
}

// conv compares the four convolution kernels. Sums of thousands of products in
// float32 differ by their order.
func (s *suite) conv(t T) {
	acts := []device.Activation{device.ReLU, device.Identity, device.ELU, device.Tanh, device.Sigmoid}
	for i, z := range shapes {
		act := acts[i%len(acts)]
		t.Run(fmt.Sprintf("%dx%dx%dx%d to %d k%d s%d", z.N, z.H, z.W, z.In, z.Out, z.K, z.Stride), func(t T) {
			s.agree(t, int64(i), 1e-3, func(w *world) { convolution(w, z, act) })
			s.agree(t, int64(i), 1e-3, func(w *world) { transposed(w, z, act) })
		})
	}
}

// convolution runs a layer forward and back, with and without the options.
func convolution(w *world, z device.ConvShape, act device.Activation) {
	in, out, weights := sizes(z)
	x, k, b, y := w.buffer(in), w.small(weights), w.buffer(z.Out), w.buffer(out)
	w.Conv(z, device.Identity, x, k, w.empty(), w.buffer(out))
	w.Conv(z, act, x, k, b, y)
	dy := w.buffer(out)
	w.ConvBackward(z, act, x, k, y, dy, w.buffer(in), w.buffer(weights), w.buffer(z.Out))
	w.ConvBackward(z, act, x, k, y, dy, w.empty(), w.buffer(weights), w.buffer(z.Out))
}

func transposed(w *world, z device.ConvShape, act device.Activation) {
	in, out, weights := sizes(z)
	x, k, b, y := w.buffer(out), w.small(weights), w.buffer(z.In), w.buffer(in)
	w.Deconv(z, device.Identity, x, k, w.empty(), w.buffer(in))
	w.Deconv(z, act, x, k, b, y)
	dy := w.buffer(in)
	w.DeconvBackward(z, act, x, k, y, dy, w.buffer(out), w.buffer(weights), w.buffer(z.In))
	w.DeconvBackward(z, act, x, k, y, dy, w.empty(), w.buffer(weights), w.buffer(z.In))
}

// small is n numbers of the size of a network's weights.
func (w *world) small(n int) device.Buffer {
	return w.filled(n, func() float32 { return float32(0.05 * w.NormFloat64()) })
}

func sizes(z device.ConvShape) (in, out, weights int) {
	return z.N * z.H * z.W * z.In, z.N * z.OutH() * z.OutW() * z.Out, z.K * z.K * z.In * z.Out
}
