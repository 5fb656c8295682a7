package ptx_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/device/cuda/kernels"
	"github.com/latco-studio/latco/learning/device/cuda/kernels/ptx"
	"github.com/latco-studio/latco/learning/device/devicetest"
)

// scanOnce is a scan and its gradient.
func scanOnce(s device.ScanShape) func(w *bench) {
	return func(w *bench) { w.Scan(s, w.Mat) }
}

// TestBarriersOfScans: a scan without any one of its barriers is a race, with one GRU
// or the other.
func TestBarriersOfScans(t *testing.T) {
	if slow {
		t.Skip("the race detector makes the interpreter ten times slower")
	}
	for _, kernel := range []string{"scan_forward", "scan_backward"} {
		needed := map[int]bool{}
		n := 0
		for _, before := range []bool{false, true} {
			run := scanOnce(device.ScanShape{T: 2, B: 1, Stoch: 20, Deter: 40, Hidden: 36, Act: device.ELU, ResetBefore: before})
			head, text, rest := apart(t, kernel)
			parts := strings.SplitAfter(text, barrier)
			n = len(parts) - 1
			for i := range n {
				less := append([]string{}, parts...)
				less[i] = strings.TrimSuffix(less[i], barrier)
				p, err := ptx.Load(head + strings.Join(less, "") + rest)
				if err != nil {
					t.Fatal(fmt.Errorf("reading what is left: %w", err))
				}
				d := ptx.NewDevice(p, int64(i))
				run(devicetest.NewBench(devicetest.Test(t), d, 5))
				var f *ptx.Fault
				err = d.Sync()
				if err != nil && (!errors.As(err, &f) || f.Kernel != kernel || f.Kind != ptx.Race && f.Kind != ptx.Uninitialised) {
					t.Errorf("%s without barrier %d: %v, want a race", kernel, i, err)
				}
				needed[i] = needed[i] || err != nil
			}
		}
		for i := range n {
			if !needed[i] {
				t.Errorf("%s: barrier %d of %d can be taken away unnoticed", kernel, i, n)
			}
		}
		if n == 0 {
			t.Errorf("%s has no barrier", kernel)
		}
	}
}

// apart is the module of a kernel, before it, of it and behind it.
func apart(t *testing.T, kernel string) (head, text, rest string) {
	t.Helper()
	for _, m := range kernels.Modules(7, 0, true) {
		if from := strings.Index(m, ".visible .entry "+kernel+"("); from >= 0 {
			end := from + strings.Index(m[from:], "\n}\n")
			return m[:from], m[from:end], m[end:]
		}
	}
	t.Fatalf("there is no kernel %s", kernel)
	return "", "", ""
}
