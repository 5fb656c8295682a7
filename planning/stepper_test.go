package planning

import (
	"context"
	"fmt"
	"math"
	"math/rand"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// smooth is a nonlinear transition and cost whose values and derivatives are
// written out: μ_i = tanh(Σ_j W_ij z_j + U_ij a_j), softplus(−r) with r = v·z.
type smooth struct {
	zdim, adim int
	w, u, v    []float64
}

func newSmooth(rng *rand.Rand, z, a int) *smooth {
	s := &smooth{z, a, make([]float64, z*z), make([]float64, z*a), make([]float64, z)}
	for _, x := range [][]float64{s.w, s.u, s.v} {
		for i := range x {
			x[i] = 0.7 * rng.NormFloat64()
		}
	}
	return s
}

func (s *smooth) FeatureDim() int { return s.zdim }
func (s *smooth) ActionDim() int  { return s.adim }
func (s *smooth) Imagine(_, _, _, _ []float64, _ *rand.Rand) error {
	panic("not used")
}

func (s *smooth) mean(z, a []float64) []float64 {
	next := make([]float64, s.zdim)
	for i := range next {
		for j, v := range z {
			next[i] += s.w[i*s.zdim+j] * v
		}
		for j, v := range a {
			next[i] += s.u[i*s.adim+j] * v
		}
		next[i] = math.Tanh(next[i])
	}
	return next
}

func (s *smooth) reward(z []float64) (r float64) {
	for i, v := range s.v {
		r += v * z[i]
	}
	return r
}

func (s *smooth) linearise(tr *trajectory) {
	for t := range tr.h {
		next := s.mean(tr.latent(t), tr.action(t))
		copy(tr.predicted(t), next)
		for i, y := range next {
			for j := range s.zdim {
				tr.dz[(t*s.zdim+i)*s.zdim+j] = (1 - y*y) * s.w[i*s.zdim+j]
			}
			for j := range s.adim {
				tr.da[(t*s.zdim+i)*s.adim+j] = (1 - y*y) * s.u[i*s.adim+j]
			}
		}
		tr.setReward(t, s.reward(tr.latent(t+1)), s.v)
	}
}

// vector is x = (z_0, a_0, z_1, a_1, …, z_H): every variable the reference has,
// z_0 included, but for a_H, which is in no residual.
func vector(tr *trajectory) []float64 {
	var x []float64
	for t := range tr.h {
		x = append(append(x, tr.latent(t)...), tr.action(t)...)
	}
	return append(x, tr.latent(tr.h)...)
}

// residuals is ρ(x) of REFERENCE B1, from its formulas, with the first state
// tied to feature by weight.
func (s *smooth) residuals(tr *trajectory, c *Collocation, feature []float64, weight float64, x []float64) []float64 {
	n := s.zdim + s.adim
	var mean float64
	for t := range tr.h {
		mean += math.Sqrt(tr.lambda[t])*c.DynScale + math.Sqrt(tr.nu[t])*c.ActScale
	}
	kappa := 1 / (mean/float64(tr.h) + 1)
	var rho []float64
	for i, f := range feature {
		rho = append(rho, weight*(x[i]-f))
	}
	for t := range tr.h {
		z, a, next := x[t*n:t*n+s.zdim], x[t*n+s.zdim:(t+1)*n], x[(t+1)*n:(t+1)*n+s.zdim]
		for i, m := range s.mean(z, a) {
			rho = append(rho, kappa*math.Sqrt(tr.lambda[t])*c.DynScale*(next[i]-m))
		}
		for _, v := range a {
			rho = append(rho, kappa*math.Sqrt(tr.nu[t])*c.ActScale*math.Max(0, math.Abs(v)-1))
		}
		rho = append(rho, kappa*math.Log1p(math.Exp(-s.reward(next))))
	}
	return rho
}

// jacobian of f at x by central differences.
func jacobian(f func([]float64) []float64, x []float64) *mat.Dense {
	const h = 1e-6
	j := mat.NewDense(len(f(x)), len(x), nil)
	for c := range x {
		up, down := clone(x), clone(x)
		up[c] += h
		down[c] -= h
		fu, fd := f(up), f(down)
		for r := range fu {
			j.Set(r, c, (fu[r]-fd[r])/(2*h))
		}
	}
	return j
}

// denseStep is −(2JᵀJ + δI)⁻¹ 2Jᵀρ over the columns from first on.
func denseStep(j *mat.Dense, rho []float64, damping float64, first int) []float64 {
	rows, cols := j.Dims()
	part := j.Slice(0, rows, first, cols)
	n := cols - first
	normal := mat.NewDense(n, n, nil)
	normal.Mul(part.T(), part)
	normal.Scale(2, normal)
	for i := range n {
		normal.Set(i, i, normal.At(i, i)+damping)
	}
	g := mat.NewVecDense(n, nil)
	g.MulVec(part.T(), mat.NewVecDense(len(rho), rho))
	g.ScaleVec(-2, g)
	var dx mat.VecDense
	if err := dx.SolveVec(normal, g); err != nil {
		panic(err)
	}
	return dx.RawVector().Data
}

// small is a trajectory with uneven multipliers and some actions out of bounds.
func small(seed int64, h int) (*smooth, *Collocation, *Problem, *trajectory) {
	rng := rand.New(rand.NewSource(seed))
	s := newSmooth(rng, 5, 2)
	feature := make([]float64, s.zdim)
	for i := range feature {
		feature[i] = rng.NormFloat64()
	}
	c := NewLatCo().Collocation
	c.DynScale, c.ActScale = 1.3, 0.6
	p := &Problem{Model: s, Feature: feature, Horizon: h, Rand: rng}
	tr := newTrajectory(p, 1, 1, nil)
	for t := range h {
		tr.lambda[t], tr.nu[t] = math.Exp(rng.NormFloat64()), math.Exp(rng.NormFloat64())
	}
	tr.a[0], tr.a[3] = 1.7, -2.2
	s.linearise(tr)
	return s, &c, p, tr
}

func TestGradientIsFiniteDifference(t *testing.T) {
	s, c, p, tr := small(1, 4)
	st := newStepper(c, p, false)
	st.weigh(tr)
	st.gradient(tr)
	x := vector(tr)
	objective := func(x []float64) []float64 {
		var total float64
		for _, r := range s.residuals(tr, c, p.Feature, 0, x) {
			total += r * r
		}
		return []float64{total}
	}
	want := jacobian(objective, x).RawMatrix().Data[s.zdim:] // z_0 is given
	for i, g := range reorder(s, tr.h, st.grad) {
		if math.Abs(g-want[i]) > 1e-8 {
			t.Errorf("gradient[%d] = %g, finite difference %g", i, g, want[i])
		}
	}
}

// reorder turns the stepper's blocks [a_t, z_t] into vector's order without z_0.
func reorder(s *smooth, h int, x []float64) []float64 {
	out := clone(x[:s.adim])
	x = x[s.adim:]
	for t := 1; t < h; t++ {
		out = append(append(out, x[s.adim:s.adim+s.zdim]...), x[:s.adim]...)
		x = x[s.adim+s.zdim:]
	}
	return append(out, x...)
}

// The reference makes z_0 a variable with a residual of weight 1000; with
// growing weight its step tends to ours, which takes z_0 as given.
func TestStepIsTheReferences(t *testing.T) {
	for _, h := range []int{1, 2, 4, 7} {
		for _, split := range []bool{false, true} {
			t.Run(fmt.Sprintf("H=%d split=%v", h, split), func(t *testing.T) {
				s, c, p, tr := small(int64(h), max(h, 2))
				before := vector(tr)
				exact := func(weight float64, first int) []float64 {
					f := func(x []float64) []float64 { return s.residuals(tr, c, p.Feature, weight, x) }
					return denseStep(jacobian(f, before), f(before), c.Damping, first)
				}
				want := exact(0, s.zdim)
				penalty := map[float64][]float64{}
				for _, w := range []float64{10, 1e3, 1e5} {
					penalty[w] = exact(w, 0)[s.zdim:]
				}
				if err := newStepper(c, p, split).step(context.Background(), tr); err != nil {
					t.Fatal(err)
				}
				got := vector(tr)[s.zdim:]
				for i := range got {
					got[i] -= before[s.zdim+i]
				}
				if d := furthest(got, want); d > 1e-6 {
					t.Errorf("differs from the dense step with z_0 fixed by %g", d)
				}
				rough, released := furthest(got, penalty[10]), furthest(got, penalty[1e3])
				if released > 1e-5 || released > rough/100 {
					t.Errorf("weight 10 differs by %g, the reference's 1000 by %g: want ≤ 1e-5 and a hundredth", rough, released)
				}
			})
		}
	}
}

func furthest(x, y []float64) (d float64) {
	for i, v := range x {
		d = math.Max(d, math.Abs(v-y[i]))
	}
	return d
}

// σ has no cross terms: the dense step over [μ, σ, a] with std[p] and σ inside
// it held constant equals the separate one.
func TestSigmaDecouples(t *testing.T) {
	s, c, p, tr := small(3, 4)
	tr.std, tr.nextStd = make([]float64, len(tr.z)), make([]float64, len(tr.next))
	for _, x := range [][]float64{tr.std, tr.nextStd} {
		for i := range x {
			x[i] = p.Rand.Float64()
		}
	}
	x := vector(tr)
	both := append(clone(x[s.zdim:]), tr.std[s.zdim:]...) // μ and a, then σ_1..σ_H
	split := len(x) - s.zdim
	st := newStepper(c, p, false)
	st.weigh(tr)
	f := func(v []float64) []float64 {
		rho := s.residuals(tr, c, p.Feature, 0, append(clone(p.Feature), v[:split]...))
		for i, sigma := range v[split:] {
			rho = append(rho, st.dyn[i/s.zdim]*(sigma-tr.nextStd[i]))
		}
		return rho
	}
	want := denseStep(jacobian(f, both), f(both), c.Damping, 0)
	if err := st.step(context.Background(), tr); err != nil {
		t.Fatal(err)
	}
	got := append(vector(tr)[s.zdim:], tr.std[s.zdim:]...)
	for i := range got {
		if d := got[i] - both[i] - want[i]; math.Abs(d) > 1e-6 {
			t.Errorf("variable %d moved by %g, dense solve %g", i, got[i]-both[i], want[i])
		}
	}
}
