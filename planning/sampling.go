package planning

import (
	"context"
	"fmt"

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

// fit draws conclusions from a scored iteration: new mean and std (H·A) in place.
// It returns the mean return of the sequences it follows.
type fit func(s search, mean, std []float64) (float64, error)

// shooter searches over action sequences with a diagonal Gaussian, the part
// that all shooting planners share: draw, limit, score, fit again.
type shooter struct {
	name  string
	p     *Problem
	batch int // sequences a call
	n     int // sequences an iteration
	search

	mean, std []float64 // H·A: what is drawn from
	best      []float64 // H·A: the plan so far; mean itself unless the fit keeps one
	fit       fit
}

func newShooter(name string, p *Problem, samples int, rollouts string) (*shooter, error) {
	model, ok := p.Model.(Scorer)
	if !ok {
		return nil, &NeedError{name, needScorer}
	}
	d := p.Horizon * p.Model.ActionDim()
	s := &shooter{
		name: name, p: p, batch: batchOf(model, p.Horizon), n: samples, search: searchOf(model, p.Rand),
		mean: make([]float64, d), std: make([]float64, d),
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
	s.best = s.mean
	err := s.StartSearch(p.Feature, samples, p.Horizon, rollouts == RolloutSampled, p.Rand.Uint64())
	if err != nil {
		return nil, fmt.Errorf("planner %s: begin a search of %d sequences: %w", name, samples, err)
	}
	return s, nil
}

// run iterates and returns the best plan. If ctx ends, that of the last complete
// iteration is still one.
func (s *shooter) run(ctx context.Context, iterations int) (*Plan, error) {
	for k := range iterations {
		if err := s.record(k); err != nil {
			return nil, err
		}
		if err := s.iterate(ctx, k); err != nil {
			return stopped(ctx, s.name, s.p, s.best, k, err)
		}
	}
	if err := s.record(iterations); err != nil {
		return nil, err
	}
	return imagine(s.name, s.p, s.best, iterations)
}

// iterate draws all sequences, scores them, a batch at a time, and fits.
func (s *shooter) iterate(ctx context.Context, k int) error {
	for first := 0; first < s.n; first += s.batch {
		if err := ctx.Err(); err != nil {
			return err
		}
		n := min(s.batch, s.n-first)
		if err := s.SearchRange(k, first, n, s.mean, s.std); err != nil {
			return fmt.Errorf("planner %s, iteration %d: score %d sequences: %w", s.name, k, n, err)
		}
	}
	value, err := s.fit(s.search, s.mean, s.std)
	if err != nil {
		return fmt.Errorf("planner %s, iteration %d: fit to %d sequences: %w", s.name, k, s.n, err)
	}
	if value-value != 0 {
		return &NonFiniteError{s.name, k, "return", -1}
	}
	return nil
}

// record shows the plan so far. The dynamics hold by construction, and the mean
// of limited sequences is within the bounds.
func (s *shooter) record(k int) error {
	if s.p.Record == nil {
		return nil
	}
	p, err := imagine(s.name, s.p, s.best, k)
	if err != nil {
		return err
	}
	s.p.Record(Iteration{
		K: k, Return: p.Return, Reward: p.Reward, Latents: p.Latents, Actions: p.Actions,
		DynViolation: make([]float64, s.p.Horizon), ActViolation: make([]float64, s.p.Horizon),
	})
	return nil
}
