package planning

import (
	"cmp"
	"context"
	"runtime"
	"sync"
	"sync/atomic"
)

// runner lets every trajectory take its step.
type runner interface {
	run(ctx context.Context, trs []*trajectory) error
}

// steps is what takes the steps: the model where it does it sooner, or here.
func (b *bundle) steps(c *Collocation, p *Problem) runner {
	if b.remote != nil {
		return b.remote
	}
	return newSteppers(c, p, len(b.trs), p.Model.FeatureDim()+p.Model.ActionDim() >= refinedFrom)
}

// steppers are the workspaces in which trajectories take their steps: one a
// goroutine, so that memory grows with the machine and not with the plans.
type steppers []*stepper

// newSteppers makes steppers that begin in float32 or in float64.
func newSteppers(c *Collocation, p *Problem, plans int, single bool) steppers {
	threads := cmp.Or(p.Threads, runtime.GOMAXPROCS(0))
	out := make(steppers, min(plans, threads))
	for i := range out {
		// A single plan is worth two goroutines of its own once blocks are not tiny.
		out[i] = newStepperIn(c, p, len(out) == 1 && threads > 1 && p.Model.FeatureDim() >= 16, single)
	}
	return out
}

// run lets every trajectory take its step. It returns after all goroutines ended.
func (s steppers) run(ctx context.Context, trs []*trajectory) error {
	if len(s) == 1 {
		for _, tr := range trs {
			if err := s[0].step(ctx, tr); err != nil {
				return err
			}
		}
		return nil
	}
	var next atomic.Int64
	errs := make([]error, len(trs))
	var wg sync.WaitGroup
	for _, w := range s {
		wg.Go(func() {
			for i := next.Add(1) - 1; int(i) < len(trs); i = next.Add(1) - 1 {
				errs[i] = w.step(ctx, trs[i])
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
