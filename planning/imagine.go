package planning

import (
	"context"
	"fmt"
)

// imagine makes a plan of actions (H×A): clipped to ±1 and rolled through the
// mean dynamics, which leaves the random numbers alone, so that a plan does not
// depend on whether it is recorded. iteration is the number run so far.
func imagine(name string, p *Problem, actions []float64, iteration int) (*Plan, error) {
	z, a := p.Model.FeatureDim(), p.Model.ActionDim()
	actions = clone(actions)
	clip(actions)
	latents, rewards := make([]float64, (p.Horizon+1)*z), make([]float64, p.Horizon)
	if err := p.Model.Imagine(p.Feature, actions, latents, rewards, nil); err != nil {
		return nil, fmt.Errorf("planner %s, iteration %d: imagine the plan: %w", name, iteration, err)
	}
	if i := notFinite(rewards); i >= 0 {
		return nil, &NonFiniteError{name, iteration, "reward", i + 1}
	}
	if i := notFinite(latents); i >= 0 {
		return nil, &NonFiniteError{name, iteration, "latent", i / z}
	}
	return &Plan{
		Actions: rows(actions, a), Latents: rows(latents, z),
		Reward: rewards, Return: sum(rewards), Iterations: iteration,
	}, nil
}

// stopped is how a run ends that err broke off in an iteration: if ctx ended,
// with the plan of the actions reached so far and ctx's error.
func stopped(ctx context.Context, name string, p *Problem, actions []float64, iteration int, err error) (*Plan, error) {
	if ctx.Err() == nil {
		return nil, err
	}
	plan, err := imagine(name, p, actions, iteration)
	if err != nil {
		return nil, fmt.Errorf("%w, and then: %w", ctx.Err(), err)
	}
	return plan, ctx.Err()
}
