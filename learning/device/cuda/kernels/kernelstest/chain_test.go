//go:build linux && cgo

package kernelstest

import (
	"errors"
	"math"
	"math/rand"
	"testing"

	"github.com/latco-studio/latco/learning/device"
)

// chain takes a step of random systems, and returns it with its corrections.
func chain(t *testing.T, s device.ChainShape) []float32 {
	t.Helper()
	dev, r := New(), rand.New(rand.NewSource(3))
	var buffers []device.Buffer
	fill := func(n int, next func() float64) device.Buffer {
		b, err := dev.Alloc(n)
		host := make([]float32, n)
		for i := range host {
			host[i] = float32(next())
		}
		if err := errors.Join(err, dev.Upload(b, host)); err != nil {
			t.Fatal(err)
		}
		buffers = append(buffers, b)
		return b
	}
	normal, one := r.NormFloat64, func() float64 { return 1 }
	steps := s.Plans * s.Horizon
	y := device.ChainSystem{
		Jacobian: fill(steps*s.Latent*(s.Action+s.Latent), func() float64 { return normal() / math.Sqrt(float64(s.Latent)) }),
		Defect:   fill(steps*s.Latent, normal), Excess: fill(steps*s.Action, func() float64 { return max(0, normal()) }),
		Cost: fill(steps, normal), CostGradient: fill(steps*s.Latent, normal), Dyn: fill(steps, one), Act: fill(steps, one),
		Kappa: fill(s.Plans, one), Damping: 1e-3,
	}
	step, corrected := fill(s.Plans*s.Unknowns(), normal), fill(s.Plans, normal)
	dev.SolveChains(s, y, fill(dev.ChainWork(s), normal), step, corrected)
	all := make([]float32, step.Len+corrected.Len)
	if err := errors.Join(dev.Sync(), dev.Download(all[:step.Len], step), dev.Download(all[step.Len:], corrected)); err != nil {
		t.Fatal(err)
	}
	for _, b := range buffers {
		dev.Free(b)
	}
	return all
}

// TestOrderDoesNotMatterToChains: see TestOrderDoesNotMatter. The shapes have long and
// short panels, large and small tiles, elimination from the ends and of every second
// block.
func TestOrderDoesNotMatterToChains(t *testing.T) {
	defer Order(0)
	for _, s := range []device.ChainShape{
		{Plans: 1, Horizon: 4, Latent: 45, Action: 2}, {Plans: 1, Horizon: 8, Latent: 14, Action: 1}, {Plans: 32, Horizon: 3, Latent: 2, Action: 1},
	} {
		Order(0)
		want := chain(t, s)
		for _, order := range []int{1, 2} {
			Order(order)
			for i, v := range chain(t, s) {
				if math.Float32bits(v) != math.Float32bits(want[i]) || v != v {
					t.Fatalf("%+v: number %d is %v, in order %d %v", s, i, want[i], order, v)
				}
			}
		}
	}
}
