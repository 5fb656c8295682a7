package planning

import (
	"context"
	"math"
	"math/rand"
	"testing"
)

// wide is a trajectory of blocks that take more than one panel of the factor.
func wide(seed int64, damping float64) (*Collocation, *Problem, *trajectory) {
	rng := rand.New(rand.NewSource(seed))
	s := newSmooth(rng, 70, 3)
	for i := range s.w {
		s.w[i] /= 8
	}
	c := NewLatCo().Collocation
	c.Damping = damping
	p := &Problem{Model: s, Feature: make([]float64, s.zdim), Horizon: 6, Rand: rng}
	tr := newTrajectory(p, 1, 1, nil)
	for t := range tr.h {
		tr.lambda[t], tr.nu[t] = math.Exp(rng.NormFloat64()), math.Exp(rng.NormFloat64())
	}
	tr.a[0], tr.a[5] = 1.7, -2.2
	s.linearise(tr)
	return &c, p, tr
}

// after is the iterate after a step in one precision.
func after(t *testing.T, damping float64, single, split bool) (*trajectory, []float64) {
	t.Helper()
	c, p, tr := wide(1, damping)
	if err := newStepperIn(c, p, split, single).step(context.Background(), tr); err != nil {
		t.Fatal(err)
	}
	return tr, append(clone(tr.z), tr.a...)
}

// A refined step is the exact one to more digits than float32 has, on one or two
// goroutines to the bit.
func TestRefinedStep(t *testing.T) {
	_, _, start := wide(1, 1e-3)
	before := append(clone(start.z), start.a...)
	exact, want := after(t, 1e-3, false, false)
	refined, got := after(t, 1e-3, true, false)
	_, split := after(t, 1e-3, true, true)
	if exact.solver != solverDouble || refined.solver != solverRefined || refined.double {
		t.Errorf("solved by %q and %q", exact.solver, refined.solver)
	}
	moved := 0.0
	for i, v := range want {
		moved = max(moved, math.Abs(v-before[i]))
	}
	for i, v := range want {
		if math.Abs(got[i]-v) > 1e-7*moved {
			t.Fatalf("variable %d moves to %.12g, in float64 to %.12g", i, got[i], v)
		}
		if math.Float64bits(got[i]) != math.Float64bits(split[i]) {
			t.Fatalf("variable %d is %v with one goroutine, %v with two", i, got[i], split[i])
		}
	}
}

// A system that float32 cannot solve is solved in float64, to the bit, and so are
// the trajectory's later ones.
func TestRefinementGivesUp(t *testing.T) {
	const damping = 1e-10
	_, want := after(t, damping, false, false)
	tr, got := after(t, damping, true, false)
	if !tr.double || tr.solver != solverDouble {
		t.Fatalf("damping %g was kept in float32 (%q)", damping, tr.solver)
	}
	for i, v := range want {
		if math.Float64bits(got[i]) != math.Float64bits(v) {
			t.Fatalf("variable %d moves to %v, in float64 to %v", i, got[i], v)
		}
	}
}

// multiply is the matrix that factor factors.
func TestMultiply(t *testing.T) {
	c, p, tr := wide(2, 1e-3)
	s := newStepperIn(c, p, false, true)
	s.weigh(tr)
	s.gradient(tr)
	g := clone(s.grad)
	if err := s.solve(context.Background(), tr); err != nil {
		t.Fatal(err)
	}
	y := make([]float64, len(g))
	s.multiply(tr, s.grad, y)
	for i, v := range g {
		if math.Abs(y[i]-v) > 1e-6*math.Sqrt(distance2(g, make([]float64, len(g)))) {
			t.Fatalf("row %d of H·H⁻¹g is %g, want %g", i, y[i], v)
		}
	}
}
