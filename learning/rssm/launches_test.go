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
// launches: those of a time step, forward and back, decide how long a scan takes.
func TestLaunchesOfAStep(t *testing.T) {
	counts := map[int]int{}
	for _, length := range []int{2, 4} {
		dev := kernelstest.New()
		got, want := updateSmall(t, dev, length), updateSmall(t, purego.New(), length)
		if d := got.Total/want.Total - 1; d > 1e-4 || d < -1e-4 {
			t.Errorf("loss %g, the reference has %g", got.Total, want.Total)
		}
		if d := got.GradNorm/want.GradNorm - 1; d > 1e-3 || d < -1e-3 {
			t.Errorf("norm of the gradient %g, the reference has %g", got.GradNorm, want.GradNorm)
		}
		for _, n := range dev.Launches {
			counts[length] += n
		}
	}
	step := (counts[4] - counts[2]) / 2
	t.Logf("%d launches a time step, %d besides", step, counts[2]-2*step)
	if step > 24 {
		t.Errorf("%d launches a time step, want 24 at most", step)
	}
}
