package planning

import (
	"context"
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"

	"github.com/latco-studio/latco/planning/internal/blocktri"
)

// stepper takes Levenberg-Marquardt steps (Eq. 9 in the released program's scaling)
//
//	x ← x − (2JᵀJ + δI)⁻¹ 2Jᵀρ
//
// on the residuals of one trajectory, for t = 0..H−1 (REFERENCE B1):
//
//	κ √λ_t s_dyn (z_{t+1} − μ(z_t, a_t))   Z numbers
//	κ √ν_t s_act max(0, |a_t| − 1)         A numbers
//	κ softplus(−r(z_{t+1}))                1 number
//
// with κ = 1/(mean √λ s_dyn + mean √ν s_act + 1). Blocks of the normal
// equations are [a_t, z_t]; the first has no z (given), the last no a. The
// Jacobian of a pair with respect to z_{t+1} is the identity and one reward
// row, so only the part of μ needs a matrix product.
type stepper struct {
	weights
	double *system[float64] // made when first needed
	single *system[float32] // nil where blocks are small
	shape  shape
	grad   []float64 // 2Jᵀρ, then the step
	defect []float64 // Z

	refined refinement
}

// shape is what a system is made of.
type shape struct {
	sizes, coupled []int // of the blocks, see blocktri
	offset         []int // of every block in a vector, and behind the last
	h, z           int
	split          bool
}

func newShape(p *Problem, split bool) shape {
	h, z, a := p.Horizon, p.Model.FeatureDim(), p.Model.ActionDim()
	s := shape{sizes: make([]int, h+1), coupled: make([]int, h+1), offset: make([]int, h+2), h: h, z: z, split: split}
	for t := range s.sizes {
		s.sizes[t], s.coupled[t] = a+z, z
	}
	s.sizes[0], s.sizes[h] = a, z
	for t, n := range s.sizes {
		s.offset[t+1] = s.offset[t] + n
	}
	return s
}

// StepOperations is the number of additions and multiplications that a step of
// collocation takes for a time step, of z latents and a actions: normal equations,
// their factor, two substitutions.
func StepOperations(z, a int) float64 {
	zf, n := float64(z), float64(z+a)
	return zf*n*n + n*n*n/3 + zf*n*n + zf*zf*n + 4*n*(n+zf)
}

// refinedFrom is the size of a block from which float32 with a refinement is
// faster than float64: three fifths of the time at the paper's 234.
const refinedFrom = 128

func newStepper(c *Collocation, p *Problem, split bool) *stepper {
	return newStepperIn(c, p, split, p.Model.FeatureDim()+p.Model.ActionDim() >= refinedFrom)
}

// newStepperIn makes a stepper that begins in float32 or in float64.
func newStepperIn(c *Collocation, p *Problem, split, single bool) *stepper {
	s := &stepper{weights: newWeights(c, p), shape: newShape(p, split), defect: make([]float64, p.Model.FeatureDim())}
	s.grad = make([]float64, s.shape.unknowns())
	if single {
		s.single = newSystem(blocktri.Single{}, s.shape)
		s.refined = newRefinement(len(s.grad))
	}
	return s
}

// step moves tr. It stops between two blocks if ctx ends, with tr untouched.
func (s *stepper) step(ctx context.Context, tr *trajectory) error {
	s.weigh(tr)
	s.gradient(tr)
	if err := s.solve(ctx, tr); err != nil {
		return err
	}
	s.shape.move(tr, s.grad)
	s.stepStd(tr)
	return nil
}

// move takes step x.
func (s *shape) move(tr *trajectory, x []float64) {
	for t := range tr.h + 1 {
		da, dz := s.parts(x, tr, t)
		for i, v := range da {
			tr.a[t*tr.adim+i] -= v
		}
		for i, v := range dz {
			tr.z[t*tr.zdim+i] -= v
		}
	}
}

// unknowns is how many numbers a step has.
func (s *shape) unknowns() int { return s.offset[len(s.offset)-1] }

// solve turns grad into the step. A trajectory whose system was once too much for
// float32 stays with float64.
func (s *stepper) solve(ctx context.Context, tr *trajectory) error {
	if s.single != nil && !tr.double {
		ok, err := s.refine(ctx, tr)
		if ok || err != nil {
			return err
		}
		tr.double = true
	}
	if s.double == nil {
		s.double = newSystem(blocktri.Double{}, s.shape)
	}
	tr.solver = solverDouble
	if err := s.double.factor(ctx, s, tr); err != nil {
		return err
	}
	s.double.Solve(s.grad)
	return nil
}

// parts are the pieces of grad that belong to a_t and z_t; nil where x_t has none.
func (s *stepper) parts(tr *trajectory, t int) (a, z []float64) { return s.shape.parts(s.grad, tr, t) }

// parts are the pieces of a vector that belong to a_t and z_t.
func (s *shape) parts(x []float64, tr *trajectory, t int) (a, z []float64) {
	x = x[s.offset[t]:s.offset[t+1]]
	if t < tr.h {
		a, x = x[:tr.adim], x[tr.adim:]
	}
	if t > 0 {
		z = x
	}
	return a, z
}

// gradient writes 2Jᵀρ.
func (s *stepper) gradient(tr *trajectory) {
	clear(s.grad)
	e := blas64.Vector{N: tr.zdim, Inc: 1, Data: s.defect}
	for t := range tr.h {
		next, predicted := tr.latent(t+1), tr.predicted(t)
		for i := range s.defect {
			s.defect[i] = next[i] - predicted[i]
		}
		w := 2 * s.dyn[t] * s.dyn[t]
		v := 2 * s.act[t] * s.act[t]
		ga, gz := s.parts(tr, t)
		_, gnext := s.parts(tr, t+1)
		for i, a := range tr.action(t) {
			ga[i] += v * math.Copysign(math.Max(0, math.Abs(a)-1), a)
		}
		blas64.Gemv(blas.Trans, -w, tr.actionJacobian(t), e, 1, blas64.Vector{N: tr.adim, Inc: 1, Data: ga})
		if gz != nil {
			blas64.Gemv(blas.Trans, -w, tr.latentJacobian(t), e, 1, blas64.Vector{N: tr.zdim, Inc: 1, Data: gz})
		}
		c := 2 * s.kappa * s.kappa * tr.cost[t]
		for i, q := range tr.dcost[t*tr.zdim : (t+1)*tr.zdim] {
			gnext[i] += w*s.defect[i] + c*q
		}
	}
}

func (tr *trajectory) latentJacobian(t int) blas64.General {
	z := tr.zdim
	return blas64.General{Rows: z, Cols: z, Stride: z, Data: tr.dz[t*z*z : (t+1)*z*z]}
}

func (tr *trajectory) actionJacobian(t int) blas64.General {
	z, a := tr.zdim, tr.adim
	return blas64.General{Rows: z, Cols: a, Stride: a, Data: tr.da[t*z*a : (t+1)*z*a]}
}
