package rssm

import (
	"errors"
	"math"
	"math/rand"
	"testing"

	"github.com/latco-studio/latco/learning/device/purego"
)

// tiny is a model small enough for tests.
func tiny() Config {
	c, err := Preset("class")
	if err != nil {
		panic(err)
	}
	c.Stoch, c.Deter, c.Hidden, c.EmbedDepth, c.DecoderUnits = 4, 6, 8, 2, 16
	c.RewardLayers, c.RewardUnits = 1, 8
	return c
}

// toyBatch shows a bright square that moves with the action; the reward is its
// position.
func toyBatch(b, t int, seed int64) *Batch {
	rng := rand.New(rand.NewSource(seed))
	batch := &Batch{
		B: b, T: t, Pixels: make([]uint8, b*t*Pixels),
		Actions: make([]float32, b*t), Rewards: make([]float32, b*t),
	}
	for s := range b {
		x := 0.5
		for i := range t {
			n := s*t + i
			a := 0.4*rng.Float64() - 0.2
			x = math.Min(1, math.Max(0, x+a))
			batch.Actions[n], batch.Rewards[n] = float32(a), float32(x)
			left := int(x * (Size - 16))
			for y := 24; y < 40; y++ {
				for c := range 16 * Channels {
					batch.Pixels[n*Pixels+(y*Size+left)*Channels+c] = 255
				}
			}
		}
	}
	return batch
}

func newTrainer(t *testing.T, c Config) *Trainer {
	t.Helper()
	p, err := NewParams(c, 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	tr, err := NewTrainer(p, purego.New(), 2)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tr.Close() })
	return tr
}

func update(t *testing.T, tr *Trainer, b *Batch) Losses {
	t.Helper()
	l, err := tr.Update(b)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestOverfitsOneBatch(t *testing.T) {
	c := tiny()
	c.LearningRate = 1e-2
	tr, b := newTrainer(t, c), toyBatch(2, 3, 1)
	first := update(t, tr, b)
	var last Losses
	for range 60 {
		last = update(t, tr, b)
	}
	if last.Image > 0.2*first.Image || last.Reward > 0.2*first.Reward {
		t.Errorf("after 60 steps on one batch: %+v, at first %+v", last, first)
	}
}

func TestNonFiniteInputIsAnErrorAndChangesNothing(t *testing.T) {
	tr := newTrainer(t, tiny())
	update(t, tr, toyBatch(2, 3, 1))
	before, err := tr.State()
	if err != nil {
		t.Fatal(err)
	}
	b := toyBatch(2, 3, 1)
	b.Rewards[4] = float32(math.NaN())
	_, err = tr.Update(b)
	var bad *NonFiniteError
	if !errors.As(err, &bad) || bad.Term != "reward loss" {
		t.Fatalf("error %v, want a NonFiniteError of the reward loss", err)
	}
	after, err := tr.State()
	if err != nil {
		t.Fatal(err)
	}
	sameFloats(t, "parameters", before.Params.Values, after.Params.Values)
	sameFloats(t, "first moments", before.First, after.First)
	if before.Step != after.Step || before.Params.Updates != after.Params.Updates {
		t.Error("the failed step was counted")
	}
}

func TestBatchOfWrongSizeIsAnError(t *testing.T) {
	tr := newTrainer(t, tiny())
	b := toyBatch(2, 3, 1)
	b.Rewards = b.Rewards[1:]
	var bad *BatchError
	if _, err := tr.Update(b); !errors.As(err, &bad) || bad.Part != "rewards" {
		t.Errorf("error %v, want a BatchError of the rewards", err)
	}
}

func TestResumeIsExact(t *testing.T) {
	a := newTrainer(t, tiny())
	for i := range 3 {
		update(t, a, toyBatch(2, 3, int64(i)))
	}
	state, err := a.State()
	if err != nil {
		t.Fatal(err)
	}
	b := newTrainer(t, tiny())
	if err := b.Restore(state); err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		batch := toyBatch(2, 3, int64(10+i))
		if x, y := update(t, a, batch), update(t, b, batch); x != y {
			t.Fatalf("step %d after the resume: %+v, without a stop %+v", i, y, x)
		}
	}
	x, _ := a.State()
	y, _ := b.State()
	sameFloats(t, "parameters", x.Params.Values, y.Params.Values)
	sameFloats(t, "second moments", x.Second, y.Second)
}

func TestRestoreRefusesAForeignState(t *testing.T) {
	tr := newTrainer(t, tiny())
	other := tiny()
	other.Deter++
	state, err := newTrainer(t, other).State()
	if err != nil {
		t.Fatal(err)
	}
	var differ *NetworkError
	if err := tr.Restore(state); !errors.As(err, &differ) || differ.Key != "deter" {
		t.Errorf("error %v, want a NetworkError of deter", err)
	}
	if tr.Restore(TrainerState{}) == nil {
		t.Error("an empty state was accepted")
	}
	state, _ = tr.State()
	state.Noise = state.Noise[1:]
	if tr.Restore(state) == nil {
		t.Error("a damaged noise generator was accepted")
	}
}

// Whoever resumes may train with other settings.
func TestRestoreKeepsTheTrainersSettings(t *testing.T) {
	state, err := newTrainer(t, tiny()).State()
	if err != nil {
		t.Fatal(err)
	}
	c := tiny()
	c.LearningRate, c.Updates = 1e-5, 7
	tr := newTrainer(t, c)
	if err := tr.Restore(state); err != nil {
		t.Fatal(err)
	}
	p, err := tr.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	sameFloats(t, "parameters", p.Values, state.Params.Values)
	if p.Config != c {
		t.Errorf("configuration %+v, want the trainer's %+v", p.Config, c)
	}
}

func TestEqualSeedsTrainEqually(t *testing.T) {
	a, b := newTrainer(t, tiny()), newTrainer(t, tiny())
	for i := range 2 {
		batch := toyBatch(2, 3, int64(i))
		if x, y := update(t, a, batch), update(t, b, batch); x != y {
			t.Fatalf("step %d: %+v and %+v", i, x, y)
		}
	}
}

func sameFloats(t *testing.T, what string, a, b []float32) {
	t.Helper()
	if len(a) != len(b) {
		t.Fatalf("%s: %d and %d values", what, len(a), len(b))
	}
	for i := range a {
		if a[i] != b[i] {
			t.Fatalf("%s: element %d is %g and %g", what, i, a[i], b[i])
		}
	}
}
