package devicetest

import (
	"math/rand"

	"github.com/latco-studio/latco/learning/device"
)

// Bench is a device in a test of how its kernels are chosen or run, with numbers from
// one seed in buffers of exactly their length.
type Bench struct {
	device.Device
	*rand.Rand
	T       T
	buffers []device.Buffer
}

// NewBench is an empty bench. What Play does beside running a scenario is its user's.
func NewBench(t T, dev device.Device, seed int64) *Bench {
	return &Bench{Device: dev, Rand: rand.New(rand.NewSource(seed)), T: t}
}

// Play runs a scenario and returns what its buffers hold.
func Play(t T, dev device.Device, scenario func(w *Bench)) [][]float32 {
	t.Helper()
	w := NewBench(t, dev, 5)
	scenario(w)
	var out [][]float32
	for _, b := range w.buffers {
		host := make([]float32, b.Len)
		if err := dev.Download(host, b); err != nil {
			t.Fatal(err)
		}
		out = append(out, host)
		dev.Free(b)
	}
	if err := dev.Sync(); err != nil {
		t.Fatal(err)
	}
	return out
}

// Buffer is n numbers from N(0, 1).
func (w *Bench) Buffer(n int) device.Buffer {
	b, err := w.Alloc(n)
	if err != nil {
		w.T.Fatal(err)
	}
	host := make([]float32, n)
	for i := range host {
		host[i] = float32(w.NormFloat64())
	}
	if err := w.Upload(b, host); err != nil {
		w.T.Fatal(err)
	}
	w.buffers = append(w.buffers, b)
	return b
}

// Mat is Buffer as a matrix.
func (w *Bench) Mat(rows, cols int) device.Mat { return w.Buffer(rows*cols).Mat(rows, cols) }

// Convolutions are a convolution and the one that reverses it, with their gradients.
func (w *Bench) Convolutions(z device.ConvShape, act device.Activation) {
	image, small, weights := z.N*z.H*z.W*z.In, z.N*z.OutH()*z.OutW()*z.Out, z.K*z.K*z.In*z.Out
	x, k, y := w.Buffer(image), w.Buffer(weights), w.Buffer(small)
	w.Conv(z, act, x, k, w.Buffer(z.Out), y)
	w.ConvBackward(z, act, x, k, y, w.Buffer(small), w.Buffer(image), w.Buffer(weights), w.Buffer(z.Out))
	w.Deconv(z, act, y, k, w.Buffer(z.In), x)
	w.DeconvBackward(z, act, y, k, x, w.Buffer(image), w.Buffer(small), w.Buffer(weights), w.Buffer(z.In))
}

// Scan is a scan and its gradient, of a device.Scanner, with weights made by the caller.
func (w *Bench) Scan(s device.ScanShape, weights func(rows, cols int) device.Mat) {
	x := newScanned(w.Device, s, weights, w.Mat, w.Buffer)
	x.forward()
	x.backward()
}
