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
	damping            float64
	dynScale, actScale float64

	sys      *blocktri.Matrix
	grad     []float64 // 2Jᵀρ, then the step
	kappa    float64
	dyn, act []float64 // H: factors of the residuals, κ included
	defect   []float64 // Z
}

// StepOperations is the number of additions and multiplications that a step of
// collocation takes for a time step, of z latents and a actions: normal equations,
// their factor, two substitutions.
func StepOperations(z, a int) float64 {
	zf, n := float64(z), float64(z+a)
	return zf*n*n + n*n*n/3 + zf*n*n + zf*zf*n + 4*n*(n+zf)
}

func newStepper(c *Collocation, p *Problem, split bool) *stepper {
	h, z, a := p.Horizon, p.Model.FeatureDim(), p.Model.ActionDim()
	size, coupled := make([]int, h+1), make([]int, h+1)
	for t := range size {
		size[t], coupled[t] = a+z, z
	}
	size[0], size[h] = a, z
	s := &stepper{
		damping: c.Damping, dynScale: c.DynScale, actScale: c.ActScale,
		sys: blocktri.New(size, coupled),
		dyn: make([]float64, h), act: make([]float64, h), defect: make([]float64, z),
	}
	s.sys.Split = split
	s.grad = make([]float64, s.sys.Len())
	return s
}

// step moves tr. It stops between two blocks if ctx ends, with tr untouched.
func (s *stepper) step(ctx context.Context, tr *trajectory) error {
	s.weigh(tr)
	s.gradient(tr)
	err := s.sys.Factor(ctx, func(t int, d blas64.Symmetric, b blas64.General) { s.fill(tr, t, d, b) })
	if err != nil {
		return err
	}
	s.sys.Solve(s.grad)
	for t := range tr.h + 1 {
		da, dz := s.parts(tr, t)
		for i, v := range da {
			tr.a[t*tr.adim+i] -= v
		}
		for i, v := range dz {
			tr.z[t*tr.zdim+i] -= v
		}
	}
	if tr.std != nil {
		s.stepStd(tr)
	}
	return nil
}

// stepStd solves σ's own equations. std[p] and the σ inside it are constants of
// the step (Appendix C), so σ_{t+1} has the residual κ√λ_t s_dyn (σ_{t+1} − std_t)
// alone and its normal equation is diagonal.
func (s *stepper) stepStd(tr *trajectory) {
	for t, w := range s.dyn {
		share := 2 * w * w / (s.damping + 2*w*w)
		target := tr.nextStd[t*tr.zdim : (t+1)*tr.zdim]
		std := tr.std[(t+1)*tr.zdim : (t+2)*tr.zdim]
		for i := range std {
			std[i] -= share * (std[i] - target[i])
		}
	}
}

// weigh computes the factors of the residuals.
func (s *stepper) weigh(tr *trajectory) {
	var total float64
	for t := range tr.h {
		s.dyn[t] = math.Sqrt(tr.lambda[t]) * s.dynScale
		s.act[t] = math.Sqrt(tr.nu[t]) * s.actScale
		total += s.dyn[t] + s.act[t]
	}
	s.kappa = 1 / (total/float64(tr.h) + 1)
	for t := range tr.h {
		s.dyn[t] *= s.kappa
		s.act[t] *= s.kappa
	}
}

// parts are the pieces of grad that belong to a_t and z_t; nil where x_t has none.
func (s *stepper) parts(tr *trajectory, t int) (a, z []float64) {
	g := s.grad[s.sys.Offset(t):]
	if t < tr.h {
		a, g = g[:tr.adim], g[tr.adim:]
	}
	if t > 0 {
		z = g[:tr.zdim]
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

// fill writes block t of 2JᵀJ + δI and its coupling with block t+1.
func (s *stepper) fill(tr *trajectory, t int, d blas64.Symmetric, b blas64.General) {
	if t < tr.h {
		// b = √2 w [∂μ/∂a ∂μ/∂z]: d = bᵀb, then b becomes the coupling −2w² […].
		c := math.Sqrt2 * s.dyn[t]
		tr.transition(t, c, b)
		blas64.Syrk(blas.Trans, 1, b, 0, d)
		for i := range b.Data {
			b.Data[i] *= -c
		}
	} else {
		clear(d.Data)
	}
	for i := range d.N {
		d.Data[i*d.Stride+i] += s.damping
	}
	skip := 0
	if t < tr.h {
		skip = tr.adim
		for i, a := range tr.action(t) {
			if math.Abs(a) > 1 {
				d.Data[i*d.Stride+i] += 2 * s.act[t] * s.act[t]
			}
		}
	}
	if t == 0 {
		return
	}
	for i := skip; i < d.N; i++ {
		d.Data[i*d.Stride+i] += 2 * s.dyn[t-1] * s.dyn[t-1]
	}
	zz := blas64.Symmetric{Uplo: blas.Lower, N: tr.zdim, Stride: d.Stride, Data: d.Data[skip*d.Stride+skip:]}
	q := blas64.Vector{N: tr.zdim, Inc: 1, Data: tr.dcost[(t-1)*tr.zdim : t*tr.zdim]}
	blas64.Syr(2*s.kappa*s.kappa, q, zz)
}

// transition writes c·[∂μ/∂a ∂μ/∂z] of step t into b; without the second part
// for t = 0, whose z is given.
func (tr *trajectory) transition(t int, c float64, b blas64.General) {
	z, a := tr.zdim, tr.adim
	da, dz := tr.da[t*z*a:], tr.dz[t*z*z:]
	for i := range z {
		row := b.Data[i*b.Stride : i*b.Stride+b.Cols]
		for j, v := range da[i*a : (i+1)*a] {
			row[j] = c * v
		}
		for j := a; j < len(row); j++ {
			row[j] = c * dz[i*z+j-a]
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
