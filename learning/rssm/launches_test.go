//go:build linux && cgo

package rssm

import (
	"math/rand"
	"testing"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/device/cuda/kernels/kernelstest"
	"github.com/latco-studio/latco/learning/device/purego"
)

// updateSmall does one gradient step of a small model on sequences of length t, and
// returns its losses.
func updateSmall(tb testing.TB, dev device.Device, length int) Losses {
	tb.Helper()
	c, err := Preset("paper")
	if err != nil {
		tb.Fatal(err)
	}
	c.Stoch, c.Deter, c.Hidden, c.EmbedDepth, c.DecoderUnits, c.RewardUnits = 5, 20, 12, 1, 8, 16
	p, err := NewParams(c, 2, 1)
	if err != nil {
		tb.Fatal(err)
	}
	tr, err := NewTrainer(p, dev, 1)
	if err != nil {
		tb.Fatal(err)
	}
	defer tr.Close()
	r := rand.New(rand.NewSource(1))
	b := &Batch{B: 2, T: length, Pixels: make([]uint8, 2*length*Pixels),
		Actions: make([]float32, 2*length*2), Rewards: make([]float32, 2*length)}
	r.Read(b.Pixels)
	losses, err := tr.Update(b)
	if err != nil {
		tb.Fatal(err)
	}
	return losses
}

// TestLaunchesOfAStep compares the losses of a step with the reference, and counts
// launches: those of a time step, forward and back, are none where the scan is one
// kernel each way (what grows with the batch are the parts of long sums); where it is
// too wide for that they decide how long it takes.
func TestLaunchesOfAStep(t *testing.T) {
	for name, most := range map[string]int{"whole": 2, "step by step": 24} {
		counts := map[int]int{}
		for _, length := range []int{2, 4} {
			dev := kernelstest.New()
			var on device.Device = dev
			if name != "whole" {
				on = stepwise{dev}
			}
			got, want := updateSmall(t, on, length), updateSmall(t, purego.New(), length)
			if d := got.Total/want.Total - 1; d > 1e-4 || d < -1e-4 {
				t.Errorf("%s: loss %g, the reference has %g", name, got.Total, want.Total)
			}
			if d := got.GradNorm/want.GradNorm - 1; d > 1e-3 || d < -1e-3 {
				t.Errorf("%s: norm of the gradient %g, the reference has %g", name, got.GradNorm, want.GradNorm)
			}
			for _, n := range dev.Launches {
				counts[length] += n
			}
		}
		step := (counts[4] - counts[2]) / 2
		t.Logf("%s: %d launches a time step, %d besides", name, step, counts[2]-2*step)
		if step > most {
			t.Errorf("%s: %d launches a time step, want %d at most", name, step, most)
		}
	}
}

// TestLaunchesOfASearch counts the kernels of a search: every step of a rollout
// computes a batch in a dozen of them, an iteration has few besides.
func TestLaunchesOfASearch(t *testing.T) {
	c, err := Preset("paper")
	if err != nil {
		t.Fatal(err)
	}
	c.Stoch, c.Deter, c.Hidden, c.EmbedDepth, c.DecoderUnits, c.RewardUnits = 5, 20, 12, 1, 8, 16
	p, err := NewParams(c, 2, 1)
	if err != nil {
		t.Fatal(err)
	}
	counts := map[int]int{}
	for _, h := range []int{2, 4} {
		dev := kernelstest.New()
		m, err := NewModel(p, dev)
		if err != nil {
			t.Fatal(err)
		}
		before := 0
		for _, n := range dev.Launches {
			before += n
		}
		searched(t, m, 40, h, 40, true)
		for _, n := range dev.Launches {
			counts[h] += n
		}
		counts[h] -= before
		if err := m.Close(); err != nil {
			t.Fatal(err)
		}
	}
	step := (counts[4] - counts[2]) / 2
	t.Logf("%d launches a step, %d besides", step, counts[2]-2*step)
	if step > 13 || counts[2]-2*step > 20 {
		t.Errorf("%d launches a step and %d besides, want 13 and 20 at most", step, counts[2]-2*step)
	}
}
