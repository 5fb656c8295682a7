package engine

import (
	"context"
	"math"
	"testing"

	"github.com/latco-studio/latco/render"
	"github.com/latco-studio/latco/sim"
)

// visible is a point of the free view where the mouse hits a handle, found on a
// grid as a hand would find it.
func visible(inst sim.Instance, task sim.Task, h sim.Handle) (x, y float64, ok bool) {
	var scene render.Scene
	inst.Scene(&scene)
	camera := Tracking(task.FreeCamera, inst)
	const n = 60
	for j := range n {
		for i := range n {
			x, y := (float64(i)+0.5)/n, (float64(j)+0.5)/n
			hit, ok := scene.Pick(camera, 1, x, y)
			if !ok {
				continue
			}
			if got := handleOf(inst, hit.Object); got != nil && got.Name == h.Name {
				return x, y, true
			}
		}
	}
	return 0, 0, false
}

// What a task lets be dragged follows the mouse in the paused scene, for every
// task, and stays where it was put.
func TestDragEveryHandle(t *testing.T) {
	parts := smallParts(t)
	parts.Models = lotteryOnly{parts.Models.(fixedWorld).world}
	e, err := New(Config{Parts: parts, PlanThreads: 1, Home: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- e.Run(ctx) }()
	l := &live{Engine: e, t: t}
	l.until("observation", func(s *State) bool { return s.Observation != nil })
	l.Do(Viewport{300, 300})
	l.Do(Pause{true})
	for _, task := range parts.Tasks {
		inst, err := task.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		defer inst.Close()
		if _, err := inst.Reset(0); err != nil {
			t.Fatal(err)
		}
		if len(inst.Handles()) == 0 {
			continue
		}
		if l.State().Task.Name != task.Name { // choosing the task on the stage opens it again, unseen from here
			l.Do(SelectTask{task.Name})
			l.until("task "+task.Name, func(s *State) bool { return s.Task.Name == task.Name && s.Opening == "" })
		}
		found := 0
		for _, h := range inst.Handles() {
			x, y, ok := visible(inst, task, h)
			if !ok {
				continue
			}
			found++
			l.Do(Reset{})
			l.Do(Pick{x, y})
			s := l.until("picked "+h.Name, func(s *State) bool { return s.Picked != nil && s.Picked.Name == h.Name && s.Step == 0 })
			from, old := s.Picked.Pos, s.Observation
			l.Do(DragStart{x, y})
			l.Do(DragMove{x + 0.04, y + 0.02})
			l.Do(DragEnd{})
			s = l.until(task.Name+": an observation with the "+h.Name+" elsewhere", func(s *State) bool { return s.Observation != old })
			if h.Object.Body > 0 && math.Hypot(math.Hypot(s.Picked.Pos[0]-from[0], s.Picked.Pos[1]-from[1]), s.Picked.Pos[2]-from[2]) < 1e-3 {
				t.Errorf("%s: the %s stays at %v", task.Name, h.Name, from)
			}
			if s.Status.Level >= Warning {
				t.Errorf("%s: dragging the %s: %s", task.Name, h.Name, s.Status.Text)
			}
		}
		if found == 0 {
			t.Errorf("%s: none of its handles can be seen", task.Name)
		}
	}
	cancel()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}
