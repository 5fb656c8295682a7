package planningtest

import (
	"context"
	"errors"
	"math"
	"math/rand"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/latco-studio/latco/planning"
	"github.com/latco-studio/latco/resources/setting"
)

// Run holds a planner to the contract of package planning.
func Run(t *testing.T, kind planning.Kind) {
	before := runtime.NumGoroutine()
	t.Run("description", func(t *testing.T) { testDescription(t, kind) })
	t.Run("plan", func(t *testing.T) { testPlan(t, kind) })
	t.Run("record", func(t *testing.T) { testRecord(t, kind) })
	t.Run("determinism", func(t *testing.T) { testDeterminism(t, kind) })
	t.Run("defaults", func(t *testing.T) { testDefaults(t, kind) })
	t.Run("warm", func(t *testing.T) { testWarm(t, kind) })
	t.Run("cancel", func(t *testing.T) { testCancel(t, kind) })
	t.Run("cancel large", func(t *testing.T) { testCancelLarge(t, kind) })
	t.Run("bad settings", func(t *testing.T) { testBadSettings(t, kind) })
	t.Run("bad problems", func(t *testing.T) { testBadProblems(t, kind) })
	t.Run("missing ability", func(t *testing.T) { testMissing(t, kind) })
	t.Run("broken model", func(t *testing.T) { testBroken(t, kind) })
	checkGoroutines(t, before)
}

// problem is a noisy point mass, 12 steps ahead.
func problem(seed int64) *planning.Problem {
	return &planning.Problem{Model: PointMass(0.05), Feature: Start(), Horizon: 12, Rand: rand.New(rand.NewSource(seed))}
}

// short makes a planner that takes 4 iterations; sets are keys and values.
func short(t *testing.T, kind planning.Kind, sets ...string) planning.Configurable {
	t.Helper()
	p := kind.New()
	sets = append([]string{"iterations", "4"}, sets...)
	for i := 0; i < len(sets); i += 2 {
		if err := setting.Set(p.Fields(), sets[i], sets[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

// several is short with three parallel plans, if the planner has such.
func several(t *testing.T, kind planning.Kind) planning.Configurable {
	t.Helper()
	p := short(t, kind)
	err := setting.Set(p.Fields(), "plans", "3")
	if unknown := (*setting.UnknownError)(nil); err != nil && !errors.As(err, &unknown) {
		t.Fatal(err)
	}
	return p
}

func testDescription(t *testing.T, kind planning.Kind) {
	if kind.Name == "" || kind.Title == "" || kind.Needs == "" || !strings.HasSuffix(kind.Help, ".") {
		t.Errorf("incomplete: %+v", kind)
	}
	p := kind.New()
	if err := setting.Check(p.Fields()); err != nil {
		t.Errorf("a default is out of range: %v", err)
	}
	seen := map[string]bool{}
	for _, f := range p.Fields() {
		if f.Key == "" || seen[f.Key] {
			t.Errorf("key %q is empty or used twice", f.Key)
		}
		seen[f.Key] = true
		if f.Title == "" || !strings.HasSuffix(f.Help, ".") {
			t.Errorf("%s: title %q, help %q: want both, the help a sentence", f.Key, f.Title, f.Help)
		}
		if len(f.Choices) > 0 {
			continue
		}
		if !(f.Min < f.Max) || f.Log && f.Min <= 0 {
			t.Errorf("%s: range [%g, %g], logarithmic %v", f.Key, f.Min, f.Max, f.Log)
		}
		if f.Min <= 0 && f.Max >= 0 {
			t.Errorf("%s: range [%g, %g] contains zero, which means the default", f.Key, f.Min, f.Max)
		}
	}
	if !seen["iterations"] {
		t.Error("no setting called iterations")
	}
}

func testPlan(t *testing.T, kind planning.Kind) {
	p := problem(1)
	p.Feature[0] = 0.125
	plan, err := short(t, kind).Plan(context.Background(), p)
	if err != nil {
		t.Fatal(err)
	}
	checkPlan(t, p, plan)
	if plan.Iterations != 4 {
		t.Errorf("Iterations = %d, want 4", plan.Iterations)
	}
	if p.Feature[0] != 0.125 {
		t.Error("the planner changed the problem's feature")
	}
	p.Horizon = 1
	plan, err = short(t, kind).Plan(context.Background(), p)
	if err != nil {
		t.Fatalf("horizon 1: %v", err)
	}
	checkPlan(t, p, plan)
}

func checkPlan(t *testing.T, p *planning.Problem, plan *planning.Plan) {
	t.Helper()
	if plan == nil {
		t.Fatal("no plan")
	}
	h, z, a := p.Horizon, p.Model.FeatureDim(), p.Model.ActionDim()
	checkShape(t, "Actions", plan.Actions, h, a)
	checkShape(t, "Latents", plan.Latents, h+1, z)
	checkShape(t, "Reward", [][]float64{plan.Reward}, 1, h)
	var total float64
	for _, r := range plan.Reward {
		total += r
	}
	if math.Abs(total-plan.Return) > 1e-9*(1+math.Abs(total)) {
		t.Errorf("Return = %g, Σ Reward = %g", plan.Return, total)
	}
	for step, row := range plan.Actions {
		for _, v := range row {
			if v < -1 || v > 1 {
				t.Errorf("action of step %d = %g, outside ±1", step, v)
			}
		}
	}
	if !reflect.DeepEqual(plan.Latents[0], p.Feature) {
		t.Errorf("Latents[0] = %v, the problem starts at %v", plan.Latents[0], p.Feature)
	}
}

func checkShape(t *testing.T, name string, m [][]float64, rows, cols int) {
	t.Helper()
	if len(m) != rows {
		t.Fatalf("%s has %d rows, want %d", name, len(m), rows)
	}
	for i, r := range m {
		if len(r) != cols {
			t.Fatalf("%s[%d] has %d numbers, want %d", name, i, len(r), cols)
		}
		for _, v := range r {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				t.Fatalf("%s[%d] = %v", name, i, r)
			}
		}
	}
}

func testRecord(t *testing.T, kind planning.Kind) {
	var its []planning.Iteration
	p := problem(2)
	p.Record = func(it planning.Iteration) { its = append(its, it) }
	plan, err := short(t, kind).Plan(context.Background(), p)
	if err != nil {
		t.Fatal(err)
	}
	if len(its) != plan.Iterations+1 {
		t.Fatalf("%d records of %d iterations, want one more", len(its), plan.Iterations)
	}
	for k, it := range its {
		if it.K != k {
			t.Errorf("record %d has K = %d", k, it.K)
		}
		checkIteration(t, p, it)
	}
	last := its[len(its)-1]
	if !reflect.DeepEqual(last.Latents, plan.Latents) || last.Return != plan.Return {
		t.Error("the last record is not the plan")
	}

	// The receiver owns what it gets: spoiling it changes nothing.
	q := problem(2)
	q.Record = func(it planning.Iteration) {
		for _, m := range [][][]float64{it.Latents, it.Actions, {it.Reward, it.DynViolation, it.ActViolation, it.Lambda, it.Nu}} {
			for _, r := range m {
				for i := range r {
					r[i] = NaN
				}
			}
		}
	}
	spoiled, err := short(t, kind).Plan(context.Background(), q)
	if err != nil || !reflect.DeepEqual(spoiled, plan) {
		t.Errorf("records share memory with the planner: %v", err)
	}
}

func checkIteration(t *testing.T, p *planning.Problem, it planning.Iteration) {
	t.Helper()
	h, z, a := p.Horizon, p.Model.FeatureDim(), p.Model.ActionDim()
	checkShape(t, "Latents", it.Latents, h+1, z)
	checkShape(t, "Actions", it.Actions, h, a)
	checkShape(t, "Reward and violations", [][]float64{it.Reward, it.DynViolation, it.ActViolation}, 3, h)
	if (it.Lambda == nil) != (it.Nu == nil) {
		t.Error("only one of Lambda and Nu is nil")
	}
	if it.Lambda != nil {
		checkShape(t, "multipliers", [][]float64{it.Lambda, it.Nu}, 2, h)
	}
	for i := range h {
		if it.DynViolation[i] < 0 || it.ActViolation[i] < 0 || it.Lambda != nil && (it.Lambda[i] <= 0 || it.Nu[i] <= 0) {
			t.Errorf("iteration %d, step %d: a negative violation or a multiplier ≤ 0", it.K, i)
		}
	}
}

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
