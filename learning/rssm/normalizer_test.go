package rssm

import (
	"math"
	"testing"
)

// Of many equal batches the moments are those of the rewards, from the first
// batch on.
func TestNormalizerFindsTheMoments(t *testing.T) {
	rewards := []float32{900, 1000, 1100, 1000}
	var n Normalizer
	if n.Normal(7) != 7 || n.Real(7) != 7 {
		t.Error("before the first batch rewards change")
	}
	for range 300 {
		n = n.seen(rewards)
		if math.Abs(n.Mean-1000) > 1e-9 || math.Abs(n.Scale()-math.Sqrt(5000)) > 1e-9 {
			t.Fatalf("after %d batches mean %g, deviation %g; want 1000, √5000", n.Batches, n.Mean, n.Scale())
		}
	}
	if r := n.Real(n.Normal(1234)); math.Abs(r-1234) > 1e-9 {
		t.Errorf("there and back a reward of 1234 is %g", r)
	}
}

// Past the first hundred a batch weighs one hundredth of what lies before it.
func TestNormalizerForgets(t *testing.T) {
	n := Normalizer{Mean: 0, Variance: 1, Batches: 500}
	for range 100 {
		n = n.seen([]float32{10, 10})
	}
	if want := 10 * (1 - math.Pow(0.99, 100)); math.Abs(n.Mean-want) > 1e-9 {
		t.Errorf("mean %g after 100 batches of tens, want %g", n.Mean, want)
	}
}

// A trainer learns normalised rewards, keeps what it knows of them in its state,
// and a batch that is refused leaves no trace.
func TestNormalisedRewards(t *testing.T) {
	c := tiny()
	c.NormalizeReward = true
	a := newTrainer(t, c)
	big := func(seed int64) *Batch {
		b := toyBatch(2, 3, seed)
		for i := range b.Rewards {
			b.Rewards[i] = 5000 + 300*b.Rewards[i]
		}
		return b
	}
	for i := range 3 {
		if l := update(t, a, big(int64(i))); l.Reward > 10 {
			t.Fatalf("reward loss %g of normalised rewards", l.Reward)
		}
	}
	before, _ := a.State()
	bad := big(9)
	bad.Rewards[1] = float32(math.Inf(1))
	if _, err := a.Update(bad); err == nil {
		t.Fatal("an infinite reward was learned")
	}
	state, err := a.State()
	if err != nil {
		t.Fatal(err)
	}
	if state.Params.Rewards != before.Params.Rewards || state.Params.Rewards.Batches != 3 {
		t.Errorf("moments %+v after a refused batch, %+v before", state.Params.Rewards, before.Params.Rewards)
	}
	b := newTrainer(t, c)
	if err := b.Restore(state); err != nil {
		t.Fatal(err)
	}
	// The refused batch drew noise: both draw on from the saved position.
	if x, y := update(t, a, big(4)), update(t, b, big(4)); x != y {
		t.Errorf("resumed %+v, without a stop %+v", y, x)
	}
}
