//go:build nvidia && linux && cgo && (amd64 || arm64)

package cuda

import (
	"errors"
	"slices"
	"testing"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/device/cuda/emulate"
)

var _ device.Chain = (*Device)(nil)

// TestChainIsRecorded: a step of collocation asks the device for nothing on its way,
// so that it can be a graph, which takes the steps of later systems in the same
// buffers.
func TestChainIsRecorded(t *testing.T) {
	d := emulated(t, Options{OwnGemm: true})
	s := device.ChainShape{Plans: 2, Horizon: 4, Latent: 7, Action: 2}
	steps := s.Plans * s.Horizon
	get := func(n int) device.Buffer {
		b, err := d.Alloc(n)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	y := device.ChainSystem{
		Jacobian: get(steps * s.Latent * (s.Action + s.Latent)), Defect: get(steps * s.Latent), Excess: get(steps * s.Action),
		Cost: get(steps), CostGradient: get(steps * s.Latent), Dyn: get(steps), Act: get(steps), Kappa: get(s.Plans), Damping: 1,
	}
	work, step, corrected := get(d.ChainWork(s)), get(s.Plans*s.Unknowns()), get(s.Plans)
	d.Fill(y.Jacobian, 0.1)
	d.Fill(y.Dyn, 1)
	d.Fill(y.Kappa, 1)
	d.Fill(y.CostGradient, 0.5)
	repeated := device.Repeat(d, func() error {
		d.SolveChains(s, y, work, step, corrected)
		return nil
	})
	var first []float32
	for i := range 3 { // done, recorded, repeated
		d.Fill(y.Defect, float32(i+1))
		got := make([]float32, step.Len)
		if err := errors.Join(repeated.Do(), d.Download(got, step)); err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			first = got
			if slices.Min(got) == slices.Max(got) {
				t.Fatal("the step is of one number")
			}
		}
		for j, v := range got { // residuals are linear in the defects where costs are 0
			if want := first[j] * float32(i+1); v-want > 1e-5 || want-v > 1e-5 {
				t.Fatalf("step %d [%d] is %g, want %g", i, j, v, want)
			}
		}
	}
	if err := errors.Join(repeated.Close(), d.Sync()); err != nil || emulate.Fault() != "" {
		t.Error(err, emulate.Fault())
	}
}
