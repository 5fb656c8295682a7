//go:build linux && cgo

package kernelstest

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"unsafe"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/device/cuda/kernels"
	"github.com/latco-studio/latco/learning/device/devicetest"
	"github.com/latco-studio/latco/learning/device/purego"
)

// TestDevice runs the conformance suite.
func TestDevice(t *testing.T) {
	dev := New()
	devicetest.Run(t, dev, purego.New())
	if err := dev.Close(); err != nil {
		t.Error(err)
	}
}

// work is an operation whose kernels the test below wants to see, on shapes that
// need them.
type work struct {
	name    string
	kernels []string
	tol     float64
	run     func(w *bench)
}

type bench = devicetest.Bench

func play(t *testing.T, dev device.Device, scenario func(*bench)) [][]float32 {
	t.Helper()
	return devicetest.Play(devicetest.Test(t), dev, scenario)
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
		w.Gemm(ta, tb, 0.5, a, b, 0.5, w.Mat(m, n))
	}
}

func conv(z device.ConvShape, act device.Activation) func(*bench) {
	return func(w *bench) { w.Convolutions(z, act) }
}

func works() []work {
	var list []work
	for i, name := range []string{"nn", "nt", "tn", "tt"} {
		ta, tb := i >= 2, i%2 == 1
		list = append(list,
			work{name + " large", []string{"gemm_" + name + "_large", "sum_parts"}, 2e-3, gemm(132, 200, 7200, ta, tb)},
			work{name + " medium", []string{"gemm_" + name + "_medium", "sum_parts"}, 2e-4, gemm(70, 67, 4600, ta, tb)},
			work{name + " small", []string{"gemm_" + name + "_small"}, 2e-5, gemm(50, 60, 200, ta, tb)},
			work{name + " small, split", []string{"gemm_" + name + "_small", "sum_parts"}, 2e-4, gemm(3, 5, 3000, ta, tb)},
		)
	}
	for bits, stride := range []int{27_671, 27_674} { // rows of single numbers, of pairs
		name := [...]string{"gemm_nn_large", "gemm_nt_large"}[bits]
		list = append(list, work{name + ", rows from anywhere", []string{name}, 5e-3, func(w *bench) {
			a, b := w.Mat(66, stride).ColRange(10, 27_658), w.Mat(27_648, 68)
			if bits == 1 {
				b = w.Mat(68, stride).ColRange(4, 27_652)
			}
			w.Gemm(false, bits == 1, 1, a, b, 0, w.Mat(66, 68))
		}})
	}
	return append(list,
		work{"convolution, many channels", []string{"conv_patches_large", "conv_weights_large", "conv_pixels_large"}, 1e-3,
			conv(device.ConvShape{N: 2, H: 8, W: 7, In: 20, Out: 68, K: 4, Stride: 2}, device.ReLU)},
		work{"convolution, 64 channels", []string{"conv_patches_tall", "conv_weights_tall", "conv_pixels_tall"}, 1e-3,
			conv(device.ConvShape{N: 2, H: 9, W: 9, In: 20, Out: 64, K: 5, Stride: 2}, device.ELU)},
		work{"convolution, odd", []string{"conv_patches_narrow", "conv_weights_little", "conv_pixels_slim"}, 1e-3,
			conv(device.ConvShape{N: 60, H: 14, W: 15, In: 3, Out: 7, K: 5, Stride: 3}, device.Tanh)},
		work{"convolution, images side by side", []string{"conv_pixels_slim"}, 1e-3,
			conv(device.ConvShape{N: 127, H: 7, W: 6, In: 3, Out: 5, K: 3, Stride: 2}, device.Tanh)},
		work{"convolution, images side by side, two positions a tile", []string{"conv_pixels_large"}, 2e-3,
			conv(device.ConvShape{N: 63, H: 9, W: 8, In: 20, Out: 24, K: 4, Stride: 2}, device.ELU)},
		work{"convolution, images side by side, four positions a tile", []string{"conv_pixels_tall"}, 1e-3,
			conv(device.ConvShape{N: 31, H: 12, W: 11, In: 20, Out: 8, K: 5, Stride: 2}, device.Identity)},
		work{"convolution without a tap for some pixels", []string{"conv_pixels_slim"}, 1e-3,
			conv(device.ConvShape{N: 2, H: 9, W: 8, In: 4, Out: 4, K: 2, Stride: 3}, device.Sigmoid)},
	)
}

// TestKernelsOfEverySize compares every tile with the reference, and shows that it
// was that tile.
func TestKernelsOfEverySize(t *testing.T) {
	for _, x := range works() {
		t.Run(x.name, func(t *testing.T) {
			dev := New()
			want, got := play(t, purego.New(), x.run), play(t, dev, x.run)
			for b := range want {
				for i, v := range want[b] {
					if d := math.Abs(float64(v - got[b][i])); !(d <= x.tol*math.Max(1, math.Abs(float64(v)))) {
						t.Fatalf("buffer %d [%d]: %v, the reference has %v", b, i, got[b][i], v)
					}
				}
			}
			for _, name := range x.kernels {
				if !slices.ContainsFunc(kernels.All(), func(k kernels.Kernel) bool { return k.String() == name && dev.Launches[k] > 0 }) {
					t.Errorf("%s was not launched; these were: %v", name, dev.Launches)
				}
			}
		})
	}
}

// TestTensorCores: rounding both factors to 10 bits of mantissa costs up to 2⁻¹⁰ of a
// product, and sums of random ones are off by less of their size. Convolutions here
// are chains of up to four products.
func TestTensorCores(t *testing.T) {
	worst := 0.0
	for _, x := range works() {
		if strings.Contains(x.name, "large") && !strings.HasPrefix(x.name, "nn") {
			continue // slow; the tile is the same
		}
		dev, tol := New(), 1e-3
		if strings.HasPrefix(x.name, "convolution") {
			tol = 5e-3
		}
		dev.TF32 = true
		want, got := play(t, purego.New(), x.run), play(t, dev, x.run)
		for b := range want {
			// Errors are those of sums: they are measured by the size of a whole buffer.
			var square, size float64
			for i, v := range want[b] {
				square += math.Pow(float64(v-got[b][i]), 2)
				size += float64(v) * float64(v)
			}
			if off := math.Sqrt(square / size); !(off < tol) {
				t.Errorf("%s: buffer %d is off by %.2g of its size", x.name, b, off)
			} else {
				worst = max(worst, off)
			}
		}
		for _, name := range x.kernels {
			if name == "sum_parts" {
				continue
			}
			if !slices.ContainsFunc(kernels.All(), func(k kernels.Kernel) bool { return k.String() == name+"_tf32" && dev.Launches[k] > 0 }) {
				t.Errorf("%s: %s_tf32 was not launched; these were: %v", x.name, name, dev.Launches)
			}
		}
	}
	t.Logf("root mean square error of products: up to %.2g", worst)
}

// TestOrderDoesNotMatter runs blocks, and threads between barriers, backward and
// shuffled: a race through shared or global memory changes bits.
func TestOrderDoesNotMatter(t *testing.T) {
	defer Order(0)
	for _, x := range append(works(), work{name: "the rest", run: rest}) {
		if strings.Contains(x.name, "large") && !strings.HasPrefix(x.name, "nt") {
			continue // transposition changes what is loaded, not when
		}
		Order(0)
		want := play(t, New(), x.run)
		for _, order := range []int{1, 2, 3} {
			Order(order)
			for b, got := range play(t, New(), x.run) {
				for i, v := range got {
					if math.Float32bits(v) != math.Float32bits(want[b][i]) {
						t.Fatalf("%s: buffer %d [%d] is %v, in order %d %v", x.name, b, i, want[b][i], order, v)
					}
				}
			}
		}
	}
}

// TestLayersAreOneKernel: a bias, an activation or its derivative behind a product
// become part of it where nothing came between; the result is that of two kernels.
func TestLayersAreOneKernel(t *testing.T) {
	for _, z := range [][3]int{{50, 60, 200}, {3, 5, 3000}, {70, 67, 4600}, {132, 200, 7200}, {50, 600, 33}} {
		m, n, k := z[0], z[1], z[2]
		for act := device.Identity; act <= device.Tanh; act++ {
			amended := 0
			run := func(w *bench) {
				c, bias, h := w.Mat(m, n), w.Buffer(n), w.Mat(m, n)
				w.Gemm(false, false, 0.01, w.Mat(m, k), w.Mat(k, n), 0.5, c)
				w.BiasAct(act, bias, c)
				w.BiasAct(act, bias, h) // of another matrix
				dy, odd := w.Mat(m, n), w.Buffer(m*(n+1)).Mat(m, n+1).ColRange(1, n+1)
				w.Gemm(false, true, 0.01, w.Mat(m, k), w.Mat(n, k), 1, dy)
				w.ActBackward(act, odd, dy, dy)
				w.Gemm(false, false, 0.01, w.Mat(m, k), w.Mat(k, n), 0, h)
				w.Fill(bias, 2) // something between
				w.BiasAct(act, bias, h)
				w.Gemm(false, false, 0.01, w.Mat(m, k), w.Mat(k, n), 0, h)
				w.ActBackward(act, h, h, h) // of its own output
				if d, ok := w.Device.(*Device); ok {
					amended = d.Amended
				}
			}
			want, got := play(t, purego.New(), run), play(t, New(), run)
			for b := range want {
				for i, v := range want[b] {
					if d := math.Abs(float64(v - got[b][i])); !(d <= 1e-3*math.Max(1, math.Abs(float64(v)))) {
						t.Fatalf("%v, activation %d: buffer %d [%d]: %v, the reference has %v", z, act, b, i, got[b][i], v)
					}
				}
			}
			if amended != 2 {
				t.Errorf("%v, activation %d: %d operations became part of a product, want 2", z, act, amended)
			}
			if k > 4000 {
				break // slow
			}
		}
	}
}

// rest uses the kernels with barriers that are no products.
func rest(w *bench) {
	x, y := w.Buffer(30_000), w.Buffer(30_000)
	one := w.Buffer(1)
	w.MeanSquaredError(x, y, 7, 0.5, w.Buffer(30_000), one)
	w.Norm([]device.Buffer{x, y}, one)
	w.ColSum(x.Mat(3000, 10), 0.5, w.Buffer(10))
	w.ColSum(x.Mat(300, 100), 0, w.Buffer(100))
	s := w.Buffer(2000)
	w.Fill(s, 0.5)
	m := s.Mat(50, 40)
	w.KL(x.Mat(50, 40), m, y.Mat(50, 40), m, w.Buffer(50))
	gain, wide := w.Buffer(60), x.Mat(500, 60)
	norm, inverse := w.Mat(500, 60), w.Buffer(500)
	w.LayerNorm(device.ELU, 1e-5, wide, gain, gain, wide, norm, inverse)
	w.LayerNormBackward(device.ELU, wide, y.Mat(500, 60), gain, norm, inverse, y.Mat(500, 60), w.Buffer(60), w.Buffer(60))
	weights := w.Buffer(1000)
	w.Elites(100, x.Slice(0, 1000), weights)
	w.Fit(weights, x.Mat(1000, 30), 0.1, w.Buffer(30), w.Buffer(30))
	w.Softmax(2, x.Slice(0, 1000), weights)
}

// TestEmulationFindsMistakes: it is of use only if it does.
func TestEmulationFindsMistakes(t *testing.T) {
	for name, launch := range map[string]func(d *Device){
		"too many threads": func(d *Device) {
			d.Launch(kernels.All()[0], kernels.Dim{X: 1, Y: 1, Z: 1}, kernels.Dim{X: 512, Y: 1, Z: 1}, 0, make([]uint64, words(0)))
		},
		"no grid": func(d *Device) {
			d.Launch(kernels.All()[0], kernels.Dim{}, kernels.Dim{X: 32, Y: 1, Z: 1}, 0, make([]uint64, words(0)))
		},
		"an argument too short": func(d *Device) {
			d.Launch(kernels.All()[0], kernels.Dim{X: 1, Y: 1, Z: 1}, kernels.Dim{X: 32, Y: 1, Z: 1}, 0, make([]uint64, words(0)-1))
		},
	} {
		d := New()
		launch(d)
		if d.Sync() == nil {
			t.Errorf("%s: no error", name)
		}
	}
	d := New()
	b, _ := d.Alloc(10)
	func() {
		defer func() {
			if recover() == nil {
				t.Error("writing beside a buffer was not seen")
			}
		}()
		d.Fill(device.Buffer{Addr: b.Addr, Len: 11}, 1)
		d.Free(b)
	}()
}

func words(k int) int { return ArgumentBytes(kernels.All()[k]) / 8 }

// TestArguments: every kernel that Go knows is compiled, with an argument of whole
// words. Launch compares its size with that of Go's struct.
func TestArguments(t *testing.T) {
	for _, k := range kernels.All() {
		if n := ArgumentBytes(k); n <= 0 || n%int(unsafe.Sizeof(uint64(0))) != 0 || n > 4096 {
			t.Errorf("%v: an argument of %d bytes", k, n)
		}
	}
}

func BenchmarkEmulation(b *testing.B) {
	for _, n := range []int{64, 256} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			d := New()
			x, _ := d.Alloc(n * n)
			for b.Loop() {
				d.Gemm(false, false, 1, x.Mat(n, n), x.Mat(n, n), 0, x.Mat(n, n))
			}
		})
	}
}
