package simtest

import (
	"errors"
	"math"
	"reflect"
	"testing"

	"github.com/latco-studio/latco/sim"
)

// restore saves in the middle of episodes of several policies and goes back there,
// in the same instance and in a fresh one: what follows must be equal to the bit.
func restore(t *testing.T, task sim.Task) {
	builds := []func() sim.Policy{func() sim.Policy { return &sim.RandomPolicy{} }}
	for _, b := range []func() sim.Policy{task.Scripted, task.Mixed} {
		if b != nil {
			builds = append(builds, b)
		}
	}
	for _, build := range builds {
		for _, at := range []int{0, 3, task.EpisodeSteps / 2} {
			in, ts := open(t, task, 11)
			p := build()
			p.Reset(11)
			if at > 0 {
				ts = run(t, in, p, ts, at)[at-1]
			}
			saved := in.State()
			want := run(t, in, p, ts, 40)

			again := replay(t, in, saved, want)
			same(t, want, again)
			fresh, _ := open(t, task, 12)
			same(t, want, replay(t, fresh, saved, want))
			if !reflect.DeepEqual(in.State(), fresh.State()) {
				t.Error("restored episodes end in different states")
			}
		}
	}
}

// replay executes the actions of steps again, from a state.
func replay(t *testing.T, in sim.Instance, s sim.State, steps []sim.Timestep) []sim.Timestep {
	t.Helper()
	if err := in.SetState(s); err != nil {
		t.Fatal(err)
	}
	if got := in.State(); !reflect.DeepEqual(got, s) {
		t.Fatalf("state %+v was restored as %+v", s, got)
	}
	out := make([]sim.Timestep, len(steps))
	for i, ts := range steps {
		var err error
		if out[i], err = in.Step(ts.Action); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// badStates must be refused and change nothing.
func badStates(t *testing.T, task sim.Task) {
	in, _ := open(t, task, 4)
	before := in.State()
	for name, spoil := range map[string]func(*sim.State){
		"no positions":     func(s *sim.State) { s.QPos = nil },
		"long velocities":  func(s *sim.State) { s.QVel = append(s.QVel, 0) },
		"NaN position":     func(s *sim.State) { s.QPos[0] = math.NaN() },
		"infinite control": func(s *sim.State) { s.Ctrl[0] = math.Inf(1) },
		"foreign memory":   func(s *sim.State) { s.Task = append(s.Task, 1) },
		"NaN time":         func(s *sim.State) { s.Time = math.NaN() },
	} {
		s := in.State()
		spoil(&s)
		var bad *sim.StateError
		if err := in.SetState(s); !errors.As(err, &bad) {
			t.Errorf("%s: %v", name, err)
		}
		if !reflect.DeepEqual(in.State(), before) {
			t.Fatalf("%s changed the state", name)
		}
	}
}

// badActions must be refused, change nothing, and not stop the episode.
func badActions(t *testing.T, task sim.Task) {
	in, _ := open(t, task, 4)
	before := in.State()
	action := make([]float64, task.ActionDim)
	for _, x := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		action[task.ActionDim-1] = x
		var bad *sim.NotFiniteError
		if _, err := in.Step(action); !errors.As(err, &bad) {
			t.Errorf("action with %g: %v", x, err)
		}
	}
	for _, a := range [][]float64{nil, make([]float64, task.ActionDim+1)} {
		var bad *sim.LengthError
		if _, err := in.Step(a); !errors.As(err, &bad) {
			t.Errorf("action of length %d: %v", len(a), err)
		}
	}
	if !reflect.DeepEqual(in.State(), before) {
		t.Error("a refused action changed the state")
	}
	if _, err := in.Step(make([]float64, task.ActionDim)); err != nil {
		t.Errorf("after refused actions: %v", err)
	}
}

// unstable gives the simulation velocities no integrator survives. The step must
// fail, so must all that follow, and both ways back must work.
func unstable(t *testing.T, task sim.Task) {
	in, ts := open(t, task, 4)
	good := in.State()
	want := run(t, in, random(4), ts, 10)
	action := make([]float64, task.ActionDim)
	for _, back := range []func() error{
		func() error { return in.SetState(good) },
		func() error { _, err := in.Reset(4); return err },
	} {
		bad := in.State()
		for i := range bad.QVel {
			bad.QVel[i] = 1e12
		}
		if err := in.SetState(bad); err == nil {
			_, first := in.Step(action)
			_, second := in.Step(action)
			if first == nil || second == nil {
				t.Fatalf("steps at a velocity of 1e12: %v, %v", first, second)
			}
		}
		if err := back(); err != nil {
			t.Fatal(err)
		}
		same(t, want, run(t, in, random(4), ts, 10))
	}
}
