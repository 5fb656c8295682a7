package planning

import (
	"context"
	"math"
)

// remote takes the steps of all trajectories where a Collocator computes. A
// trajectory whose system was once too much for float32 stays with the CPU and
// float64; its Jacobians are fetched.
type remote struct {
	weights
	shape  shape
	model  Collocator
	solver string
	local  func(plans int) steppers // makes what follows
	double steppers                 // for plans that stay with the CPU; made when first needed
	aside  []*trajectory            // those

	defect, excess, cost, dcost []float64 // P·H×Z, A, 1, Z
	dynAll, actAll              []float64 // P·H
	kappaAll                    []float64 // P
	x                           []float64 // P×unknowns: the steps
	corrected                   []float64 // P
}

// newRemote is nil where the steps are the planner's, with a reason if that is not
// for the sake of speed. samples as in StartCollocation.
func newRemote(p *Problem, c *Collocation, samples int) (r *remote, why error) {
	model, ok := p.Model.(Collocator)
	h, z, a := p.Horizon, p.Model.FeatureDim(), p.Model.ActionDim()
	if !ok || float64(c.Plans*h)*StepOperations(z, a) < model.CollocateFrom() {
		return nil, nil
	}
	solver, err := model.StartCollocation(c.Plans, h, samples, c.Damping)
	if err != nil {
		return nil, err
	}
	n := c.Plans * h
	r = &remote{
		weights: newWeights(c, p), shape: newShape(p, false), model: model, solver: solver,
		local:  func(plans int) steppers { return newSteppers(c, p, plans, false) },
		defect: make([]float64, n*z), excess: make([]float64, n*a), cost: make([]float64, n), dcost: make([]float64, n*z),
		dynAll: make([]float64, n), actAll: make([]float64, n), kappaAll: make([]float64, c.Plans),
		corrected: make([]float64, c.Plans),
	}
	r.x = make([]float64, c.Plans*r.shape.unknowns())
	return r, nil
}

// run lets every trajectory take its step.
func (r *remote) run(ctx context.Context, trs []*trajectory) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if len(r.aside) < len(trs) {
		if err := r.solve(trs); err != nil {
			return err
		}
	}
	r.aside = r.aside[:0]
	for i, tr := range trs {
		if !tr.double && r.corrected[i] <= mostCorrected {
			r.weigh(tr)
			r.shape.move(tr, part(r.x, i, r.shape.unknowns()))
			r.stepStd(tr)
			tr.solver = r.solver
			continue
		}
		tr.double = true
		r.aside = append(r.aside, tr)
		if err := r.fetch(i, tr); err != nil {
			return err
		}
	}
	if len(r.aside) == 0 {
		return nil
	}
	if r.double == nil {
		r.double = r.local(len(trs))
	}
	return r.double.run(ctx, r.aside)
}

// solve fills x and corrected.
func (r *remote) solve(trs []*trajectory) error {
	for i, tr := range trs {
		r.weigh(tr)
		copy(part(r.dynAll, i, tr.h), r.dyn)
		copy(part(r.actAll, i, tr.h), r.act)
		r.kappaAll[i] = r.kappa
		copy(part(r.cost, i, tr.h), tr.cost)
		copy(part(r.dcost, i, len(tr.dcost)), tr.dcost)
		defect, excess := part(r.defect, i, len(tr.next)), part(r.excess, i, len(tr.a))
		for j, z := range tr.z[tr.zdim:] {
			defect[j] = z - tr.next[j]
		}
		for j, a := range tr.a {
			excess[j] = math.Copysign(math.Max(0, math.Abs(a)-1), a)
		}
	}
	return r.model.StepChains(r.defect, r.excess, r.cost, r.dcost, r.dynAll, r.actAll, r.kappaAll, r.x, r.corrected)
}

// fetch gets the Jacobians of trajectory i. What is wrong with its system may be a
// NaN in them.
func (r *remote) fetch(i int, tr *trajectory) error {
	if tr.dz == nil {
		tr.dz, tr.da = make([]float64, tr.h*tr.zdim*tr.zdim), make([]float64, tr.h*tr.zdim*tr.adim)
	}
	if err := r.model.ChainJacobians(i, tr.dz, tr.da); err != nil {
		return err
	}
	if q, t := tr.notFinite(); q != "" {
		return &NonFiniteError{Quantity: q, Step: t}
	}
	return nil
}
