package planning

import (
	"context"
	"errors"
	"fmt"

	"github.com/latco-studio/latco/planning/internal/dual"
	"github.com/latco-studio/latco/resources/setting"
)

// The two forms of the dual update, values of Collocation.DualRule.
const (
	DualPaper    = "paper"    // Eq. 10 as printed
	DualReleased = "released" // the authors' program
)

// Collocation has the settings that LatCo and Gaussian LatCo share. A zero
// field means its default; where the two differ, the default is given by
// NewLatCo and NewGaussianLatCo.
type Collocation struct {
	Iterations int // Levenberg-Marquardt steps; LatCo 200, Gaussian LatCo 50 (Appendix D)
	Plans      int // plans optimised from different random starts, the best is taken; default 1

	// Damping δ of (2JᵀJ + δI)⁻¹2Jᵀρ, constant; default 1e-3. It is the released
	// program's δ, that is twice λ of Eq. 9.
	Damping float64

	DualRule  string  // DualPaper or DualReleased
	DualRate  float64 // α of Eq. 10; default 0.1
	DualEvery int     // optimiser steps between two dual updates; default 1
	Lambda0   float64 // first λ_t of the dynamics; default 1
	Nu0       float64 // first ν_t of the action bounds; default 1
	DynScale  float64 // s_dyn, factor of the dynamics residual; default 1
	ActScale  float64 // s_act, factor of the action residual; default 1

	// Tolerances ε of the violations summed over a time step's components.
	// Default 1e-4 both, Gaussian LatCo 1e-2.
	DynTolerance float64
	ActTolerance float64

	// SelectionSamples is the number of sampled rollouts whose mean return
	// decides among Plans. Default 1 as in the released program, Gaussian LatCo 100.
	SelectionSamples int
}

func (c *Collocation) fields() []setting.Field {
	return []setting.Field{
		{Key: "iterations", Title: "Iterations", Min: 1, Max: 10000, Log: true, Value: &c.Iterations,
			Help: "Levenberg-Marquardt steps (Eq. 9); more bring the plan closer to the dynamics and cost proportionally more time."},
		{Key: "plans", Title: "Parallel plans", Min: 1, Max: 256, Log: true, Value: &c.Plans,
			Help: "Plans optimised from different random starts, of which the one with the best predicted return is taken; raising it escapes more local optima."},
		{Key: "lambda0", Title: "First λ", Min: 1e-6, Max: 1e12, Log: true, Value: &c.Lambda0,
			Help: "First multiplier of the dynamics (Eq. 8): small values relax the dynamics at first, 1e8 is the paper's ablation without relaxation."},
		{Key: "nu0", Title: "First ν", Min: 1e-6, Max: 1e12, Log: true, Value: &c.Nu0,
			Help: "First multiplier of the action bounds (Eq. 8); raising it keeps actions within ±1 from the start."},
		{Key: "eps_dyn", Title: "Tolerance ε of the dynamics", Min: 1e-12, Max: 1e3, Log: true, Value: &c.DynTolerance,
			Help: "Squared dynamics violation a time step at which λ stops growing (Eq. 10); a large one gives infeasible plans, a small one ends the relaxation early."},
		{Key: "eps_act", Title: "Tolerance ε of the actions", Min: 1e-12, Max: 1e3, Log: true, Value: &c.ActTolerance,
			Help: "Squared action violation a time step at which ν stops growing (Eq. 10)."},
		{Key: "damping", Title: "Damping δ", Min: 1e-12, Max: 1e6, Log: true, Value: &c.Damping,
			Help: "Constant added to the diagonal of 2JᵀJ (Eq. 9); less converges faster and may diverge."},
		{Key: "dual_rule", Title: "Dual update", Choices: []string{DualPaper, DualReleased}, Value: &c.DualRule,
			Help: "Form of Eq. 10: paper takes the natural logarithm with η = 0.01, released the decimal one with 0.1 as in the authors' program."},
		{Key: "dual_rate", Title: "Dual rate α", Min: 1e-4, Max: 0.2, Log: true, Value: &c.DualRate,
			Help: "Learning rate of the multipliers (Eq. 10); raising it enforces the dynamics in fewer iterations and less smoothly."},
		{Key: "dual_every", Title: "Dual update every", Unit: "iterations", Min: 1, Max: 1000, Log: true, Value: &c.DualEvery,
			Help: "Optimiser steps between two updates of the multipliers (Algorithm 1, line 8)."},
		{Key: "s_dyn", Title: "Scale of the dynamics", Min: 1e-6, Max: 1e6, Log: true, Value: &c.DynScale,
			Help: "Constant factor of the dynamics residual beside √λ."},
		{Key: "s_act", Title: "Scale of the action bounds", Min: 1e-6, Max: 1e6, Log: true, Value: &c.ActScale,
			Help: "Constant factor of the action residual beside √ν."},
		{Key: "selection_samples", Title: "Rollouts a plan at selection", Min: 1, Max: 100000, Log: true, Value: &c.SelectionSamples,
			Help: "Sampled rollouts whose mean return decides among parallel plans; one is the released program, more estimate the expected return (Eq. 3)."},
	}
}

func (c *Collocation) rule() dual.Rule {
	if c.DualRule == DualReleased {
		return dual.Released(c.DualRate)
	}
	return dual.Paper(c.DualRate)
}

// linearise fills all trajectories' model values and dynViolation at their
// present iterates.
type linearise func(ctx context.Context) error

// optimise runs Algorithm 1, lines 6–9, on Plans trajectories and returns the
// chosen one as a Plan. The order within an iteration is the authors': primal
// step, then dual update with the violation of the new iterate.
//
// If ctx ends, the actions of the leading iterate are still a plan.
func (c *Collocation) optimise(ctx context.Context, name string, p *Problem, b *bundle, lin linearise) (*Plan, error) {
	rule, steps, trs := c.rule(), b.steps(c, p), b.trs
	for k := 0; ; k++ {
		if err := lin(ctx); err != nil {
			return c.stop(ctx, name, p, trs, k, err)
		}
		for _, tr := range trs {
			if q, t := tr.notFinite(); q != "" {
				return nil, &NonFiniteError{name, k, q, t}
			}
			tr.measureActions(rule)
			if k > 0 && k%c.DualEvery == 0 {
				rule.Update(tr.lambda, tr.dynViolation, c.DynTolerance)
				rule.Update(tr.nu, tr.actViolation, c.ActTolerance)
			}
		}
		if k == c.Iterations {
			plan, err := c.finish(ctx, name, p, trs, k)
			if plan != nil && plan.Solver != "" {
				plan.Solver += b.excuse
			}
			return plan, err
		}
		if p.Record != nil {
			best := leader(trs)
			p.Record(trs[best].iteration(k, best))
		}
		err := steps.run(ctx, trs)
		if bad := (*NonFiniteError)(nil); errors.As(err, &bad) {
			return nil, &NonFiniteError{name, k, bad.Quantity, bad.Step}
		}
		if err != nil {
			return c.stop(ctx, name, p, trs, k, err)
		}
	}
}

// finish chooses among the trajectories and records the chosen one.
func (c *Collocation) finish(ctx context.Context, name string, p *Problem, trs []*trajectory, k int) (*Plan, error) {
	best, err := selectPlan(ctx, p, trs, c.SelectionSamples)
	if errors.Is(err, errReturn) {
		return nil, &NonFiniteError{name, k, "return of a rollout", -1}
	}
	if err != nil {
		return c.stop(ctx, name, p, trs, k, err)
	}
	if p.Record != nil {
		p.Record(trs[best].iteration(k, best))
	}
	return trs[best].plan(k), nil
}

// stop ends a run that err broke off in iteration k; see stopped.
func (c *Collocation) stop(ctx context.Context, name string, p *Problem, trs []*trajectory, k int, err error) (*Plan, error) {
	return stopped(ctx, name, p, trs[leader(trs)].a, k, fmt.Errorf("planner %s, iteration %d: %w", name, k, err))
}

// leader is the trajectory with the greatest Lagrangian (Eq. 8).
func leader(trs []*trajectory) int {
	best := 0
	for i, tr := range trs {
		if tr.lagrangian() > trs[best].lagrangian() {
			best = i
		}
	}
	return best
}
