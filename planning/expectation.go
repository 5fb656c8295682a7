package planning

import "context"

// How many samples go through the model between two looks at the context.
const (
	momentRows = 4   // time steps of LinearizeMoments, K samples each
	rewardRows = 256 // samples of LinearizeReward
)

// expectation estimates by sampling what Gaussian LatCo needs of the model
// (Algorithm 3). Noise is drawn afresh in every iteration.
type expectation struct {
	*bundle
	p     *Problem
	model MomentLinearizer

	seed                   uint64 // of this iteration's transitions
	samples, rewardSamples int
	released               bool // DualReleased: violation of the transition at the mean

	std     []float64 // P·H×Z: σ of states 0..H−1
	nextStd []float64 // P·H×Z: memory of the trajectories
	centre  []float64 // P·H×Z: μ(μ_t, a_t)
	z, drdz []float64 // rows×Z: samples of q(z_{t+1}) and reward gradients there
	r       []float64 // rows
}

func newExpectation(g *GaussianLatCo, p *Problem, b *bundle, model MomentLinearizer) *expectation {
	n := max(rewardRows, linearizeBatch(model, 1))
	n = max(1, n/g.RewardSamples) * g.RewardSamples
	return &expectation{
		bundle: b, p: p, model: model, samples: g.Samples, rewardSamples: g.RewardSamples,
		released: g.DualRule == DualReleased,
		std:      make([]float64, len(b.next)), nextStd: make([]float64, len(b.next)), centre: make([]float64, len(b.next)),
		z: make([]float64, n*model.FeatureDim()), drdz: make([]float64, n*model.FeatureDim()),
		r: make([]float64, n),
	}
}

// linearise fills all trajectories. It returns ctx's error if ctx ends.
func (e *expectation) linearise(ctx context.Context) error {
	e.gather()
	for i, tr := range e.trs {
		copy(part(e.std, i, tr.h*tr.zdim), tr.std)
		tr.clearReward()
	}
	e.seed = e.p.Rand.Uint64()
	if err := e.transitions(ctx); err != nil {
		return err
	}
	if err := e.portions(ctx, len(e.r)/e.rewardSamples, e.rewards); err != nil {
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

// rewards estimates E_q[softplus(−r(z_{t+1}))], its gradient with respect to
// μ_{t+1} at fixed noise and σ, and E_q[r(z_{t+1})].
func (e *expectation) rewards(lo, hi int) error {
	k, z := e.rewardSamples, e.model.FeatureDim()
	n := (hi - lo) * k
	for i := range n {
		tr, t := e.at(lo + i/k)
		mean, std := tr.latent(t+1), tr.sigma(t+1)
		for j := range z {
			e.z[i*z+j] = mean[j] + std[j]*e.p.Rand.NormFloat64()
		}
	}
	if err := e.model.LinearizeReward(n, e.z[:n*z], e.r[:n], e.drdz[:n*z]); err != nil {
		return err
	}
	for i := range n {
		tr, t := e.at(lo + i/k)
		tr.addReward(t, e.r[i], e.drdz[i*z:(i+1)*z], 1/float64(k))
	}
	return nil
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
