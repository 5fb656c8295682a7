package engine

import (
	"context"
	"strings"
	"testing"
)

// How long an action is held is said where steps are counted, as it is set.
func TestHeldActionsAreSaid(t *testing.T) {
	parts := smallParts(t)
	parts.Models = lotteryOnly{parts.Models.(fixedWorld).world}
	e, err := New(Config{Parts: parts, PlanThreads: 1, Home: t.TempDir(), Task: "cartpole-swingup"})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- e.Run(ctx) }()
	l := &live{Engine: e, t: t}
	for _, c := range []struct {
		command Command
		repeat  int
		steps   int
		words   string
	}{
		{Watch{"random"}, 2, 500, "each action held 2 steps"},
		{SetTaskField{"repeat", "8"}, 8, 125, "of 125, each action held 8 steps"},
		{SetTaskField{"repeat", "1"}, 1, 1000, "of 1000."},
	} {
		l.Do(c.command)
		s := l.until("watching", func(s *State) bool { return s.Phase == Watching && s.Step > 0 })
		if s.Task.ActionRepeat != c.repeat || s.Task.EpisodeSteps != c.steps || !strings.Contains(s.Status.Text, c.words) {
			t.Errorf("%v: repeat %d, %d steps, status %q", c.command, s.Task.ActionRepeat, s.Task.EpisodeSteps, s.Status.Text)
		}
	}
	cancel()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

// A control step that is set to hold its action longer takes longer in the scene.
func TestStageMeasuresItsPace(t *testing.T) {
	task, err := (&Parts{Tasks: smallParts(t).Tasks}).task("cartpole-swingup")
	if err != nil {
		t.Fatal(err)
	}
	inst, err := task.New(map[string]string{"repeat": "8"})
	if err != nil {
		t.Fatal(err)
	}
	defer inst.Close()
	s := stage{task: task, inst: inst, hold: make([]float64, task.ActionDim)}
	if err := s.measure(); err != nil || s.dt < 0.0799 || s.dt > 0.0801 {
		t.Errorf("a step of eight takes %g s, error %v", s.dt, err)
	}
}
