package planningtest

import (
	"context"
	"reflect"
	"runtime"
	"testing"

	"github.com/latco-studio/latco/planning"
)

func testDeterminism(t *testing.T, kind planning.Kind) {
	solve := func(seed int64, procs int, record bool) *planning.Plan {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
		p := problem(seed)
		if record {
			p.Record = func(planning.Iteration) {}
		}
		plan, err := several(t, kind).Plan(context.Background(), p)
		if err != nil {
			t.Fatal(err)
		}
		return plan
	}
	want := solve(3, 1, false)
	for _, procs := range []int{1, 2, 4} {
		if got := solve(3, procs, procs == 2); !reflect.DeepEqual(got, want) {
			t.Errorf("with GOMAXPROCS = %d the plan is another", procs)
		}
	}
	if reflect.DeepEqual(solve(4, 1, false).Actions, want.Actions) {
		t.Error("another seed gives the same actions")
	}
}

// testDefaults compares the zero value with what New fills in.
func testDefaults(t *testing.T, kind planning.Kind) {
	zero := reflect.New(reflect.TypeOf(kind.New()).Elem()).Interface().(planning.Configurable)
	var plans [2]*planning.Plan
	for i, planner := range []planning.Configurable{kind.New(), zero} {
		p := problem(5)
		p.Horizon = 3
		plan, err := planner.Plan(context.Background(), p)
		if err != nil {
			t.Fatal(err)
		}
		plans[i] = plan
	}
	if !reflect.DeepEqual(plans[0], plans[1]) {
		t.Error("the zero value plans differently from New's")
	}
}

func testWarm(t *testing.T, kind planning.Kind) {
	cold, err := short(t, kind).Plan(context.Background(), problem(6))
	if err != nil {
		t.Fatal(err)
	}
	p := problem(6)
	p.Warm = cold.Shift(5)
	if got := len(p.Warm.Actions); got != p.Horizon-5 {
		t.Fatalf("a plan shifted by 5 has %d actions, want %d", got, p.Horizon-5)
	}
	var first planning.Iteration
	p.Record = func(it planning.Iteration) {
		if it.K == 0 {
			first = it
		}
	}
	plan, err := short(t, kind).Plan(context.Background(), p)
	if err != nil {
		t.Fatal(err)
	}
	checkPlan(t, p, plan)
	for i, a := range p.Warm.Actions {
		if !reflect.DeepEqual(first.Actions[i], a) {
			t.Fatalf("step %d starts from %v, the warm plan has %v", i, first.Actions[i], a)
		}
	}
}
