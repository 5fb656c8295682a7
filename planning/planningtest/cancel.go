package planningtest

import (
	"context"
	"errors"
	"math/rand"
	"runtime"
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
	count.Model = &Tap{Model: PointMass(0.05), Batch: 400, After: func(string, map[string][]float64) error { total++; return nil }}
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
		p.Model = &Tap{Model: PointMass(0.05), Batch: 400, After: func(string, map[string][]float64) error {
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

// checkGoroutines waits for goroutines that have been joined to be gone.
func checkGoroutines(t *testing.T, before int) {
	deadline := time.Now().Add(2 * time.Second)
	for runtime.NumGoroutine() > before {
		if time.Now().After(deadline) {
			t.Fatalf("%d goroutines before, %d after", before, runtime.NumGoroutine())
		}
		runtime.Gosched()
	}
}
