package planning

import "fmt"

// start draws the trajectories to be optimised; only the first is warm.
func (c *Collocation) start(p *Problem) []*trajectory {
	trs := make([]*trajectory, c.Plans)
	warm := p.Warm
	for i := range trs {
		trs[i] = newTrajectory(p, c.Lambda0, c.Nu0, warm)
		warm = nil
	}
	return trs
}

// selectPlan is the index of the trajectory whose clipped actions have the best
// mean return over sampled rollouts (REFERENCE B5).
func selectPlan(p *Problem, trs []*trajectory, samples int) (int, error) {
	if len(trs) == 1 {
		return 0, nil
	}
	best, most := 0, 0.0
	for i, tr := range trs {
		actions := clone(tr.a)
		clip(actions)
		mean, err := meanReturn(p, actions, samples)
		if err != nil {
			return 0, fmt.Errorf("roll out plan %d: %w", i, err)
		}
		if i == 0 || mean > most {
			best, most = i, mean
		}
	}
	return best, nil
}

// meanReturn averages the return of sampled rollouts of actions (H×A).
func meanReturn(p *Problem, actions []float64, samples int) (float64, error) {
	latents := make([]float64, (p.Horizon+1)*p.Model.FeatureDim())
	rewards := make([]float64, p.Horizon)
	var total float64
	for range samples {
		if err := p.Model.Imagine(p.Feature, actions, latents, rewards, p.Rand); err != nil {
			return 0, err
		}
		total += sum(rewards)
	}
	if mean := total / float64(samples); mean-mean == 0 {
		return mean, nil
	}
	return 0, fmt.Errorf("predicted return is not finite")
}
