package planning

import (
	"context"
	"errors"
	"math"
	"math/rand"
	"testing"
)

// coin pays the sum of the first actions plus a normal draw: the mean return of
// a plan is known and one rollout is luck.
type coin struct{ fail error }

func (c coin) FeatureDim() int { return 1 }
func (c coin) ActionDim() int  { return 1 }
func (c coin) Imagine(_, actions, _, rewards []float64, rng *rand.Rand) error {
	for i, a := range actions {
		rewards[i] = a + rng.NormFloat64()
	}
	return c.fail
}

// batched is a coin that is a Scorer too.
type batched struct{ coin }

func (b batched) Score(_ []float64, actions []float32, n, h int, returns []float64, rng *rand.Rand) error {
	for i := range n {
		returns[i] = 0
		for _, a := range actions[i*h : (i+1)*h] {
			returns[i] += float64(a) + rng.NormFloat64()
		}
	}
	return b.fail
}

// The plan with the best clipped actions wins if enough rollouts are averaged,
// with and without a Scorer: 5 counts as 1.
func TestSelectPlan(t *testing.T) {
	for _, model := range []Model{coin{}, batched{}} {
		p := &Problem{Model: model, Feature: []float64{0}, Horizon: 2, Rand: rand.New(rand.NewSource(1))}
		trs := []*trajectory{{a: []float64{5, -0.5}}, {a: []float64{0.9, 0.8}}, {a: []float64{0.2, 0.1}}}
		best, err := selectPlan(context.Background(), p, trs, 400)
		if err != nil || best != 1 {
			t.Errorf("%T: chose plan %d (%v), want 1", model, best, err)
		}
		mean, err := meanReturn(context.Background(), p, trs[0].a, 1000)
		if want := 0.5; err != nil || math.Abs(mean-want) > 6*math.Sqrt(2.0/1000) {
			t.Errorf("%T: mean return %.3f (%v), want %.1f", model, mean, err, want)
		}
	}
}

// A single plan needs no rollouts, and what goes wrong in one is reported.
func TestSelectPlanFailure(t *testing.T) {
	broken := errors.New("broken")
	one := []*trajectory{{a: []float64{0}}}
	p := &Problem{Model: coin{broken}, Feature: []float64{0}, Horizon: 1, Rand: rand.New(rand.NewSource(1))}
	if _, err := selectPlan(context.Background(), p, one, 1); err != nil {
		t.Errorf("one plan: got %v", err)
	}
	if _, err := selectPlan(context.Background(), p, append(one, one...), 1); !errors.Is(err, broken) {
		t.Errorf("two plans: got %v, want the model's error", err)
	}
}
