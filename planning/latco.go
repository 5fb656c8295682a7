package planning

import (
	"context"

	"github.com/latco-studio/latco/resources/setting"
)

// LatCo plans by latent collocation (Rybkin et al., "Model-Based Reinforcement
// Learning via Latent-Space Collocation", ICML 2021): states and actions are
// variables together, the dynamics are a constraint that may be violated at
// first and is enforced by growing multipliers,
//
//	max_{z,a} Σ_t r(z_t)  s.t.  z_{t+1} = μ(z_t, a_t), |a_t| ≤ 1      (Eq. 6)
//
// solved by alternating a damped Gauss-Newton step on the residuals of
// Section 4 with the dual update of Eq. 10 (Algorithm 1). The plan assumes the
// mean of every transition.
//
// The zero value plans with the defaults of NewLatCo.
type LatCo struct {
	Collocation
}

var _ Configurable = (*LatCo)(nil)

// NewLatCo has the paper's settings for MetaWorld (Appendix D): 200 iterations,
// ε = 1e-4. The dual rule is the paper's Eq. 10: in this project the paper
// decides where it and the released program differ. On the point mass of
// planningtest it is feasible in half as many iterations and its clipped actions
// return 2–10 % more; ν swings more widely, so that actions leave ±1 by a
// little on the way, where the released rule keeps them inside.
func NewLatCo() *LatCo {
	return &LatCo{Collocation{
		Iterations: 200, Plans: 1, Damping: 1e-3,
		DualRule: DualPaper, DualRate: 0.1, DualEvery: 1,
		Lambda0: 1, Nu0: 1, DynScale: 1, ActScale: 1,
		DynTolerance: 1e-4, ActTolerance: 1e-4, SelectionSamples: 1,
	}}
}

// Fields lists the settings.
func (l *LatCo) Fields() []setting.Field { return l.fields() }

// Plan needs a Linearizer. Errors: *ProblemError, *setting.RangeError,
// *NeedError, *NonFiniteError, those of the model, and ctx's with a plan.
func (l *LatCo) Plan(ctx context.Context, p *Problem) (*Plan, error) {
	const name = "latco"
	use := *l
	if err := prepare(p, use.Fields(), NewLatCo().Fields()); err != nil {
		return nil, err
	}
	model, ok := p.Model.(Linearizer)
	if !ok {
		return nil, &NeedError{name, needLinearizer}
	}
	b := newBundle(p, &use.Collocation, 0)
	m := &means{bundle: b, model: model, batch: linearizeBatch(model, p.Horizon),
		drdz: make([]float64, len(b.to)), reward: make([]float64, use.Plans*p.Horizon)}
	return use.optimise(ctx, name, p, b, m.linearise)
}

// means linearises the mean transitions of all plans.
type means struct {
	*bundle
	model Linearizer
	batch int

	reward []float64 // P·H
	drdz   []float64 // P·H×Z
}

func (m *means) linearise(ctx context.Context) error {
	m.gather()
	if err := m.evaluate(ctx); err != nil {
		return err
	}
	for i, tr := range m.trs {
		tr.measureDynamics(tr.next)
		drdz := part(m.drdz, i, tr.h*tr.zdim)
		for t, r := range part(m.reward, i, tr.h) {
			tr.setReward(t, r, part(drdz, t, tr.zdim))
		}
	}
	return nil
}

// evaluate asks the model for transitions and rewards of all plans.
func (m *means) evaluate(ctx context.Context) error {
	if m.remote != nil {
		if err := ctx.Err(); err != nil {
			return err
		}
		return m.remote.model.Collocate(m.from, m.a, m.next, m.to, m.reward, m.drdz)
	}
	return m.portions(ctx, m.batch, func(lo, hi int) error {
		z, a := m.model.FeatureDim(), m.model.ActionDim()
		if err := m.model.Linearize(hi-lo, m.from[lo*z:hi*z], m.a[lo*a:hi*a],
			m.next[lo*z:hi*z], m.dz[lo*z*z:hi*z*z], m.da[lo*z*a:hi*z*a]); err != nil {
			return err
		}
		return m.model.LinearizeReward(hi-lo, m.to[lo*z:hi*z], m.reward[lo:hi], m.drdz[lo*z:hi*z])
	})
}
