package planning

import (
	"context"
	"errors"
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/floats"

	"github.com/latco-studio/latco/planning/internal/blocktri"
)

// How systems are solved, for Plan.Solver.
const (
	solverDouble  = blocktri.Name + ", float64, CPU"
	solverRefined = blocktri.Name + ", float32 refined in float64, CPU"
)

// refinement solves in float32 and corrects the solution once by its residual in
// float64 (Wilkinson; Higham, "Accuracy and Stability of Numerical Algorithms",
// chapter 12). The relative error of the result is the square of the correction's
// size.
type refinement struct {
	x, residual []float64
	narrow      []float32
}

// mostCorrected is the greatest relative correction of a solution that is kept:
// its error is then below 1e-6.
const mostCorrected = 1e-3

func newRefinement(n int) refinement {
	return refinement{make([]float64, n), make([]float64, n), make([]float32, n)}
}

// refine turns grad into the step; not ok leaves it as it was: the system is too
// badly conditioned for float32.
func (s *stepper) refine(ctx context.Context, tr *trajectory) (ok bool, err error) {
	err = s.single.factor(ctx, s, tr)
	if not := (*blocktri.NotPositiveError)(nil); errors.As(err, &not) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	r := &s.refined
	s.solveNarrow(s.grad, r.x)
	s.multiply(tr, r.x, r.residual)
	for i, g := range s.grad {
		r.residual[i] = g - r.residual[i]
	}
	s.solveNarrow(r.residual, r.residual)
	if !(floats.Norm(r.residual, 2) <= mostCorrected*floats.Norm(r.x, 2)) {
		return false, nil
	}
	for i, v := range r.residual {
		s.grad[i] = r.x[i] + v
	}
	tr.solver = solverRefined
	return true, nil
}

// solveNarrow solves for b in float32; x may be b.
func (s *stepper) solveNarrow(b, x []float64) {
	r := s.refined.narrow
	// Scaled, so that nothing leaves the range of float32.
	scale := floats.Norm(b, math.Inf(1))
	if scale == 0 {
		clear(x)
		return
	}
	for i, v := range b {
		r[i] = float32(v / scale)
	}
	s.single.Solve(r)
	for i, v := range r {
		x[i] = float64(v) * scale
	}
}

// multiply fills y with (2JᵀJ + δI)x in float64, through the Jacobians.
func (s *stepper) multiply(tr *trajectory, x, y []float64) {
	for i, v := range x {
		y[i] = s.damping * v
	}
	e := blas64.Vector{N: tr.zdim, Inc: 1, Data: s.defect}
	vector := func(v []float64) blas64.Vector { return blas64.Vector{N: len(v), Inc: 1, Data: v} }
	for t := range tr.h {
		xa, xz := s.shape.parts(x, tr, t)
		ya, yz := s.shape.parts(y, tr, t)
		_, xnext := s.shape.parts(x, tr, t+1)
		_, ynext := s.shape.parts(y, tr, t+1)
		copy(s.defect, xnext)
		blas64.Gemv(blas.NoTrans, -1, tr.actionJacobian(t), vector(xa), 1, e)
		if xz != nil {
			blas64.Gemv(blas.NoTrans, -1, tr.latentJacobian(t), vector(xz), 1, e)
		}
		w := 2 * s.dyn[t] * s.dyn[t]
		blas64.Gemv(blas.Trans, -w, tr.actionJacobian(t), e, 1, vector(ya))
		if xz != nil {
			blas64.Gemv(blas.Trans, -w, tr.latentJacobian(t), e, 1, vector(yz))
		}
		for i, a := range tr.action(t) {
			if math.Abs(a) > 1 {
				ya[i] += 2 * s.act[t] * s.act[t] * xa[i]
			}
		}
		q := tr.dcost[t*tr.zdim : (t+1)*tr.zdim]
		c := 2 * s.kappa * s.kappa * floats.Dot(q, xnext)
		for i, v := range q {
			ynext[i] += w*s.defect[i] + c*v
		}
	}
}
