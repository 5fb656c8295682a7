package ptx_test

import (
	"flag"
	"slices"
	"strings"
	"testing"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/device/cuda/kernels"
	"github.com/latco-studio/latco/learning/device/cuda/kernels/ptx"
	"github.com/latco-studio/latco/learning/device/devicetest"
	"github.com/latco-studio/latco/learning/device/purego"
)

var (
	long = flag.Bool("long", false, "run the whole suite of devices on the PTX, large sizes too: some minutes")
	seed = flag.Int64("seed", 1, "of the order in which blocks, warps and lanes run in the suite")
)

// TestEmbedded executes the PTX that is embedded, every kernel of it, with all
// checks on: the suite of devices, and products by every tile.
func TestEmbedded(t *testing.T) {
	p := program(t)
	launched := make([]map[kernels.Kernel]int, 4)
	t.Run("together", func(t *testing.T) {
		for half := range 2 {
			t.Run([]string{"suite", "suite of sequences"}[half], func(t *testing.T) {
				t.Parallel()
				d := ptx.NewDevice(p, *seed)
				devicetest.Measure(some{devicetest.Test(t), "", half}, d, purego.New())
				closed(t, d)
				if t.Logf("%d million instructions", d.Instructions()/1e6); d.Instructions() > 3e9 && !*long {
					t.Error("that takes too long: the suite has grown, and a part of it belongs into large")
				}
				launched[half] = d.Launches
			})
			t.Run([]string{"float32", "TF32"}[half], func(t *testing.T) {
				t.Parallel()
				launched[2+half] = tiles(t, p, half == 1)
			})
		}
	})
	partly := slices.ContainsFunc(launched, func(m map[kernels.Kernel]int) bool { return m == nil }) // was asked for
	if t.Failed() || slow || partly {
		return
	}
	for _, k := range kernels.All() {
		if !slices.ContainsFunc(launched, func(m map[kernels.Kernel]int) bool { return m[k] > 0 }) {
			t.Errorf("%v was not executed: the tests want a size that needs it", k)
		}
	}
}

func closed(t *testing.T, d device.Device) {
	t.Helper()
	if err := d.Close(); err != nil {
		t.Error(err)
	}
}

// large are the parts of the suite that only more of the same makes slow, or that
// compare a device with itself.
var large = []string{
	"/Memory/100003", "/Gemm/1x600x230", "/Gemm/50x600x200", "/Gemm/130x300x70",
	"/Activation/Identity", "/Activation/ReLU", "/Activation/Sigmoid", "/Activation/Tanh", // small ones in Gradients
	"/Conv/2x64x64x3", "/Conv/3x31x31x16", "/Conv/1x14x14x32", "/Conv/5x6x6x64", "/Conv/4x5x5x64", "/Conv/1x13x13x64",
	"/Conv/3x30x30x16", "/Conv/1x64x64x3", "/Rows/640x200",
	"/LayerNorm/512x512", "/LayerNorm/4000x7", "/LayerNorm/very large", "/LayerNorm/small", "/LayerNorm/one large", "/Recurrent/1000x80", "/Gaussian/2000x30", "/Optimiser/700000", "/Gradients/Conv", "/Gradients/Deconv", "/Scan/gradients",
	"/Sampler/weights/zeros", "/Sampler/weights/one", "/Sampler/weights/huge", "/Sampler/weights/few", "/Sampler/weights/normal",
	"/Sampler/Fit/10000x13", "/Step/ClippedAdam guard infinite", "/Step/ClippedAdam guard free",
	"/Chain/sizes/1x30x16", "/Chain/sizes/1x5x80", "/Chain/sizes/1x2x230", "/Chain/sizes/1x40x2",
	"/Chain/weights", "/Chain/unsolvable/a Jacobian", "/Chain/unsolvable/defect",
	"/Chain/unsolvable/cost", "/Chain/unsolvable/slope", "/Chain/unsolvable/excess", "/Chain/unsolvable/weight",
	"/Scan/shapes/2x1 1 8 2000", "/Scan/shapes/2x2 30 200 200", "/Scan/shapes/2x1 70 3 700",
}

// some is a T that leaves out what is large, and the other half.
type some struct {
	devicetest.T
	path string
	half int // of the suite; the second has what works on sequences
}

func (s some) Run(name string, f func(t devicetest.T)) bool {
	path := s.path + "/" + name
	if s.path == "" && slices.Contains([]string{"Sampler", "Chain", "Scan", "Step"}, name) != (s.half == 1) {
		return true
	}
	if !*long && slices.ContainsFunc(large, func(l string) bool { return strings.HasPrefix(path, l) }) ||
		slow && s.path == "" && name != "Recurrent" && name != "Panics" {
		return true
	}
	return s.T.Run(name, func(t devicetest.T) { f(some{t, path, s.half}) })
}
