package planningtest

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/latco-studio/latco/planning"
	"github.com/latco-studio/latco/resources/setting"
)

// testCollocationFailure lets every call fail but the start.
func testCollocationFailure(t *testing.T, kind planning.Kind) {
	for _, method := range []string{"Collocate", "CollocateMoments", "StepChains", "ChainJacobians"} {
		used := false
		p := problem(9)
		p.Model = &Collocating{Model: PointMass(0.05), After: func(name string, outputs map[string][]float64) error {
			if name == "StepChains" && method == "ChainJacobians" {
				outputs["corrected"][0] = math.NaN()
			}
			if name == method {
				used = true
				return ErrBroken
			}
			return nil
		}}
		if _, err := short(t, kind).Plan(context.Background(), p); used != errors.Is(err, ErrBroken) {
			t.Errorf("%s fails: got %v", method, err)
		}
	}
}

// testCollocationPoison spoils what the model gives back from its second call on.
func testCollocationPoison(t *testing.T, kind planning.Kind) {
	for _, c := range [][2]string{
		{"Collocate", "next"}, {"Collocate", "reward"}, {"Collocate", "drdz"},
		{"CollocateMoments", "nextMean"}, {"CollocateMoments", "nextStd"},
		{"StepChains", "step"}, {"ChainJacobians", "dz"}, {"ChainJacobians", "da"},
	} {
		calls := 0
		p := problem(9)
		p.Model = &Collocating{Model: PointMass(0.05), After: func(name string, outputs map[string][]float64) error {
			if name == "StepChains" && c[0] == "ChainJacobians" {
				outputs["corrected"][0] = math.NaN()
			}
			if name != c[0] {
				return nil
			}
			if calls++; calls >= 2 {
				x := outputs[c[1]]
				x[len(x)-1] = NaN
			}
			return nil
		}}
		_, err := short(t, kind).Plan(context.Background(), p)
		bad := (*planning.NonFiniteError)(nil)
		if calls > 0 && (!errors.As(err, &bad) || bad.Planner != kind.Name || bad.Quantity == "" || bad.Iteration < 1) {
			t.Errorf("%s of %s is NaN: got %v, want a NonFiniteError", c[1], c[0], err)
		}
		if c[0] == "ChainJacobians" && bad != nil && !strings.HasPrefix(bad.Quantity, "Jacobian") {
			t.Errorf("%s of %s is NaN: the error says %q", c[1], c[0], bad.Quantity)
		}
	}
}

// testCollocationCancel ends the context in every call.
func testCollocationCancel(t *testing.T, kind planning.Kind) {
	for at := 1; ; at++ {
		ctx, cancel := context.WithCancel(context.Background())
		calls := 0
		p := problem(9)
		p.Model = &Collocating{Model: PointMass(0.05), After: func(string, map[string][]float64) error {
			if calls++; calls == at {
				cancel()
			}
			return nil
		}}
		planner := short(t, kind, "iterations", "3")
		// One plan needs no comparison, which looks at the context, too.
		if err := setting.Set(planner.Fields(), "plans", "1"); err != nil {
			t.Fatal(err)
		}
		plan, err := planner.Plan(ctx, p)
		cancel()
		checkPlan(t, p, plan)
		if calls < at {
			return
		}
		if !errors.Is(err, context.Canceled) && at < calls {
			t.Errorf("cancelled in call %d: got error %v", at, err)
		}
	}
}
