//go:build linux && cgo

package ptx_test

import (
	"math"
	"testing"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/device/cuda/kernels/kernelstest"
	"github.com/latco-studio/latco/learning/device/cuda/kernels/ptx"
)

// TestSameBitsAsC: where nothing is fused, the PTX computes to the bit what its
// source does as C.
func TestSameBitsAsC(t *testing.T) {
	p := program(t)
	for _, s := range exact() {
		t.Run(s.name, func(t *testing.T) {
			want, got := play(t, kernelstest.New(), s.run), play(t, ptx.NewDevice(p, 4), s.run)
			for b := range want {
				for i, x := range want[b] {
					if y := got[b][i]; math.Float32bits(x) != math.Float32bits(y) && (x == x || y == y) {
						t.Fatalf("buffer %d [%d]: %v, as C %v", b, i, y, x)
					}
				}
			}
		})
	}
}

// exact are operations without a product that is added to something.
func exact() []scenario {
	pixels := make([]uint8, 1003)
	for i := range pixels {
		pixels[i] = uint8(7 * i)
	}
	return []scenario{
		{"fill, copy, add", func(w *bench) {
			x, y := w.Mat(33, 7), w.Mat(33, 7)
			w.Fill(x.Buffer.Slice(5, 50), 3)
			w.AddMat(y, x)
			w.CopyMat(w.Mat(33, 7), y)
			w.Axpy(1, x.Buffer, y.Buffer)
		}},
		{"products with a diagonal", func(w *bench) { w.MulRows(w.Mat(3, 41), w.Mat(4, 41), 0, w.Mat(12, 41)) }},
		{"rectifier", func(w *bench) {
			y := w.Mat(35, 9)
			w.BiasAct(device.ReLU, w.Buffer(9), y)
			w.ActBackward(device.ReLU, y, w.Mat(35, 9), w.Mat(35, 9))
		}},
		{"sums of columns", func(w *bench) { w.ColSum(w.Mat(700, 5), 0, w.Buffer(5)) }},
		{"levels", func(w *bench) {
			if err := w.UploadLevels(w.Buffer(1003), pixels, 5, 0); err != nil {
				w.T.Fatal(err)
			}
		}},
		{"random numbers", func(w *bench) { w.Normals(9, 1, 6, w.Mat(37, 11)) }},
		{"elites", func(w *bench) { w.Elites(13, w.Buffer(1029), w.Buffer(1029)) }},
	}
}
