package planningtest

import (
	"context"
	"errors"
	"math"
	"testing"

	"github.com/latco-studio/latco/planning"
)

// outputs are the numbers a model gives, by method.
var outputs = map[string][]string{
	"Imagine":          {"latents", "rewards"},
	"Score":            {"returns"},
	"Linearize":        {"next", "dz", "da"},
	"LinearizeReward":  {"r", "drdz"},
	"LinearizeMoments": {"nextMean", "nextStd", "dz", "da"},
	"ExpectRewards":    {"reward", "cost", "dcost"},
}

// testBroken spoils every output that the planner reads, and lets every method
// it calls fail.
func testBroken(t *testing.T, kind planning.Kind) {
	used := map[string]int{}
	read := map[string]bool{}
	p := problem(8)
	p.Record = func(planning.Iteration) {}
	p.Model = &Tap{Model: PointMass(0.05), After: func(method string, out map[string][]float64) error {
		used[method]++
		for name, x := range out {
			read[method+name] = read[method+name] || len(x) > 0
		}
		return nil
	}}
	if _, err := several(t, kind).Plan(context.Background(), p); err != nil {
		t.Fatal(err)
	}
	for method, calls := range used {
		for _, call := range []int{1, (calls + 1) / 2} {
			for _, output := range outputs[method] {
				if !read[method+output] {
					continue
				}
				for _, value := range []float64{NaN, math.Inf(1)} {
					testPoison(t, kind, method, output, call, value)
				}
			}
			testFailure(t, kind, method, call)
		}
	}
}

func testPoison(t *testing.T, kind planning.Kind, method, output string, call int, value float64) {
	t.Helper()
	p := problem(8)
	p.Record = func(planning.Iteration) {}
	p.Model = Poison(PointMass(0.05), method, output, call, value)
	_, err := several(t, kind).Plan(context.Background(), p)
	var bad *planning.NonFiniteError
	if !errors.As(err, &bad) {
		t.Errorf("%s of %s = %g from call %d on: got %v, want a NonFiniteError", output, method, value, call, err)
		return
	}
	if bad.Planner != kind.Name || bad.Quantity == "" || bad.Iteration < 0 || bad.Iteration > 4 || bad.Step > p.Horizon {
		t.Errorf("%s of %s: error is %+v", output, method, *bad)
	}
}

func testFailure(t *testing.T, kind planning.Kind, method string, call int) {
	t.Helper()
	p := problem(8)
	p.Record = func(planning.Iteration) {}
	calls := 0
	p.Model = &Tap{Model: PointMass(0.05), After: func(name string, _ map[string][]float64) error {
		if name == method {
			calls++
		}
		if name == method && calls >= call {
			return ErrBroken
		}
		return nil
	}}
	if _, err := several(t, kind).Plan(context.Background(), p); !errors.Is(err, ErrBroken) {
		t.Errorf("%s fails from call %d on: got %v", method, call, err)
	}
}
