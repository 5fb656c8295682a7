package planning

import (
	"context"

	"github.com/latco-studio/latco/resources/setting"
)

// GaussianLatCo plans distributions q(z_t) = N(μ_t, diag σ_t²) (LatCo, Section
// 3.4, Appendix C, Algorithms 2 and 3): the constraint matches mean and standard
// deviation of what the stochastic dynamics make of samples of q(z_t), and the
// reward is an expectation over q(z_{t+1}),
//
//	max Σ_t E_q[r(z_t)]  s.t.  mean[p(z_{t+1})] = μ_{t+1}, std[p(z_{t+1})] = σ_{t+1}   (Eq. 5)
//
// Unlike LatCo it sees how uncertain an outcome is and leaves a lottery with a
// negative expectation alone (Section 5.5). Standard deviations carry forward
// only: no gradient flows from std[p] or through the sampling of z_t into σ_t
// (Appendix C), so σ's equations separate from those of [μ, a].
//
// The zero value plans with the defaults of NewGaussianLatCo.
type GaussianLatCo struct {
	Collocation

	Samples       int     // K of mean[p] and std[p]; default 50 (Section 3.4)
	RewardSamples int     // samples of the expected reward; default 50 (paper), the released program takes 1
	Sigma0        float64 // σ_0, the belief's, and the first σ of every state; default 1e-6
}

var _ Configurable = (*GaussianLatCo)(nil)

// NewGaussianLatCo has the paper's settings (Appendix D): 50 iterations and
// ε = 1e-2, because mean and standard deviation share it. The action tolerance
// is 1e-2 too, as released. Plans are compared by the mean of 100 rollouts,
// since one rollout is the luck this planner is there to see through. Three
// plans run side by side, because a single one can be caught beside a large
// lucky reward before it has seen how uncertain that is; the paper does not
// publish its number.
func NewGaussianLatCo() *GaussianLatCo {
	g := &GaussianLatCo{Collocation: NewLatCo().Collocation, Samples: 50, RewardSamples: 50, Sigma0: 1e-6}
	g.Iterations = 50
	g.DynTolerance, g.ActTolerance = 1e-2, 1e-2
	g.SelectionSamples = 100
	g.Plans = 3
	return g
}

// Fields lists the settings.
func (g *GaussianLatCo) Fields() []setting.Field {
	return append(g.fields(),
		setting.Field{Key: "samples", Title: "Samples of the dynamics", Min: 2, Max: 10000, Log: true, Value: &g.Samples,
			Help: "Samples K that estimate mean and standard deviation of the next latent (Algorithm 3); more are less noisy and cost proportionally more time."},
		setting.Field{Key: "reward_samples", Title: "Samples of the reward", Min: 1, Max: 10000, Log: true, Value: &g.RewardSamples,
			Help: "Samples that estimate the expected reward of a state (Eq. 5): 50 in the paper, 1 in the released program."},
		setting.Field{Key: "sigma0", Title: "First σ", Min: 1e-12, Max: 10, Log: true, Value: &g.Sigma0,
			Help: "Standard deviation of the present belief and of every planned state before the first iteration."},
	)
}

// Plan needs a MomentLinearizer. Errors as for LatCo. Latents of the plan and
// of its iterations are the means μ_t, rewards the expected ones.
func (g *GaussianLatCo) Plan(ctx context.Context, p *Problem) (*Plan, error) {
	const name = "gaussian-latco"
	use := *g
	if err := prepare(p, use.Fields(), NewGaussianLatCo().Fields()); err != nil {
		return nil, err
	}
	model, ok := p.Model.(MomentLinearizer)
	if !ok {
		return nil, &NeedError{name, needMoments}
	}
	b := newBundle(p, &use.Collocation, use.Samples)
	e := newExpectation(&use, p, b, model)
	for i, tr := range b.trs {
		tr.std = make([]float64, len(tr.z))
		tr.nextStd = part(e.nextStd, i, len(tr.next))
		tr.reward, tr.cost, tr.dcost = part(e.reward, i, tr.h), part(e.cost, i, tr.h), part(e.dcost, i, len(tr.next))
		for i := range tr.std {
			tr.std[i] = use.Sigma0
		}
	}
	return use.optimise(ctx, name, p, b, e.linearise)
}
