package planningtest

import (
	"context"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/latco-studio/latco/planning"
)

// testCollocation compares plans whose steps a model takes with those of the
// planner's own steps, of planners that take such.
func testCollocation(t *testing.T, kind planning.Kind) {
	used := map[string]bool{}
	p := problem(9)
	p.Model = &Collocating{Model: PointMass(0.05), After: func(method string, _ map[string][]float64) error { used[method] = true; return nil }}
	plan, err := short(t, kind).Plan(context.Background(), p)
	if err != nil {
		t.Fatal(err)
	}
	if !used["StartCollocation"] {
		return
	}
	if plan.Solver != DenseSolver {
		t.Errorf("the model took the steps, the plan was solved by %q", plan.Solver)
	}
	testSameSteps(t, kind)
	testStepsStay(t, kind)
	testStepsFallBack(t, kind)
	testCollocationFailure(t, kind)
	testCollocationPoison(t, kind)
	testCollocationCancel(t, kind)
}

// collocate plans with model and records.
func collocate(t *testing.T, kind planning.Kind, model planning.Model, sets ...string) (*planning.Plan, []planning.Iteration) {
	t.Helper()
	var its []planning.Iteration
	p := problem(9)
	p.Model, p.Record = model, func(it planning.Iteration) { its = append(its, it) }
	if sets[0] == "warm" {
		cold, err := short(t, kind, "iterations", "2").Plan(context.Background(), problem(8))
		if err != nil {
			t.Fatal(err)
		}
		p.Warm, sets = cold.Shift(3), sets[1:]
	}
	plan, err := short(t, kind, sets...).Plan(context.Background(), p)
	if err != nil {
		t.Fatal(err)
	}
	return plan, its
}

// testSameSteps goes through both, iteration by iteration.
func testSameSteps(t *testing.T, kind planning.Kind) {
	for _, sets := range [][]string{
		{"plans", "1", "iterations", "12"},
		{"plans", "3", "iterations", "8"},
		{"plans", "1", "dual_rule", planning.DualReleased, "dual_every", "2", "iterations", "8"},
		{"warm", "plans", "2", "lambda0", "100"},
	} {
		_, want := collocate(t, kind, PointMass(0.05), sets...)
		_, got := collocate(t, kind, &Collocating{Model: PointMass(0.05)}, sets...)
		for k := range want {
			if d := Apart(got[k], want[k]); d > 1e-5 {
				t.Errorf("%v: iteration %d by the model's steps is %g apart from the planner's", sets, k, d)
				break
			}
		}
	}
}

// Apart is the greatest difference of two iterations' numbers, relative where they
// are greater than 1.
func Apart(x, y planning.Iteration) (d float64) {
	if x.K != y.K || x.Plan != y.Plan {
		return math.Inf(1)
	}
	all := func(it planning.Iteration) []float64 {
		flat := slices.Concat([]float64{it.Return}, it.Reward, it.DynViolation, it.ActViolation, it.Lambda, it.Nu)
		return append(flat, slices.Concat(slices.Concat(it.Latents...), slices.Concat(it.Std...), slices.Concat(it.Actions...))...)
	}
	other := all(y)
	for i, v := range all(x) {
		d = math.Max(d, math.Abs(v-other[i])/math.Max(1, math.Abs(other[i])))
	}
	return d
}

// testStepsStay has steps stay with the planner: because they are too small, and
// because the model has no room.
func testStepsStay(t *testing.T, kind planning.Kind) {
	want, _ := collocate(t, kind, PointMass(0.05), "plans", "2")
	work := 2 * 12 * planning.StepOperations(4, 2)
	for _, from := range []float64{work * 1.01, math.Inf(1)} {
		if got, _ := collocate(t, kind, &Collocating{Model: PointMass(0.05), From: from}, "plans", "2"); !reflect.DeepEqual(got, want) {
			t.Errorf("steps of %g operations were not the planner's though the model takes them from %g on", work, from)
		}
	}
	if got, _ := collocate(t, kind, &Collocating{Model: PointMass(0.05), From: work}, "plans", "2"); got.Solver != DenseSolver {
		t.Errorf("steps of %g operations were solved by %q", work, got.Solver)
	}
	full := &Collocating{Model: PointMass(0.05), After: func(method string, _ map[string][]float64) error {
		if method != "StartCollocation" {
			t.Errorf("%s was called without room", method)
		}
		return ErrBroken
	}}
	got, _ := collocate(t, kind, full, "plans", "2")
	if !strings.HasPrefix(got.Solver, want.Solver) || !strings.Contains(got.Solver, ErrBroken.Error()) {
		t.Errorf("without room for its steps a plan was solved by %q, else by %q", got.Solver, want.Solver)
	}
	if got.Solver = want.Solver; !reflect.DeepEqual(got, want) {
		t.Error("without room for its steps a plan is another")
	}
}

// testStepsFallBack has the systems of one plan be too much for the model from an
// iteration on.
func testStepsFallBack(t *testing.T, kind planning.Kind) {
	for _, size := range []float64{math.NaN(), 0.1} {
		var calls, fetched int
		model := &Collocating{Model: PointMass(0.05), After: func(method string, outputs map[string][]float64) error {
			switch method {
			case "StepChains":
				if calls++; calls == 3 {
					outputs["corrected"][0], outputs["step"][0] = size, math.NaN()
				}
			case "ChainJacobians":
				fetched++
			}
			return nil
		}}
		for _, plans := range []string{"1", "3"} {
			calls, fetched = 0, 0
			want, _ := collocate(t, kind, PointMass(0.05), "plans", plans, "iterations", "6")
			got, its := collocate(t, kind, model, "plans", plans, "iterations", "6")
			if fetched != 4 {
				t.Errorf("Jacobians of a plan were fetched %d times in 6 steps of which the third failed, want 4", fetched)
			}
			if plans == "1" && (got.Solver != want.Solver || calls != 3) {
				t.Errorf("solved by %q after %d steps of the model's, want %q after 3", got.Solver, calls, want.Solver)
			}
			for i, row := range got.Actions {
				for j, v := range row {
					if math.Abs(v-want.Actions[i][j]) > 1e-5 {
						t.Errorf("%s plans: action %d of step %d is %g, by the planner's own steps %g", plans, j, i, v, want.Actions[i][j])
					}
				}
			}
			if len(its) != 7 {
				t.Errorf("%d records", len(its))
			}
		}
	}
}
