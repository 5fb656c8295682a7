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
	p     *Problem
	model MomentLinearizer

	samples, rewardSamples int
	released               bool // DualReleased: violation of the transition at the mean

	centre  []float64 // H×Z: μ(μ_t, a_t)
	z, drdz []float64 // rows×Z: samples of q(z_{t+1}) and reward gradients there
	r       []float64 // rows
}

func newExpectation(g *GaussianLatCo, p *Problem, model MomentLinearizer) *expectation {
	steps := max(1, rewardRows/g.RewardSamples)
	n := steps * g.RewardSamples
	return &expectation{
		p: p, model: model, samples: g.Samples, rewardSamples: g.RewardSamples,
		released: g.DualRule == DualReleased,
		centre:   make([]float64, p.Horizon*model.FeatureDim()),
		z:        make([]float64, n*model.FeatureDim()), drdz: make([]float64, n*model.FeatureDim()),
		r: make([]float64, n),
	}
}

// linearise fills tr. It returns ctx's error if ctx ends.
func (e *expectation) linearise(ctx context.Context, tr *trajectory) error {
	if err := e.moments(ctx, tr); err != nil {
		return err
	}
	if err := e.rewards(ctx, tr); err != nil {
		return err
	}
	return e.violation(tr)
}

// moments estimates mean[p(z_{t+1})] and std[p(z_{t+1})].
func (e *expectation) moments(ctx context.Context, tr *trajectory) error {
	z, a := tr.zdim, tr.adim
	for t := 0; t < tr.h; t += momentRows {
		if err := ctx.Err(); err != nil {
			return err
		}
		u := min(t+momentRows, tr.h)
		err := e.model.LinearizeMoments(u-t, e.samples, tr.z[t*z:u*z], tr.std[t*z:u*z], tr.a[t*a:u*a],
			tr.next[t*z:u*z], tr.nextStd[t*z:u*z], tr.dz[t*z*z:u*z*z], tr.da[t*z*a:u*z*a], e.p.Rand)
		if err != nil {
			return err
		}
	}
	return nil
}

// rewards estimates E_q[softplus(−r(z_{t+1}))], its gradient with respect to
// μ_{t+1} at fixed noise and σ, and E_q[r(z_{t+1})].
func (e *expectation) rewards(ctx context.Context, tr *trajectory) error {
	tr.clearReward()
	k, z := e.rewardSamples, tr.zdim
	steps := len(e.r) / k
	for t := 0; t < tr.h; t += steps {
		if err := ctx.Err(); err != nil {
			return err
		}
		n := min(steps, tr.h-t) * k
		for i := range n {
			mean, std := tr.latent(t+1+i/k), tr.sigma(t+1+i/k)
			for j := range z {
				e.z[i*z+j] = mean[j] + std[j]*e.p.Rand.NormFloat64()
			}
		}
		if err := e.model.LinearizeReward(n, e.z[:n*z], e.r[:n], e.drdz[:n*z]); err != nil {
			return err
		}
		for i := range n {
			tr.addReward(t+i/k, e.r[i], e.drdz[i*z:(i+1)*z], 1/float64(k))
		}
	}
	return nil
}

// violation is what the dual update sees. The paper's Lagrangian (Eq. 12) sums
// the violations of both moments; the released program takes the transition
// at the mean μ_t, undisturbed by sampling noise and blind to σ_t.
func (e *expectation) violation(tr *trajectory) error {
	n := tr.h * tr.zdim
	if e.released {
		if err := e.model.Linearize(tr.h, tr.z[:n], tr.a, e.centre, nil, nil); err != nil {
			return err
		}
		tr.measureDynamics(e.centre)
		return nil
	}
	tr.measureDynamics(tr.next)
	for t := range tr.h {
		tr.dynViolation[t] += distance2(tr.sigma(t+1), tr.nextStd[t*tr.zdim:(t+1)*tr.zdim])
	}
	return nil
}

// sigma is σ_t.
func (tr *trajectory) sigma(t int) []float64 { return tr.std[t*tr.zdim : (t+1)*tr.zdim] }
