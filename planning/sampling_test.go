package planning

import (
	"context"
	"errors"
	"math"
	"math/rand"
	"testing"

	"github.com/latco-studio/latco/resources/setting"
)

// bandit pays −Σ(a − 0.9)² and remembers what it was asked.
type bandit struct {
	calls   []int   // sequences a call
	extreme float64 // greatest |a|
	chance  bool    // whether a generator came along
}

func (b *bandit) FeatureDim() int    { return 1 }
func (b *bandit) ActionDim() int     { return 2 }
func (b *bandit) ScoreBatch(int) int { return 7 }
func (b *bandit) Imagine(feature, _, latents, _ []float64, rng *rand.Rand) error {
	if rng != nil {
		return errors.New("a record must not use up random numbers")
	}
	copy(latents, feature)
	return nil
}

func (b *bandit) Score(_ []float64, actions []float32, n, h int, returns []float64, rng *rand.Rand) error {
	b.calls = append(b.calls, n)
	b.chance = rng != nil
	for i := range n {
		returns[i] = 0
		for _, a := range actions[i*h*2 : (i+1)*h*2] {
			b.extreme = math.Max(b.extreme, math.Abs(float64(a)))
			returns[i] -= (float64(a) - 0.9) * (float64(a) - 0.9)
		}
	}
	return nil
}

// Sequences are clipped before they are scored, and scored in the batches that
// the model asks for; rollouts decides whether chance takes part.
func TestShooterClipsAndBatches(t *testing.T) {
	for _, rollouts := range []string{RolloutSampled, RolloutMean} {
		b := &bandit{}
		p := &Problem{Model: b, Feature: []float64{0}, Horizon: 3, Rand: rand.New(rand.NewSource(1))}
		plan, err := (&CEM{Samples: 40, Elites: 5, Iterations: 30, Rollouts: rollouts}).Plan(context.Background(), p)
		if err != nil {
			t.Fatal(err)
		}
		if b.extreme != 1 {
			t.Errorf("greatest action scored is %g, want N(0,1) clipped to exactly 1", b.extreme)
		}
		total := 0
		for _, n := range b.calls {
			total += n
			if n > 7 {
				t.Errorf("a call scored %d sequences, the model asked for 7", n)
			}
		}
		if total != 40*30 {
			t.Errorf("%d sequences scored, want %d", total, 40*30)
		}
		if b.chance != (rollouts == RolloutSampled) {
			t.Errorf("%s rollouts: generator given = %v", rollouts, b.chance)
		}
		for _, a := range plan.Actions {
			for _, v := range a {
				if math.Abs(v-0.9) > 0.05 {
					t.Errorf("action %g, want 0.9", v)
				}
			}
		}
	}
}

// The fit is the weighted mean and the population variance about it, plus the floor.
func TestFit(t *testing.T) {
	p := &population{
		actions: []float32{0, 1, 1, 1, 0.5, -1, -1, 0.25},
		returns: []float64{8, 4, 100, -100},
		weights: []float64{0.25, 0.75, 0, 0},
	}
	mean, std := []float64{7, 7}, []float64{7, 7}
	value := p.fit(cemVariance, mean, std)
	want := []float64{0.75, 1, math.Sqrt(0.25*0.75*0.75 + 0.75*0.0625 + 1e-6), 1e-3, 5}
	for i, got := range append(append(mean, std...), value) {
		if math.Abs(got-want[i]) > 1e-12 {
			t.Errorf("number %d is %g, want %g", i, got, want[i])
		}
	}
}

func TestElites(t *testing.T) {
	weights := make([]float64, 5)
	weighElites(2, []float64{1, 7, 3, 7, 7}, weights)
	for i, want := range []float64{0, 0.5, 0, 0.5, 0} {
		if weights[i] != want {
			t.Errorf("weights are %v, want the first two of the sevens", weights)
			break
		}
	}
	p := &Problem{Model: &bandit{}, Feature: []float64{0}, Horizon: 3, Rand: rand.New(rand.NewSource(1))}
	_, err := (&CEM{Samples: 10, Elites: 11}).Plan(context.Background(), p)
	if bad := (*setting.RangeError)(nil); !errors.As(err, &bad) || bad.Key != "elites" {
		t.Errorf("11 elites of 10 samples: got %v, want a RangeError that names them", err)
	}
}

func TestSoftmax(t *testing.T) {
	weights := make([]float64, 3)
	softmax(10, []float64{1000, 1000.1, -1e9}, weights)
	e := math.Exp(1)
	for i, want := range []float64{1 / (1 + e), e / (1 + e), 0} {
		if math.Abs(weights[i]-want) > 1e-9 {
			t.Errorf("weight %d is %g, want %g", i, weights[i], want)
		}
	}
}
