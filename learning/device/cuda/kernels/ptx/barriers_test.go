package ptx_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/device/cuda/kernels/ptx"
	"github.com/latco-studio/latco/learning/device/devicetest"
)

// TestBarriersThatAreTakenAway: a kernel without one of its barriers is found out,
// but for barriers before its end, where nothing can go wrong any more.
func TestBarriersThatAreTakenAway(t *testing.T) {
	for _, x := range []struct {
		kernel string
		idle   int // barriers at most that it could do without
		run    func(w *bench)
	}{
		{"gemm_nn_small", 1, gemm(35, 41, 201, false, false)},
		{"col_sum", 0, func(w *bench) { w.ColSum(w.Mat(40, 5), 0, w.Buffer(5)) }},
		{"layer_norm_sums", 0, func(w *bench) {
			y := w.Mat(40, 5)
			w.LayerNormBackward(device.Tanh, y, w.Mat(40, 5), w.Buffer(5), w.Mat(40, 5), w.Buffer(40), device.Mat{}, w.Buffer(5), w.Buffer(5))
		}},
		{"elites", 1, func(w *bench) { w.Elites(13, w.Buffer(1100), w.Buffer(1100)) }},
		{"conv_patches_large", 1, func(w *bench) {
			z := device.ConvShape{N: 2, H: 6, W: 5, In: 20, Out: 68, K: 4, Stride: 2}
			w.Conv(z, device.ReLU, w.Buffer(2*6*5*20), w.Buffer(16*20*68), w.Buffer(68), w.Buffer(2*2*68))
		}},
	} {
		text := alone(t, x.kernel)
		if err := without(t, text, -1, x.run); err != nil {
			t.Fatalf("%s as it is: %v", x.kernel, err)
		}
		n, unnoticed := strings.Count(text, barrier), 0
		for i := range n {
			err := without(t, text, i, x.run)
			var f *ptx.Fault
			switch {
			case err == nil:
				unnoticed++
			case !errors.As(err, &f) || f.Kernel != x.kernel || f.Kind != ptx.Race && f.Kind != ptx.Uninitialised:
				t.Errorf("%s without barrier %d: %v, want a race", x.kernel, i, err)
			}
		}
		if n == 0 || unnoticed > x.idle {
			t.Errorf("%s: %d of %d barriers can be taken away unnoticed, want at most %d", x.kernel, unnoticed, n, x.idle)
		}
	}
}

const barrier = "bar.sync \t0;"

// alone is the text of one kernel, behind the head of its module.
func alone(t *testing.T, kernel string) string {
	t.Helper()
	head, text, _ := apart(t, kernel)
	if first := strings.Index(head, ".visible .entry "); first >= 0 {
		head = head[:first]
	}
	return head + text + "\n}\n"
}

// without runs a kernel without its i-th barrier.
func without(t *testing.T, text string, i int, run func(w *bench)) error {
	t.Helper()
	parts := strings.SplitAfter(text, barrier)
	if i >= 0 {
		parts[i] = strings.TrimSuffix(parts[i], barrier)
	}
	p, err := ptx.Load(strings.Join(parts, ""))
	if err != nil {
		return fmt.Errorf("reading what is left: %w", err)
	}
	d := ptx.NewDevice(p, int64(i))
	run(devicetest.NewBench(devicetest.Test(t), d, 5))
	return d.Sync()
}
