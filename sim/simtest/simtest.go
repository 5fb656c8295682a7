// Package simtest is the conformance suite every task passes. A new task is
// tested by being in the catalogue.
package simtest

import (
	"errors"
	"math"
	"reflect"
	"testing"

	"github.com/latco-studio/latco/resources/setting"
	"github.com/latco-studio/latco/sim"
)

// Run tests everything a task promises in package sim.
func Run(t *testing.T, task sim.Task) {
	for _, part := range []struct {
		name string
		test func(*testing.T, sim.Task)
	}{
		{"facts", facts}, {"fields", fields}, {"determinism", determinism},
		{"seeds differ", seedsDiffer}, {"save and restore", restore}, {"bad states", badStates},
		{"bounds", bounds}, {"bad actions", badActions}, {"unstable", unstable}, {"end", end}, {"closed", closed},
		{"parallel", parallel}, {"policies", policies},
		{"scene", scene}, {"scene allocates nothing", sceneAllocs}, {"ghost", ghost},
		{"handles", handles}, {"mouse", mouse},
	} {
		t.Run(part.name, func(t *testing.T) { part.test(t, task) })
	}
}

// open makes an instance that the test closes, reset with a seed.
func open(t testing.TB, task sim.Task, seed int64) (sim.Instance, sim.Timestep) {
	t.Helper()
	in, err := task.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := in.Close(); err != nil {
			t.Error(err)
		}
	})
	ts, err := in.Reset(seed)
	if err != nil {
		t.Fatal(err)
	}
	return in, ts
}

// run steps a policy n times and returns the steps.
func run(t testing.TB, in sim.Instance, p sim.Policy, ts sim.Timestep, n int) []sim.Timestep {
	t.Helper()
	action := make([]float64, len(ts.Action))
	var out []sim.Timestep
	for range n {
		var err error
		p.Act(ts, action)
		if ts, err = in.Step(action); err != nil {
			t.Fatal(err)
		}
		out = append(out, ts)
	}
	return out
}

func random(seed int64) sim.Policy {
	p := &sim.RandomPolicy{}
	p.Reset(seed)
	return p
}

func facts(t *testing.T, task sim.Task) {
	if task.Name == "" || task.Title == "" || task.Group == "" || task.Summary == "" || task.Success == "" {
		t.Errorf("words are missing: %+v", task)
	}
	if task.ActionDim < 1 || task.ObsDim < 1 || task.Horizon < 1 || task.EpisodeSteps < 1 || task.ActionRepeat < 1 {
		t.Errorf("numbers are missing: %+v", task)
	}
	if task.Replan < 1 || task.Replan > task.Horizon {
		t.Errorf("executes %d of %d planned actions", task.Replan, task.Horizon)
	}
	if task.Camera.Distance <= 0 || task.FreeCamera.Distance <= 0 {
		t.Error("a camera has no distance")
	}
	_, ts := open(t, task, 1)
	if ts.T != 0 || len(ts.Obs) != task.ObsDim || len(ts.Action) != task.ActionDim || ts.Reward != 0 || ts.Truncated {
		t.Errorf("the reset gave %+v", ts)
	}
}

func fields(t *testing.T, task sim.Task) {
	in, _ := open(t, task, 1)
	if err := setting.Check(in.Fields()); err != nil {
		t.Errorf("default out of range: %v", err)
	}
	again, err := task.New(setting.Map(in.Fields()))
	if err != nil {
		t.Fatalf("the defaults as text: %v", err)
	}
	defer again.Close()
	if a, b := setting.Map(in.Fields()), setting.Map(again.Fields()); !reflect.DeepEqual(a, b) {
		t.Errorf("defaults %v became %v", a, b)
	}
	var unknown *setting.UnknownError
	if _, err := task.New(map[string]string{"no such setting": "1"}); !errors.As(err, &unknown) {
		t.Errorf("unknown setting: %v", err)
	}
}

func determinism(t *testing.T, task sim.Task) {
	a, ta := open(t, task, 7)
	b, _ := open(t, task, 8)
	run(t, b, random(9), ta, 20) // another past must not matter
	tb, err := b.Reset(7)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(ta, tb) {
		t.Fatalf("equal seeds, starts %+v and %+v", ta, tb)
	}
	same(t, run(t, a, random(1), ta, 60), run(t, b, random(1), tb, 60))
	if !reflect.DeepEqual(a.State(), b.State()) {
		t.Error("equal episodes end in different states")
	}
}

func same(t *testing.T, a, b []sim.Timestep) {
	t.Helper()
	for i := range a {
		if !reflect.DeepEqual(a[i], b[i]) {
			t.Fatalf("step %d: %+v and %+v", i, a[i], b[i])
		}
	}
}

func seedsDiffer(t *testing.T, task sim.Task) {
	in, first := open(t, task, 0)
	for seed := int64(1); seed < 5; seed++ {
		ts, err := in.Reset(seed)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(ts.Obs, first.Obs) {
			return
		}
	}
	t.Log("every seed starts alike")
}

func bounds(t *testing.T, task sim.Task) {
	in, ts := open(t, task, 3)
	p, action := random(3), make([]float64, task.ActionDim)
	for range 40 {
		p.Act(ts, action)
		for i := range action {
			action[i] *= 3
		}
		given := append([]float64(nil), action...)
		var err error
		if ts, err = in.Step(action); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(action, given) {
			t.Fatal("Step changed its argument")
		}
		for i, a := range ts.Action {
			if want := math.Max(-1, math.Min(1, given[i])); a != want {
				t.Fatalf("action %v was executed as %v", given, ts.Action)
			}
		}
		if err := sim.CheckFinite("observation", ts.Obs); err != nil {
			t.Fatal(err)
		}
	}
}

func end(t *testing.T, task sim.Task) {
	in, ts := open(t, task, 2)
	for i, ts := range run(t, in, random(2), ts, task.EpisodeSteps) {
		if ts.T != i+1 {
			t.Fatalf("step %d says T = %d", i+1, ts.T)
		}
		if last := i+1 == task.EpisodeSteps; ts.Truncated != last {
			t.Fatalf("step %d of %d: truncated %t", i+1, task.EpisodeSteps, ts.Truncated)
		}
	}
}

func closed(t *testing.T, task sim.Task) {
	in, ts := open(t, task, 2)
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := in.Step(ts.Action); err == nil {
		t.Error("Step after Close succeeded")
	}
	if _, err := in.Reset(1); err == nil {
		t.Error("Reset after Close succeeded")
	}
}

func policies(t *testing.T, task sim.Task) {
	for name, build := range map[string]func() sim.Policy{"scripted": task.Scripted, "mixed": task.Mixed} {
		if build == nil {
			continue
		}
		in, ts := open(t, task, 6)
		p, q := build(), build()
		q.Reset(99)
		q.Act(ts, make([]float64, task.ActionDim))
		p.Reset(6)
		q.Reset(6)
		a := run(t, in, p, ts, task.EpisodeSteps)
		ts, err := in.Reset(6)
		if err != nil {
			t.Fatal(err)
		}
		same(t, a, run(t, in, q, ts, task.EpisodeSteps))
		if name == "scripted" && !solved(a) {
			t.Errorf("the scripted policy does not solve seed 6 in %d steps", task.EpisodeSteps)
		}
	}
}

func solved(steps []sim.Timestep) bool {
	for _, ts := range steps {
		if ts.Success {
			return true
		}
	}
	return false
}
