package ptx_test

import (
	"fmt"
	"maps"
	"math"
	"testing"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/device/cuda/kernels"
	"github.com/latco-studio/latco/learning/device/cuda/kernels/ptx"
	"github.com/latco-studio/latco/learning/device/devicetest"
	"github.com/latco-studio/latco/learning/device/purego"
)

// tiles runs products by all tiles, in two orders of everything that has none, and
// compares the bits of both, and the numbers with the reference.
func tiles(t *testing.T, p *ptx.Program, tf32 bool) map[kernels.Kernel]int {
	launched := map[kernels.Kernel]int{}
	for _, s := range scenarios() {
		if tf32 && s.name == "search" {
			continue // it has no products
		}
		t.Run(s.name, func(t *testing.T) {
			want := play(t, purego.New(), s.run)
			var first [][]float32
			for seed := range int64(2) {
				d := ptx.NewDevice(p, seed)
				d.TF32 = tf32
				got := play(t, d, s.run)
				maps.Copy(launched, d.Launches)
				if first == nil {
					first = got
				}
				for b := range got {
					agree(t, b, want[b], got[b], first[b], tf32)
				}
			}
		})
		if slow {
			break
		}
	}
	// Rows of any length, some aligned to a quad, some to nothing.
	for i, s := range []struct{ m, n, k int }{{132, 200, 7200}, {131, 200, 7203}, {70, 67, 3840}, {71, 66, 3841}} {
		for j := range 4 {
			if slow || !*long && i < 2 && (j < 2) != (i == 1) {
				continue
			}
			t.Run(fmt.Sprintf("parts of %v, transposed %02b", s, j), func(t *testing.T) {
				maps.Copy(launched, beginning(t, p, tf32, s.m, s.n, s.k, j >= 2, j%2 == 1))
			})
		}
	}
	return launched
}

// agree compares a buffer with the reference's and with that of another order. TF32
// rounds factors to 10 bits of mantissa; in a chain of products errors are those of
// sums and are measured by the size of the whole (what they are: package kernelstest).
func agree(t *testing.T, b int, want, got, first []float32, tf32 bool) {
	t.Helper()
	var square, size float64
	for i, x := range got {
		if math.Float32bits(x) != math.Float32bits(first[i]) {
			t.Fatalf("buffer %d [%d]: %v, in another order %v", b, i, first[i], x)
		}
		off := float64(x) - float64(want[i])
		if !tf32 && !(math.Abs(off) <= 1e-3*math.Max(1, math.Abs(float64(want[i])))) {
			t.Fatalf("buffer %d [%d]: %v, the reference has %v", b, i, x, want[i])
		}
		square += off * off
		size += float64(want[i]) * float64(want[i])
	}
	if off := math.Sqrt(square / size); !(off < 1e-2) {
		t.Errorf("buffer %d is off by %.2g of its size", b, off)
	}
}

type scenario struct {
	name string
	run  func(w *bench)
}

// scenarios need every tile but the two that only many rows and columns need; and a
// search.
func scenarios() []scenario {
	list := []scenario{
		{"convolution, many channels", conv(device.ConvShape{N: 2, H: 6, W: 5, In: 20, Out: 68, K: 4, Stride: 2}, device.ReLU)},
		{"convolution, 64 channels", conv(device.ConvShape{N: 1, H: 7, W: 9, In: 20, Out: 64, K: 5, Stride: 2}, device.ELU)},
		{"convolution, odd", conv(device.ConvShape{N: 7, H: 8, W: 9, In: 3, Out: 7, K: 5, Stride: 3}, device.Tanh)},
		{"convolution without a tap for some pixels", conv(device.ConvShape{N: 2, H: 9, W: 8, In: 4, Out: 4, K: 2, Stride: 3}, device.Sigmoid)},
	}
	list = append(list, scenario{"search", func(w *bench) {
		x, weights := w.Buffer(1100), w.Buffer(1100)
		w.Elites(13, x, weights)
		w.Fit(weights, w.Mat(1100, 7), 0.1, w.Buffer(7), w.Buffer(7))
		w.Softmax(3, x, w.Buffer(1100))
	}})
	for i, name := range []string{"nn", "nt", "tn", "tt"} {
		list = append(list, scenario{name + ", small", gemm(35, 41, 101, i >= 2, i%2 == 1)}, scenario{name + ", split", gemm(3, 5, 1100, i >= 2, i%2 == 1)})
	}
	return list
}

func gemm(m, n, k int, ta, tb bool) func(*bench) {
	return func(w *bench) {
		a, b := w.Mat(m, k), w.Mat(k, n)
		if ta {
			a = w.Mat(k, m)
		}
		if tb {
			b = w.Mat(n, k)
		}
		c, bias := w.Mat(m, n), w.Buffer(n)
		w.Gemm(ta, tb, 0.5, a, b, 0.5, c)
		w.BiasAct(device.ELU, bias, c)
	}
}

func conv(z device.ConvShape, act device.Activation) func(*bench) {
	return func(w *bench) { w.Convolutions(z, act) }
}

type bench = devicetest.Bench

func play(t *testing.T, dev device.Device, scenario func(*bench)) [][]float32 {
	t.Helper()
	return devicetest.Play(devicetest.Test(t), dev, scenario)
}

// head is a stream that executes the first blocks of a product whose depth is split:
// blocks are alike, and a product that needs large tiles has many.
type head struct {
	*ptx.Device
	scratch uintptr
	depth   int // of a part
}

const headParts = 2

func (h *head) Launch(k kernels.Kernel, grid, block kernels.Dim, shared int, params []uint64) {
	if k.String() == "sum_parts" {
		return
	}
	h.depth = int(params[len(params)-1] >> 32) // the last field of Gemm in params.h
	grid.Z = min(grid.Z, headParts)
	h.Device.Launch(k, grid, block, shared, params)
}

func (h *head) Scratch(n int) uintptr {
	h.scratch = h.Device.Scratch(n)
	return h.scratch
}

// beginning compares the first parts of a large product with the reference's
// product of as many columns.
func beginning(t *testing.T, p *ptx.Program, tf32 bool, m, n, k int, ta, tb bool) map[kernels.Kernel]int {
	h := &head{Device: ptx.NewDevice(p, 3)}
	math := kernels.Math{Stream: h, TF32: tf32}
	w := devicetest.NewBench(devicetest.Test(t), h.Device, 6)
	a, b := w.Mat(m, k), w.Mat(k, n)
	if ta {
		a = w.Mat(k, m)
	}
	if tb {
		b = w.Mat(n, k)
	}
	math.Gemm(ta, tb, 1, a, b, 0, w.Mat(m, n))
	got := make([]float32, headParts*m*n)
	if err := h.Download(got, device.Buffer{Addr: h.scratch, Len: len(got)}); err != nil {
		t.Fatal(err)
	}
	for part := range headParts {
		want := partial(t, h, a, b, ta, tb, part*h.depth, min(k, (part+1)*h.depth))
		one := got[part*m*n : (part+1)*m*n]
		agree(t, part, want, one, one, tf32)
	}
	return h.Launches
}

// partial is the reference's product over the depths [lo, hi).
func partial(t *testing.T, h *head, a, b device.Mat, ta, tb bool, lo, hi int) []float32 {
	ref := purego.New()
	w := devicetest.NewBench(devicetest.Test(t), ref, 1)
	upload := func(m device.Mat, along bool) device.Mat {
		host := make([]float32, m.Rows*m.Cols)
		if err := h.Download(host, m.Buffer); err != nil {
			t.Fatal(err)
		}
		to := w.Mat(m.Rows, m.Cols)
		if err := ref.Upload(to.Buffer, host); err != nil {
			t.Fatal(err)
		}
		if along {
			return to.RowRange(lo, hi)
		}
		return to.ColRange(lo, hi)
	}
	x, y := upload(a, ta), upload(b, !tb)
	rows, cols := a.Rows, b.Cols
	if ta {
		rows = a.Cols
	}
	if tb {
		cols = b.Rows
	}
	c := w.Mat(rows, cols)
	ref.Gemm(ta, tb, 1, x, y, 0, c)
	out := make([]float32, rows*cols)
	if err := ref.Download(out, c.Buffer); err != nil {
		t.Fatal(err)
	}
	return out
}
