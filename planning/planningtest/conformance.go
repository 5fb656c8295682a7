package planningtest

import (
	"errors"
	"math/rand"
	"runtime"
	"strings"
	"testing"

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
	t.Run("search", func(t *testing.T) { testSearch(t, kind) })
	t.Run("collocation", func(t *testing.T) { testCollocation(t, kind) })
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
