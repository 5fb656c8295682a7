//go:build linux && cgo

package rssm

import (
	"math"
	"testing"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/device/cuda/kernels/kernelstest"
	"github.com/latco-studio/latco/learning/device/purego"
)

// stepwise is a device without its optional abilities: it scans step by step.
type stepwise struct{ device.Device }

// gradients are those of a small model's first step on dev, and its losses.
func gradients(t *testing.T, c Config, dev device.Device) ([][]float32, Losses) {
	t.Helper()
	p, err := NewParams(c, 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	tr, err := NewTrainer(p, dev, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer tr.Close()
	l := update(t, tr, toyBatch(3, 5, 1))
	var all [][]float32
	for _, g := range tr.graph.Gradients() {
		all = append(all, numbers(t, dev, g))
	}
	return all, l
}

// A device that takes the recurrence whole computes the step that one without does:
// the reference to the bit, the kernels within rounding, whatever the model.
func TestScansAreTheStepsTogether(t *testing.T) {
	forVariants(t, func(t *testing.T, c Config) {
		for _, c.Overshooting = range []int{0, 3} {
			for name, x := range map[string]struct {
				whole device.Device
				tol   float64
			}{"purego": {purego.New(), 0}, "kernels": {kernelstest.New(), 1e-5}} {
				want, first := gradients(t, c, stepwise{x.whole})
				got, second := gradients(t, c, x.whole)
				for _, l := range [][2]float64{{second.Total, first.Total}, {second.KL, first.KL}, {second.GradNorm, first.GradNorm}} {
					if !(math.Abs(l[0]-l[1]) <= x.tol*math.Abs(l[1])) {
						t.Errorf("%s, overshooting %d: losses %+v, step by step %+v", name, c.Overshooting, second, first)
					}
				}
				for i := range want {
					off, size := 0.0, 0.0
					for j, v := range want[i] {
						off += math.Pow(float64(got[i][j]-v), 2)
						size += math.Pow(float64(v), 2)
					}
					if !(math.Sqrt(off) <= 10*x.tol*math.Sqrt(size)) {
						t.Errorf("%s, overshooting %d: gradient %d is off by %g of %g", name, c.Overshooting, i, math.Sqrt(off), math.Sqrt(size))
					}
				}
			}
		}
	})
}

// The recurrence of the presets' networks is taken whole by the kernels, at their
// batches; that of networks too wide to gain is not.
func TestScansOfPresets(t *testing.T) {
	dev := kernelstest.New()
	for _, preset := range Presets() {
		c, err := Preset(preset)
		if err != nil {
			t.Fatal(err)
		}
		s := device.ScanShape{T: c.Length, B: c.Batch, Stoch: c.Stoch, Deter: c.Deter, Hidden: c.Hidden}
		if !dev.Scans(s) {
			t.Errorf("%s: %+v is not taken whole", preset, s)
		}
		for _, wide := range []device.ScanShape{
			{T: 1, B: 1, Stoch: 30, Deter: 600, Hidden: 600}, {T: 1, B: 1000, Stoch: 30, Deter: 200, Hidden: 200},
			{T: 1, B: 1, Stoch: 1, Deter: 1, Hidden: 3000},
		} {
			if dev.Scans(wide) {
				t.Errorf("%+v is taken whole", wide)
			}
		}
	}
}
