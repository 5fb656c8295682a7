package planning_test

import (
	"context"
	"math"
	"math/rand"
	"testing"

	"github.com/latco-studio/latco/planning"
	"github.com/latco-studio/latco/planning/planningtest"
	"github.com/latco-studio/latco/resources/setting"
)

// make a planner called name with settings, keys and values.
func configured(t *testing.T, name string, sets ...string) planning.Planner {
	t.Helper()
	p, err := planning.New(name)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(sets); i += 2 {
		if err := setting.Set(p.Fields(), sets[i], sets[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

// executed are the mean latents after every action of a plan.
func executed(t *testing.T, p *planning.Problem, plan *planning.Plan) ([]float64, float64) {
	t.Helper()
	var actions []float64
	for _, a := range plan.Actions {
		actions = append(actions, a...)
	}
	latents := make([]float64, (p.Horizon+1)*p.Model.FeatureDim())
	rewards := make([]float64, p.Horizon)
	if err := p.Model.Imagine(p.Feature, actions, latents, rewards, nil); err != nil {
		t.Fatal(err)
	}
	var total float64
	for _, r := range rewards {
		total += r
	}
	return latents[p.Model.FeatureDim():], total
}

func sum(x []float64) (s float64) {
	for _, v := range x {
		s += v
	}
	return s
}

// The point mass starts where the reward is 1e-2 of its height; the return of
// the optimal plan is about 56.
func TestPointMassReachesTheGoal(t *testing.T) {
	for _, c := range []struct {
		name string
		sets []string
		want float64
	}{
		{"latco", []string{"dual_rule", planning.DualPaper}, 50},
		{"latco", []string{"dual_rule", planning.DualReleased}, 50},
		{"gaussian-latco", []string{"eps_dyn", "1e-4"}, 40},
		{"cem", []string{"rollouts", planning.RolloutMean}, 40},
		{"cem", nil, 40},
		{"mppi", []string{"rollouts", planning.RolloutMean, "gamma", "1"}, 15},
		{"random-shooting", []string{"rollouts", planning.RolloutMean}, 1},
	} {
		for seed := range int64(3) {
			p := &planning.Problem{Model: planningtest.PointMass(0.01), Feature: planningtest.Start(), Horizon: 30,
				Rand: rand.New(rand.NewSource(seed))}
			plan, err := configured(t, c.name, c.sets...).Plan(context.Background(), p)
			if err != nil {
				t.Fatal(err)
			}
			if _, got := executed(t, p, plan); got < c.want {
				t.Errorf("%s %v, seed %d: return %.3g, want ≥ %g", c.name, c.sets, seed, got, c.want)
			}
		}
	}
}

// LatCo relaxes the dynamics first and ends within the tolerance: the total
// violation falls by far more than 100, to ε a step.
func TestViolationFallsToTolerance(t *testing.T) {
	for _, c := range []struct{ name, rule string }{
		{"latco", planning.DualPaper}, {"latco", planning.DualReleased},
		{"gaussian-latco", planning.DualPaper}, {"gaussian-latco", planning.DualReleased},
	} {
		var dyn []float64
		p := &planning.Problem{Model: planningtest.PointMass(0.01), Feature: planningtest.Start(), Horizon: 30,
			Rand:   rand.New(rand.NewSource(4)),
			Record: func(it planning.Iteration) { dyn = append(dyn, sum(it.DynViolation)) }}
		if _, err := configured(t, c.name, "dual_rule", c.rule).Plan(context.Background(), p); err != nil {
			t.Fatal(err)
		}
		eps := map[string]float64{"latco": 1e-4, "gaussian-latco": 1e-2}[c.name]
		last := dyn[len(dyn)-1]
		if last > dyn[0]/100 || last > 2*eps*30 {
			t.Errorf("%s, %s rule: violation %.3g at first, %.3g at last; want a hundredth and ≤ %g",
				c.name, c.rule, dyn[0], last, 2*eps*30)
		}
		// Relaxed: after a step the plan is still far from feasible.
		if dyn[1] < 2*eps {
			t.Errorf("%s, %s rule: violation after one step is %.3g already", c.name, c.rule, dyn[1])
		}
	}
}

// Without relaxation (λ0 = 1e8, Section 5.4) the dynamics hold from the start.
func TestNoRelaxation(t *testing.T) {
	var dyn []float64
	p := &planning.Problem{Model: planningtest.PointMass(0), Feature: planningtest.Start(), Horizon: 30,
		Rand:   rand.New(rand.NewSource(4)),
		Record: func(it planning.Iteration) { dyn = append(dyn, sum(it.DynViolation)) }}
	if _, err := configured(t, "latco", "lambda0", "1e8", "iterations", "5").Plan(context.Background(), p); err != nil {
		t.Fatal(err)
	}
	for k, v := range dyn[1:] {
		if v > 30*1e-4 {
			t.Errorf("iteration %d: violation %.3g, want it below ε a step from the first", k+1, v)
		}
	}
}

// The lottery of Section 5.5: Gaussian LatCo takes the sure goal, sampled CEM
// follows the lucky draws to the risky one, and LatCo, which plans with the
// mean luck, is drawn there too when it compares its plans by one rollout.
func TestLottery(t *testing.T) {
	for _, c := range []struct {
		name string
		sets []string
		want string
		runs int
	}{
		{"gaussian-latco", []string{"plans", "4"}, "sure", 8},
		{"cem", nil, "risky", 8},
		{"cem", []string{"rollouts", planning.RolloutMean}, "risky", 4},
	} {
		for seed := range int64(c.runs) {
			p := &planning.Problem{Model: planningtest.Lottery(), Feature: planningtest.LotteryStart(), Horizon: 15,
				Rand: rand.New(rand.NewSource(seed))}
			plan, err := configured(t, c.name, c.sets...).Plan(context.Background(), p)
			if err != nil {
				t.Fatal(err)
			}
			latents, _ := executed(t, p, plan)
			if got := choice(latents); got != c.want {
				t.Errorf("%s %v, seed %d: chose %s, want %s", c.name, c.sets, seed, got, c.want)
			}
		}
	}
}

// choice names the goal whose bump a trajectory comes nearest to.
func choice(latents []float64) string {
	var sure, risky float64
	for i := 0; i < len(latents); i += 4 {
		s, _, _ := planningtest.Sure.At(latents[i], latents[i+1])
		r, _, _ := planningtest.Risky.At(latents[i], latents[i+1])
		sure, risky = math.Max(sure, s), math.Max(risky, r)
	}
	switch {
	case math.Max(sure, risky) < 0.5:
		return "none"
	case sure > risky:
		return "sure"
	}
	return "risky"
}

// CEM on a linear model with quadratic costs finds the Riccati solution.
func TestCEMFindsRiccati(t *testing.T) {
	m, feature, want := planningtest.Regulator(6)
	p := &planning.Problem{Model: m, Feature: feature, Horizon: len(want), Rand: rand.New(rand.NewSource(1))}
	plan, err := configured(t, "cem", "iterations", "40").Plan(context.Background(), p)
	if err != nil {
		t.Fatal(err)
	}
	for i, a := range plan.Actions {
		if math.Abs(a[0]-want[i]) > 5e-3 {
			t.Errorf("action %d = %.4f, Riccati gives %.4f", i, a[0], want[i])
		}
	}
}

// Shift drops what was executed.
func TestShift(t *testing.T) {
	p := &planning.Plan{Actions: [][]float64{{1}, {2}, {3}}, Latents: [][]float64{{0}, {1}, {2}, {3}}, Reward: []float64{5, 6, 7}}
	s := p.Shift(2)
	if len(s.Actions) != 1 || s.Actions[0][0] != 3 || len(s.Latents) != 2 || s.Latents[0][0] != 2 || s.Return != 7 {
		t.Errorf("got %+v", s)
	}
	if e := p.Shift(9); len(e.Actions)+len(e.Latents)+len(e.Reward) != 0 {
		t.Errorf("shifted beyond its end: %+v", e)
	}
}
