package planningtest

import (
	"context"
	"errors"
	"math"
	"math/rand"
	"testing"
	"time"

	"github.com/latco-studio/latco/planning"
)

// patience is how long a planner may go on after its context ended.
const patience = 100 * time.Millisecond

// testCancel ends the context inside every call that the planner makes of the
// model, one run each.
func testCancel(t *testing.T, kind planning.Kind) {
	done := context.Background()
	total := 0
	count := problem(7)
	count.Model = &Tap{Model: PointMass(0.05), After: func(string, map[string][]float64) error { total++; return nil }}
	if _, err := short(t, kind).Plan(done, count); err != nil {
		t.Fatal(err)
	}
	if total < 5 {
		t.Fatalf("the planner called the model %d times in 4 iterations", total)
	}
	for at := range total {
		ctx, cancel := context.WithCancel(done)
		calls := 0
		p := problem(7)
		p.Model = &Tap{Model: PointMass(0.05), After: func(string, map[string][]float64) error {
			if calls == at {
				cancel()
			}
			calls++
			return nil
		}}
		plan, err := short(t, kind).Plan(ctx, p)
		// After the last look at the context a plan may still come out whole.
		if !errors.Is(err, context.Canceled) && at < total-2 {
			t.Fatalf("cancelled in call %d of %d: got error %v", at, total, err)
		}
		checkPlan(t, p, plan)
		cancel()
	}

	ctx, cancel := context.WithCancel(done)
	cancel()
	p := problem(7)
	plan, err := kind.New().Plan(ctx, p)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled beforehand: got error %v", err)
	}
	checkPlan(t, p, plan)
}

// testCancelLarge measures the delay at the paper's latent size, with the
// context ending at moments spread over an iteration. A busy machine can hold up
// any planner, so that one prompt return of several counts.
func testCancelLarge(t *testing.T, kind planning.Kind) {
	net := Network(rand.New(rand.NewSource(1)), 230, 4, 0.1)
	for _, after := range []time.Duration{0, 7 * time.Millisecond, 40 * time.Millisecond, 130 * time.Millisecond} {
		late := delay(t, kind, net, after)
		for try := 1; late > patience*slowdown && try < 5; try++ {
			late = min(late, delay(t, kind, net, after))
		}
		if late > patience*slowdown {
			t.Errorf("ended after %v: the planner returned %v later", after, late)
		}
	}
}

// delay is the time between the context's end, which comes some time after the
// first answer of the model, and the planner's return.
func delay(t *testing.T, kind planning.Kind, net *Model, after time.Duration) time.Duration {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	ended := make(chan time.Time, 1)
	started := false
	p := &planning.Problem{
		Model: &Tap{Model: net, Batch: 4, After: func(string, map[string][]float64) error {
			if !started {
				started = true
				time.AfterFunc(after, func() { ended <- time.Now(); cancel() })
			}
			return nil
		}},
		Feature: make([]float64, net.Z), Horizon: 30, Rand: rand.New(rand.NewSource(1)),
	}
	plan, err := kind.New().Plan(ctx, p)
	back := time.Now()
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("got error %v", err)
	}
	checkPlan(t, p, plan)
	return back.Sub(<-ended)
}

// outputs are the numbers a model gives, by method.
var outputs = map[string][]string{
	"Imagine":          {"latents", "rewards"},
	"Score":            {"returns"},
	"Linearize":        {"next", "dz", "da"},
	"LinearizeReward":  {"r", "drdz"},
	"LinearizeMoments": {"nextMean", "nextStd", "dz", "da"},
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
