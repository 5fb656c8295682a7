package planning

import (
	"context"
	"errors"
	"fmt"
	"math"
)

// errReturn is replaced by a *NonFiniteError where planner and iteration are known.
var errReturn = errors.New("return of a rollout is not finite")

// selectPlan is the index of the trajectory whose clipped actions have the best
// mean return over sampled rollouts (REFERENCE B5).
func selectPlan(ctx context.Context, p *Problem, trs []*trajectory, samples int) (int, error) {
	if len(trs) == 1 {
		return 0, nil
	}
	best, most := 0, math.Inf(-1)
	for i, tr := range trs {
		mean, err := meanReturn(ctx, p, tr.a, samples)
		if err != nil {
			return 0, fmt.Errorf("roll out plan %d of %d: %w", i+1, len(trs), err)
		}
		if mean > most {
			best, most = i, mean
		}
	}
	return best, nil
}

// meanReturn averages the return over sampled rollouts of the clipped actions
// (H×A), in batches if the model is a Scorer.
func meanReturn(ctx context.Context, p *Problem, actions []float64, samples int) (float64, error) {
	actions = clone(actions)
	clip(actions)
	roll := rollOne
	if _, ok := p.Model.(Scorer); ok {
		roll = rollBatch
	}
	returns := make([]float64, samples)
	for left := returns; len(left) > 0; {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		n, err := roll(p, actions, left)
		if err != nil {
			return 0, err
		}
		left = left[n:]
	}
	mean := sum(returns) / float64(samples)
	if mean-mean != 0 {
		return 0, errReturn
	}
	return mean, nil
}

// rollOne fills the first return.
func rollOne(p *Problem, actions, returns []float64) (int, error) {
	latents := make([]float64, (p.Horizon+1)*p.Model.FeatureDim())
	rewards := make([]float64, p.Horizon)
	err := p.Model.Imagine(p.Feature, actions, latents, rewards, p.Rand)
	returns[0] = sum(rewards)
	return 1, err
}

// rollBatch fills as many returns as the model, a Scorer, takes at a time.
func rollBatch(p *Problem, actions, returns []float64) (int, error) {
	model := p.Model.(Scorer)
	n := min(len(returns), batchOf(model, p.Horizon))
	repeated := make([]float32, 0, n*len(actions))
	for range n {
		for _, a := range actions {
			repeated = append(repeated, float32(a))
		}
	}
	return n, model.Score(p.Feature, repeated, n, p.Horizon, returns[:n], p.Rand)
}
