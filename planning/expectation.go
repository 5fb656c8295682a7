package planning

import "context"

// momentRows is how many time steps go through LinearizeMoments between two looks at
// the context, K samples each.
const momentRows = 4

// cheapRewards is how many rewards with their gradients take about as long as the
// Jacobians of a transition.
const cheapRewards = 32

// expectation estimates by sampling what Gaussian LatCo needs of the model
// (Algorithm 3). Noise is drawn afresh in every iteration.
type expectation struct {
	*bundle
	p     *Problem
	model MomentLinearizer

	seed                   uint64 // of this iteration
	samples, rewardSamples int
	released               bool // DualReleased: violation of the transition at the mean

	std, toStd []float64 // P·H×Z: σ of states 0..H−1 and 1..H
	centre     []float64 // P·H×Z: μ(μ_t, a_t)

	nextStd, dcost []float64 // P·H×Z: memory of the trajectories
	reward, cost   []float64 // P·H: likewise
}

func newExpectation(g *GaussianLatCo, p *Problem, b *bundle, model MomentLinearizer) *expectation {
	n := len(b.next)
	return &expectation{
		bundle: b, p: p, model: model, samples: g.Samples, rewardSamples: g.RewardSamples,
		released: g.DualRule == DualReleased,
		std:      make([]float64, n), toStd: make([]float64, n), centre: make([]float64, n),
		nextStd: make([]float64, n), dcost: make([]float64, n),
		reward: make([]float64, len(b.trs)*b.h), cost: make([]float64, len(b.trs)*b.h),
	}
}

// linearise fills all trajectories. It returns ctx's error if ctx ends.
func (e *expectation) linearise(ctx context.Context) error {
	e.gather()
	for i, tr := range e.trs {
		copy(part(e.std, i, tr.h*tr.zdim), tr.std)
		copy(part(e.toStd, i, tr.h*tr.zdim), tr.std[tr.zdim:])
	}
	e.seed = e.p.Rand.Uint64()
	if err := e.transitions(ctx); err != nil {
		return err
	}
	if err := e.portions(ctx, max(1, cheapRewards*linearizeBatch(e.model, 1)/e.rewardSamples), e.rewards); err != nil {
		return err
	}
	return e.violations(ctx)
}

// transitions estimates the moments of all transitions.
func (e *expectation) transitions(ctx context.Context) error {
	if e.remote == nil {
		return e.portions(ctx, e.momentRows(), e.moments)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return e.remote.model.CollocateMoments(e.from, e.std, e.a, e.next, e.nextStd, e.seed)
}

// momentRows is how many transitions go through the model between two looks at
// the context, K samples each.
func (e *expectation) momentRows() int {
	return max(momentRows, linearizeBatch(e.model, 1)/e.samples)
}

// moments estimates mean[p(z_{t+1})] and std[p(z_{t+1})] of rows [lo, hi).
func (e *expectation) moments(lo, hi int) error {
	z, a := e.model.FeatureDim(), e.model.ActionDim()
	return e.model.LinearizeMoments(hi-lo, e.samples, e.from[lo*z:hi*z], e.std[lo*z:hi*z], e.a[lo*a:hi*a],
		e.next[lo*z:hi*z], e.nextStd[lo*z:hi*z], e.dz[lo*z*z:hi*z*z], e.da[lo*z*a:hi*z*a], e.seed, lo)
}

// rewards estimates E_q[r(z_{t+1})], E_q[softplus(−r(z_{t+1}))] and the latter's
// gradient with respect to μ_{t+1} at fixed noise and σ, of rows [lo, hi).
func (e *expectation) rewards(lo, hi int) error {
	z := e.model.FeatureDim()
	return e.model.ExpectRewards(hi-lo, e.rewardSamples, e.to[lo*z:hi*z], e.toStd[lo*z:hi*z],
		e.reward[lo:hi], e.cost[lo:hi], e.dcost[lo*z:hi*z], e.seed, lo)
}

// violations is what the dual update sees. The paper's Lagrangian (Eq. 12) sums
// the violations of both moments; the released program takes the transition
// at the mean μ_t, undisturbed by sampling noise and blind to σ_t.
func (e *expectation) violations(ctx context.Context) error {
	if e.released {
		err := e.portions(ctx, e.h, func(lo, hi int) error {
			z, a := e.model.FeatureDim(), e.model.ActionDim()
			return e.model.Linearize(hi-lo, e.from[lo*z:hi*z], e.a[lo*a:hi*a], e.centre[lo*z:hi*z], nil, nil)
		})
		for i, tr := range e.trs {
			tr.measureDynamics(part(e.centre, i, tr.h*tr.zdim))
		}
		return err
	}
	for _, tr := range e.trs {
		tr.measureDynamics(tr.next)
		for t := range tr.h {
			tr.dynViolation[t] += distance2(tr.sigma(t+1), part(tr.nextStd, t, tr.zdim))
		}
	}
	return nil
}

// sigma is σ_t.
func (tr *trajectory) sigma(t int) []float64 { return tr.std[t*tr.zdim : (t+1)*tr.zdim] }
