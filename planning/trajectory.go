package planning

import (
	"math"

	"github.com/latco-studio/latco/planning/internal/dual"
)

// trajectory is one plan under optimisation: the variables x_t = [z_t, a_t] of
// Eq. 6 with their multipliers, and what the model says at the iterate. Rows of
// z are the means μ_t in Gaussian LatCo.
//
// z_0 is given. The reference pins it with a residual of weight 1000 instead;
// fixing it is the limit of that for weight → ∞ and removes a block and six
// digits of conditioning.
type trajectory struct {
	h, zdim, adim int

	z          []float64 // (H+1)×Z
	a          []float64 // H×A
	lambda, nu []float64 // H

	// Written by linearise, with dynViolation.
	next   []float64 // H×Z: μ(z_t, a_t)
	dz     []float64 // H×Z×Z
	da     []float64 // H×Z×A
	reward []float64 // H: of state t+1; expected, in Gaussian LatCo
	cost   []float64 // H: softplus(−r), of state t+1; expected likewise
	dcost  []float64 // H×Z: its gradient

	dynViolation, actViolation []float64 // H: that drive the dual update

	double bool   // float32 is not enough for its systems
	solver string // of its last step

	// Gaussian LatCo only.
	std     []float64 // (H+1)×Z: σ_t, the first row fixed
	nextStd []float64 // H×Z: std[p(z_{t+1})], held constant in the step
}

// newTrajectory is drawTrajectory with memory for the model's values of its own.
func newTrajectory(p *Problem, lambda0, nu0 float64, warm *Plan) *trajectory {
	tr := drawTrajectory(p, lambda0, nu0, warm)
	h, z, a := tr.h, tr.zdim, tr.adim
	tr.next, tr.dz, tr.da = make([]float64, h*z), make([]float64, h*z*z), make([]float64, h*z*a)
	return tr
}

// drawTrajectory draws every state and action from N(0, 1) (REFERENCE B1), then
// takes what warm has of them.
func drawTrajectory(p *Problem, lambda0, nu0 float64, warm *Plan) *trajectory {
	h, z, a := p.Horizon, p.Model.FeatureDim(), p.Model.ActionDim()
	tr := &trajectory{
		h: h, zdim: z, adim: a,
		z: make([]float64, (h+1)*z), a: make([]float64, h*a),
		lambda: make([]float64, h), nu: make([]float64, h),
		reward: make([]float64, h), cost: make([]float64, h), dcost: make([]float64, h*z),
		dynViolation: make([]float64, h), actViolation: make([]float64, h),
	}
	for i := range tr.z {
		tr.z[i] = p.Rand.NormFloat64()
	}
	for i := range tr.a {
		tr.a[i] = p.Rand.NormFloat64()
	}
	if warm != nil {
		for t := 1; t < min(len(warm.Latents), h+1); t++ {
			copy(tr.z[t*z:], warm.Latents[t])
		}
		for t := 0; t < min(len(warm.Actions), h); t++ {
			copy(tr.a[t*a:], warm.Actions[t])
		}
	}
	copy(tr.z, p.Feature)
	for t := range h {
		tr.lambda[t], tr.nu[t] = lambda0, nu0
	}
	return tr
}

// latent is z_t.
func (tr *trajectory) latent(t int) []float64 { return tr.z[t*tr.zdim : (t+1)*tr.zdim] }

// action is a_t.
func (tr *trajectory) action(t int) []float64 { return tr.a[t*tr.adim : (t+1)*tr.adim] }

// predicted is μ(z_t, a_t), the model's state t+1.
func (tr *trajectory) predicted(t int) []float64 { return tr.next[t*tr.zdim : (t+1)*tr.zdim] }

// setReward enters r of state t+1 and its gradient, as the cost softplus(−r)
// (Section 4, reward residual).
func (tr *trajectory) setReward(t int, r float64, drdz []float64) {
	tr.reward[t] = r
	tr.cost[t] = softplus(-r)
	slope := -1 / (1 + math.Exp(r)) // d softplus(−r)/dr
	row := tr.dcost[t*tr.zdim : (t+1)*tr.zdim]
	for i, d := range drdz {
		row[i] = slope * d
	}
}

// measureDynamics computes ‖z_{t+1} − next_t‖² (Eq. 8).
func (tr *trajectory) measureDynamics(next []float64) {
	for t := range tr.h {
		tr.dynViolation[t] = distance2(tr.latent(t+1), next[t*tr.zdim:(t+1)*tr.zdim])
	}
}

// measureActions computes how far actions are outside ±1, as the rule has it.
func (tr *trajectory) measureActions(rule dual.Rule) {
	for t := range tr.h {
		tr.actViolation[t] = 0
		for _, a := range tr.action(t) {
			tr.actViolation[t] += rule.Action(a)
		}
	}
}

// lagrangian is Eq. 8 without its constants.
func (tr *trajectory) lagrangian() float64 {
	var l float64
	for t := range tr.h {
		l += tr.reward[t] - tr.lambda[t]*tr.dynViolation[t] - tr.nu[t]*tr.actViolation[t]
	}
	return l
}

// notFinite names the first quantity with a NaN or infinity and its time step.
func (tr *trajectory) notFinite() (string, int) {
	for _, q := range []struct {
		name   string
		values []float64
		cols   int
		first  int
	}{
		{"latent", tr.z, tr.zdim, 0},
		{"action", tr.a, tr.adim, 0},
		{"standard deviation σ", tr.std, tr.zdim, 0},
		{"next latent", tr.next, tr.zdim, 1},
		{"standard deviation of the next latent", tr.nextStd, tr.zdim, 1},
		{"Jacobian ∂μ/∂z", tr.dz, tr.zdim * tr.zdim, 0},
		{"Jacobian ∂μ/∂a", tr.da, tr.zdim * tr.adim, 0},
		{"reward", tr.reward, 1, 1},
		{"reward's cost", tr.cost, 1, 1},
		{"reward gradient", tr.dcost, tr.zdim, 1},
		{"multiplier λ", tr.lambda, 1, 0},
		{"multiplier ν", tr.nu, 1, 0},
	} {
		if i := notFinite(q.values); i >= 0 {
			return q.name, q.first + i/q.cols
		}
	}
	return "", -1
}

// iteration is a record of the iterate, with memory of its own.
func (tr *trajectory) iteration(k, plan int) Iteration {
	it := Iteration{
		K: k, Plan: plan, Return: sum(tr.reward), Reward: clone(tr.reward),
		DynViolation: clone(tr.dynViolation), ActViolation: make([]float64, tr.h),
		Lambda: clone(tr.lambda), Nu: clone(tr.nu),
		Latents: rows(tr.z, tr.zdim), Actions: rows(tr.a, tr.adim),
	}
	if tr.std != nil {
		it.Std = rows(tr.std, tr.zdim)
	}
	for t, a := range it.Actions {
		it.ActViolation[t] = outside(a)
	}
	return it
}

// plan is the iterate as a result: actions within ±1.
func (tr *trajectory) plan(iterations int) *Plan {
	p := &Plan{
		Actions: rows(tr.a, tr.adim), Latents: rows(tr.z, tr.zdim),
		Reward: clone(tr.reward), Return: sum(tr.reward), Iterations: iterations,
		Solver: tr.solver,
	}
	for _, a := range p.Actions {
		clip(a)
	}
	return p
}

// outside is Σ max(0, |a|−1)².
func outside(action []float64) float64 {
	var s float64
	for _, a := range action {
		s += dual.SquaredExcess(a)
	}
	return s
}

// softplus is ln(1+eˣ) without overflow.
func softplus(x float64) float64 {
	return math.Max(x, 0) + math.Log1p(math.Exp(-math.Abs(x)))
}
