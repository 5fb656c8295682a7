package planning

import (
	"context"
	"fmt"
	"math"

	"github.com/latco-studio/latco/resources/setting"
)

// How a shooting planner rolls an action sequence out, values of
// CEM.Rollouts and MPPI.Rollouts.
const (
	RolloutSampled = "sampled" // one trajectory sampled from the prior
	RolloutMean    = "mean"    // the mean of every transition
)

// scoreBatch is how many sequences are scored between two looks at the context
// if the model is no Batcher: 8 GFLOP for the paper's model and H = 30.
const scoreBatch = 256

// batchOf is how many sequences of h actions to score in one call.
func batchOf(model Scorer, h int) int {
	if b, ok := model.(Batcher); ok {
		return max(1, b.ScoreBatch(h))
	}
	return scoreBatch
}

func rolloutField(value *string) setting.Field {
	return setting.Field{Key: "rollouts", Title: "Rollouts", Choices: []string{RolloutSampled, RolloutMean}, Value: value,
		Help: "How a sequence is scored: one sampled trajectory as PlaNet does (optimistic, it keeps lucky draws: paper, Section 5.5) or the mean of every transition as the released LatCo program does."}
}

func samplesField(value *int) setting.Field {
	return setting.Field{Key: "samples", Title: "Samples", Min: 2, Max: 1e6, Log: true, Value: value,
		Help: "Action sequences drawn in every iteration (Appendix D; 10000 on MetaWorld); more search wider and cost proportionally more time."}
}

func iterationsField(value *int) setting.Field {
	return setting.Field{Key: "iterations", Title: "Iterations", Min: 1, Max: 10000, Log: true, Value: value,
		Help: "Times the sampling distribution is fitted again (Appendix D; 100 on MetaWorld)."}
}

// shooter searches over action sequences with a diagonal Gaussian, the part
// that CEM and MPPI share: draw, clip, score, fit again by weights.
type shooter struct {
	name    string
	p       *Problem
	model   Scorer
	sampled bool

	// weigh turns returns (n) into weights (n) that sum to 1.
	weigh func(returns, weights []float64)
	floor float64 // added to the variance of every fit

	mean, std []float64 // H×A
	actions   []float32 // n×H×A, within ±1
	returns   []float64 // n
	weights   []float64 // n
}

func newShooter(name string, p *Problem, samples int, rollouts string) (*shooter, error) {
	model, ok := p.Model.(Scorer)
	if !ok {
		return nil, &NeedError{name, needScorer}
	}
	d := p.Horizon * p.Model.ActionDim()
	s := &shooter{
		name: name, p: p, model: model, sampled: rollouts == RolloutSampled,
		mean: make([]float64, d), std: make([]float64, d),
		actions: make([]float32, samples*d), returns: make([]float64, samples), weights: make([]float64, samples),
	}
	// N(0, I), about the warm plan if there is one.
	for i := range s.std {
		s.std[i] = 1
	}
	if p.Warm != nil {
		a := p.Model.ActionDim()
		for t := 0; t < min(p.Horizon, len(p.Warm.Actions)); t++ {
			copy(s.mean[t*a:(t+1)*a], p.Warm.Actions[t])
		}
	}
	return s, nil
}

// run iterates and returns the final mean. If ctx ends, the mean of the last
// complete iteration is still a plan.
func (s *shooter) run(ctx context.Context, iterations int) (*Plan, error) {
	for k := range iterations {
		if err := s.record(k); err != nil {
			return nil, err
		}
		if err := s.evaluate(ctx, k); err != nil {
			return stopped(ctx, s.name, s.p, s.mean, k, err)
		}
		s.weigh(s.returns, s.weights)
		s.fit()
	}
	if err := s.record(iterations); err != nil {
		return nil, err
	}
	return imagine(s.name, s.p, s.mean, iterations)
}

// evaluate draws all sequences and scores them, a batch at a time.
func (s *shooter) evaluate(ctx context.Context, k int) error {
	batch := batchOf(s.model, s.p.Horizon)
	chance := s.p.Rand
	if !s.sampled {
		chance = nil
	}
	d := len(s.mean)
	for first := 0; first < len(s.returns); first += batch {
		if err := ctx.Err(); err != nil {
			return err
		}
		n := min(batch, len(s.returns)-first)
		actions, returns := s.actions[first*d:(first+n)*d], s.returns[first:first+n]
		for i := range actions {
			a := s.mean[i%d] + s.std[i%d]*s.p.Rand.NormFloat64()
			actions[i] = float32(math.Max(-1, math.Min(1, a)))
		}
		if err := s.model.Score(s.p.Feature, actions, n, s.p.Horizon, returns, chance); err != nil {
			return fmt.Errorf("planner %s, iteration %d: score %d sequences: %w", s.name, k, n, err)
		}
		if notFinite(returns) >= 0 {
			return &NonFiniteError{s.name, k, "return", -1}
		}
	}
	return nil
}

// fit takes the weighted mean and standard deviation (about the new mean) of
// the clipped sequences.
func (s *shooter) fit() {
	d := len(s.mean)
	clear(s.mean)
	for i, w := range s.weights {
		if w == 0 {
			continue
		}
		for j, a := range s.actions[i*d : (i+1)*d] {
			s.mean[j] += w * float64(a)
		}
	}
	clear(s.std)
	for i, w := range s.weights {
		if w == 0 {
			continue
		}
		for j, a := range s.actions[i*d : (i+1)*d] {
			e := float64(a) - s.mean[j]
			s.std[j] += w * e * e
		}
	}
	for j, v := range s.std {
		s.std[j] = math.Sqrt(v + s.floor)
	}
}

// record shows the mean. The dynamics hold by construction, and the mean of
// clipped sequences is within the bounds.
func (s *shooter) record(k int) error {
	if s.p.Record == nil {
		return nil
	}
	p, err := imagine(s.name, s.p, s.mean, k)
	if err != nil {
		return err
	}
	s.p.Record(Iteration{
		K: k, Return: p.Return, Reward: p.Reward, Latents: p.Latents, Actions: p.Actions,
		DynViolation: make([]float64, s.p.Horizon), ActViolation: make([]float64, s.p.Horizon),
	})
	return nil
}
