//go:build linux && cgo

package kernelstest

import (
	"fmt"
	"math"
	"testing"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/device/cuda/kernels"
)

// scanOf is a scan and its gradient, on buffers that begin at any or, aligned, at
// multiples of 16 bytes.
func scanOf(s device.ScanShape, aligned bool) func(w *bench) {
	return func(w *bench) {
		shift := 1
		if aligned {
			shift = 0
		}
		w.Scan(s, func(rows, cols int) device.Mat {
			b := w.Buffer(rows*cols + 1)
			w.Axpy(0.6/float32(math.Sqrt(float64(rows)))-1, b, b)
			return b.Slice(shift, shift+rows*cols).Mat(rows, cols)
		})
	}
}

// TestScanOrder: threads of a scan that run in another order between barriers give
// the same bits.
func TestScanOrder(t *testing.T) {
	defer Order(0)
	for _, s := range []device.ScanShape{
		{T: 3, B: 2, Stoch: 6, Deter: 20, Hidden: 12, Act: device.ELU, MinStd: 0.1},
		{T: 3, B: 2, Stoch: 6, Deter: 20, Hidden: 12, Act: device.ELU, ResetBefore: true, MinStd: 0.1},
		{T: 2, B: 1, Stoch: 30, Deter: 200, Hidden: 200, Act: device.ReLU, MinStd: 0.1},
		{T: 2, B: 33, Stoch: 3, Deter: 7, Hidden: 33, Act: device.Tanh},
	} {
		for _, aligned := range []bool{true, false} {
			t.Run(fmt.Sprintf("%+v, aligned %v", s, aligned), func(t *testing.T) {
				Order(0)
				dev := New()
				want := play(t, dev, scanOf(s, aligned))
				if n := total(dev.Launches); n != 2+weightsScaled {
					t.Errorf("%d launches, want one each way: %v", n-weightsScaled, dev.Launches)
				}
				for _, order := range []int{1, 2, 3} {
					Order(order)
					for b, got := range play(t, New(), scanOf(s, aligned)) {
						for i, v := range got {
							if math.Float32bits(v) != math.Float32bits(want[b][i]) {
								t.Fatalf("buffer %d [%d] is %v, in order %d %v", b, i, want[b][i], order, v)
							}
						}
					}
				}
			})
		}
	}
}

const weightsScaled = 5 // launches of scanOf beside the scan

func total(launches map[kernels.Kernel]int) int {
	sum := 0
	for _, n := range launches {
		sum += n
	}
	return sum
}
