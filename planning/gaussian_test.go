package planning_test

import (
	"context"
	"math"
	"math/rand"
	"testing"

	"github.com/latco-studio/latco/planning"
	"github.com/latco-studio/latco/planning/planningtest"
)

// Without any uncertainty Gaussian LatCo takes the very steps of LatCo.
func TestGaussianWithoutNoiseIsLatCo(t *testing.T) {
	solve := func(name string, sets ...string) (its []planning.Iteration) {
		p := &planning.Problem{Model: planningtest.PointMass(0), Feature: planningtest.Start(), Horizon: 10,
			Rand: rand.New(rand.NewSource(3)), Record: func(it planning.Iteration) { its = append(its, it) }}
		if _, err := configured(t, name, append(sets, "plans", "1", "iterations", "8", "eps_dyn", "1e-3", "eps_act", "1e-3")...).Plan(context.Background(), p); err != nil {
			t.Fatal(err)
		}
		return its
	}
	want, got := solve("latco"), solve("gaussian-latco", "sigma0", "1e-12")
	for k := range want {
		for i, z := range want[k].Latents {
			for j, v := range z {
				if math.Abs(v-got[k].Latents[i][j]) > 1e-6 {
					t.Fatalf("iteration %d: z_%d[%d] = %g, LatCo has %g", k, i, j, got[k].Latents[i][j], v)
				}
			}
		}
	}
}

// The expected reward of a bump under N(μ, σ²I) in the plane has a closed form:
// Height·w²/(w²+σ²)·exp(−‖μ−c‖²/(2(w²+σ²))).
func TestExpectedRewardIsClosedForm(t *testing.T) {
	const sigma = 0.4
	var first planning.Iteration
	p := &planning.Problem{Model: planningtest.PointMass(0), Feature: planningtest.Start(), Horizon: 5,
		Rand: rand.New(rand.NewSource(5)), Record: func(it planning.Iteration) {
			if it.K == 0 {
				first = it
			}
		}}
	planner := configured(t, "gaussian-latco", "iterations", "1", "sigma0", "0.4", "reward_samples", "10000")
	if _, err := planner.Plan(context.Background(), p); err != nil {
		t.Fatal(err)
	}
	g := planningtest.Goal
	wide := g.Width*g.Width + sigma*sigma
	for i, r := range first.Reward {
		z := first.Latents[i+1]
		d := (z[0]-g.Centre[0])*(z[0]-g.Centre[0]) + (z[1]-g.Centre[1])*(z[1]-g.Centre[1])
		want := g.Height * g.Width * g.Width / wide * math.Exp(-d/(2*wide))
		if math.Abs(r-want) > 0.05*g.Height {
			t.Errorf("step %d: expected reward %.4f, closed form %.4f", i, r, want)
		}
	}
}

// σ follows the recursion of a linear model with diagonal covariance:
// σ_x′² = σ_x² + σ_ẋ²/100, σ_ẋ′² = 0.95² σ_ẋ² + noise².
func TestStandardDeviationsPropagate(t *testing.T) {
	const noise, k = 0.3, 2000
	var last planning.Iteration
	p := &planning.Problem{Model: planningtest.PointMass(noise), Feature: planningtest.Start(), Horizon: 8,
		Rand: rand.New(rand.NewSource(6)), Record: func(it planning.Iteration) { last = it }}
	planner := configured(t, "gaussian-latco", "samples", "2000", "iterations", "25")
	if _, err := planner.Plan(context.Background(), p); err != nil {
		t.Fatal(err)
	}
	var x, v float64
	for i, std := range last.Std[1:] {
		x, v = math.Hypot(x, v/10), math.Hypot(0.95*v, noise)
		// Errors of K samples add up along the chain.
		tolerance := 6 * float64(i+1) / math.Sqrt(2*k)
		for j, want := range []float64{x, x, v, v} {
			if math.Abs(std[j]-want) > tolerance*want+1e-4 {
				t.Errorf("σ_%d[%d] = %.4f, want %.4f", i+1, j, std[j], want)
			}
		}
	}
}
