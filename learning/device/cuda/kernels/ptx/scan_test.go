package ptx_test

import (
	"errors"
	"fmt"
	"math/rand"
	"strings"
	"testing"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/device/cuda/kernels"
	"github.com/latco-studio/latco/learning/device/cuda/kernels/ptx"
)

// scanOnce is a scan and its gradient.
func scanOnce(s device.ScanShape) func(w *bench) {
	return func(w *bench) {
		n, u := s.Rows(), 3*s.Deter
		p := device.ScanWeights{
			InStoch: w.mat(s.Stoch, s.Hidden), Gate: w.mat(s.Hidden, u), Recur: w.mat(s.Deter, u),
			PostState: w.mat(s.Deter, s.Hidden), PostOut: w.mat(s.Hidden, 2*s.Stoch),
			InB: w.buffer(s.Hidden), PostB: w.buffer(s.Hidden), GateB: w.buffer(u), PostOutB: w.buffer(2 * s.Stoch),
		}
		d := device.ScanGradient{
			Mean: w.mat(n, s.Stoch), Std: w.mat(n, s.Stoch), Stoch: w.mat(n, s.Stoch), Deter: w.mat(n, s.Deter),
			In: w.mat(n, s.Hidden), Post: w.mat(n, s.Hidden), Gx: w.mat(n, u), Raw: w.mat(n, 2*s.Stoch),
		}
		if !s.ResetBefore {
			p.RecurB, d.Gh = w.buffer(u), w.mat(n, u)
		}
		x := device.ScanTrace{
			In: w.mat(n, s.Hidden), Post: w.mat(n, s.Hidden), Noise: w.mat(n, s.Stoch), Gates: w.mat(n, u), Side: w.mat(n, s.Deter),
			Deter: w.mat(n, s.Deter), Raw: w.mat(n, 2*s.Stoch), Mean: w.mat(n, s.Stoch), Std: w.mat(n, s.Stoch), Stoch: w.mat(n, s.Stoch),
		}
		scan := w.Device.(device.Scanner)
		scan.Scan(s, p, x)
		scan.ScanBackward(s, p, x, d)
	}
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
				run(&bench{Device: d, Rand: rand.New(rand.NewSource(5)), t: t})
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
