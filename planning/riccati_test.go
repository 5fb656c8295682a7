package planning

import (
	"context"
	"math/rand"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// One step on a linear model with a quadratic cost is the solution of the
// linear-quadratic problem
//
//	min Σ κ²(c + q·z_t)² + δ/2 (‖z_t‖² + ‖a_t‖²)  s.t.  z_{t+1} = A z_t + B a_t
//
// as the weight of the dynamics grows; the Riccati recursion gives its actions.
func TestStepSolvesRiccati(t *testing.T) {
	const h, z, a, cost = 12, 3, 2, 0.8
	rng := rand.New(rand.NewSource(2))
	s := newSmooth(rng, z, a) // for its sizes and numbers; used linearly
	c := NewLatCo().Collocation
	c.Damping = 1e-8
	p := &Problem{Model: s, Feature: []float64{1, -0.5, 0.3}, Horizon: h, Rand: rng}
	tr := newTrajectory(p, 1e8, 1, nil)
	clear(tr.a)
	clear(tr.z[z:])
	for t := range h {
		copy(tr.dz[t*z*z:], s.w)
		copy(tr.da[t*z*a:], s.u)
		tr.cost[t] = cost
		copy(tr.dcost[t*z:(t+1)*z], s.v)
	}
	am, bm := mat.NewDense(z, z, s.w), mat.NewDense(z, a, s.u)
	var first mat.VecDense
	first.MulVec(am, mat.NewVecDense(z, p.Feature))
	copy(tr.predicted(0), first.RawVector().Data)

	st := newStepper(&c, p, false)
	if err := st.step(context.Background(), tr); err != nil {
		t.Fatal(err)
	}
	want := riccati(am, bm, mat.NewVecDense(z, s.v), cost, st.kappa*st.kappa, c.Damping, p.Feature, h)
	if d := furthest(tr.a, want); d > 1e-5 {
		t.Errorf("actions differ from the Riccati solution by %g\n got %v\nwant %v", d, tr.a, want)
	}
}

// riccati returns the optimal actions (H×A). The cost-to-go is ½ zᵀPz + pᵀz.
func riccati(a, b *mat.Dense, q *mat.VecDense, cost, k2, damping float64, z0 []float64, h int) []float64 {
	zdim, adim := b.Dims()
	stage := mat.NewDense(zdim, zdim, nil)
	stage.Outer(2*k2, q, q)
	for i := range zdim {
		stage.Set(i, i, stage.At(i, i)+damping)
	}
	linear := mat.NewVecDense(zdim, nil)
	linear.ScaleVec(2*k2*cost, q)
	big, small := mat.DenseCopyOf(stage), mat.VecDenseCopyOf(linear)
	gains, offsets := make([]*mat.Dense, h), make([]*mat.VecDense, h)
	for t := h - 1; t >= 0; t-- {
		var pb, pa, quu, qux mat.Dense
		pb.Mul(big, b)
		pa.Mul(big, a)
		quu.Mul(b.T(), &pb)
		for i := range adim {
			quu.Set(i, i, quu.At(i, i)+damping)
		}
		qux.Mul(b.T(), &pa)
		var qu mat.VecDense
		qu.MulVec(b.T(), small)
		gains[t], offsets[t] = mat.NewDense(adim, zdim, nil), mat.NewVecDense(adim, nil)
		if gains[t].Solve(&quu, &qux) != nil || offsets[t].SolveVec(&quu, &qu) != nil {
			panic("Q_uu is singular")
		}
		var closed mat.Dense // A − BK
		closed.Mul(b, gains[t])
		closed.Sub(a, &closed)
		next := mat.NewDense(zdim, zdim, nil)
		next.Mul(pa.T(), &closed)
		var p mat.VecDense // (A − BK)ᵀp: terms in k cancel at the optimum
		p.MulVec(closed.T(), small)
		if t > 0 {
			next.Add(next, stage)
			p.AddVec(&p, linear)
		}
		big, small = next, mat.VecDenseCopyOf(&p)
	}
	z, out := mat.NewVecDense(zdim, append([]float64(nil), z0...)), []float64(nil)
	for t := range h {
		var u, az, bu mat.VecDense
		u.MulVec(gains[t], z)
		u.AddVec(&u, offsets[t])
		u.ScaleVec(-1, &u)
		out = append(out, u.RawVector().Data...)
		az.MulVec(a, z)
		bu.MulVec(b, &u)
		z.AddVec(&az, &bu)
	}
	return out
}
