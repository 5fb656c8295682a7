package planningtest

import (
	"context"
	"errors"
	"testing"

	"github.com/latco-studio/latco/planning"
	"github.com/latco-studio/latco/resources/setting"
)

func testBadSettings(t *testing.T, kind planning.Kind) {
	for i, f := range kind.New().Fields() {
		planner := kind.New()
		f = planner.Fields()[i]
		switch v := f.Value.(type) {
		case *int:
			*v = int(f.Max) + 1
		case *float64:
			*v = NaN
		case *string:
			*v = "no such choice"
		}
		_, err := planner.Plan(context.Background(), problem(1))
		var bad *setting.RangeError
		if !errors.As(err, &bad) || bad.Key != f.Key {
			t.Errorf("%s = %s: got %v, want a RangeError that names it", f.Key, f, err)
		}
	}
}

func testBadProblems(t *testing.T, kind planning.Kind) {
	for _, c := range []struct {
		field string
		spoil func(p *planning.Problem)
	}{
		{"Model", func(p *planning.Problem) { p.Model = nil }},
		{"Rand", func(p *planning.Problem) { p.Rand = nil }},
		{"Horizon", func(p *planning.Problem) { p.Horizon = 0 }},
		{"Replan", func(p *planning.Problem) { p.Replan = p.Horizon + 1 }},
		{"Feature", func(p *planning.Problem) { p.Feature = p.Feature[1:] }},
		{"Feature[2]", func(p *planning.Problem) { p.Feature[2] = NaN }},
		{"Warm.Actions[0]", func(p *planning.Problem) { p.Warm = &planning.Plan{Actions: [][]float64{{1}}} }},
		{"Warm.Latents[0]", func(p *planning.Problem) { p.Warm = &planning.Plan{Latents: [][]float64{{1}}} }},
	} {
		p := problem(1)
		c.spoil(p)
		_, err := kind.New().Plan(context.Background(), p)
		var bad *planning.ProblemError
		if !errors.As(err, &bad) || bad.Field != c.field {
			t.Errorf("%s: got %v, want a ProblemError that names it", c.field, err)
		}
	}
}

func testMissing(t *testing.T, kind planning.Kind) {
	p := problem(1)
	p.Model = Bare{p.Model}
	_, err := kind.New().Plan(context.Background(), p)
	var need *planning.NeedError
	if !errors.As(err, &need) || !errors.Is(err, planning.ErrMissing) {
		t.Fatalf("got %v, want a NeedError", err)
	}
	if need.Planner != kind.Name || need.Need != kind.Needs {
		t.Errorf("got %+v, want planner %q and need %q", need, kind.Name, kind.Needs)
	}
}
