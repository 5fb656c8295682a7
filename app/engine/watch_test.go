package engine

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestWatchGoesOnFromEpisodeToEpisode(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := beginLive(t, new(props), nil)
		defer l.stop()
		began := time.Now()
		l.Do(Watch{})
		s := l.until("end of the episode", func(s *State) bool { return s.Phase == EpisodeOver })
		// 24 steps of 50 ms, the first at once.
		if took := time.Since(began); took < 1150*time.Millisecond || took > 1300*time.Millisecond {
			t.Errorf("the episode took %v", took)
		}
		if s.Watch.Policy != "scripted" || s.Watch.Episodes != 1 || s.Watch.Solved != 1 || s.Step != railSteps || !s.Success {
			t.Errorf("%+v at step %d", s.Watch, s.Step)
		}
		if want := "The scripted policy ended its episode: goal reached, return 15. Solved 1 of 1 episode."; s.Status.Text != want {
			t.Errorf("status %q, want %q", s.Status.Text, want)
		}
		s = l.until("the next episode", func(s *State) bool { return s.Phase == Watching && s.Step == 3 })
		if s.Seed != 1 || s.Watch.Episodes != 1 || s.Paused {
			t.Errorf("seed %d, %+v, paused %v", s.Seed, s.Watch, s.Paused)
		}
		l.Do(Pause{true})
		s = l.until("pause", func(s *State) bool { return s.Paused })
		at := s.Step
		time.Sleep(time.Second)
		l.Do(StepOnce{})
		s = l.until("one step", func(s *State) bool { return s.Step > at })
		if s.Step != at+1 || s.Phase != Watching || !strings.HasPrefix(s.Status.Text, "Paused. Watching the scripted policy: step") {
			t.Errorf("after one step: step %d, phase %v, %q", s.Step, s.Phase, s.Status.Text)
		}
		l.Do(Reset{New: true})
		s = l.until("another start", func(s *State) bool { return s.Seed == 2 })
		if s.Watch.Policy != "scripted" || !s.Paused || s.Watch.Episodes != 1 {
			t.Errorf("after a reset: %+v, paused %v", s.Watch, s.Paused)
		}
		l.Do(Stop{})
		s = l.until("stop", func(s *State) bool { return s.Phase == Idle })
		if s.Watch != (WatchView{}) {
			t.Errorf("after Stop: %+v", s.Watch)
		}
	})
}

func TestWatchedStatesCanBePlannedFrom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := beginLive(t, new(props), nil)
		defer l.stop()
		l.Do(Watch{"random"})
		l.until("steps", func(s *State) bool { return s.Step > 4 })
		l.Do(Plan{})
		s := l.until("plan", func(s *State) bool { return s.Phase == PlanReady })
		if s.Plan.StartStep < 5 || s.Watch.Policy != "" {
			t.Errorf("planned from step %d, watching %q", s.Plan.StartStep, s.Watch.Policy)
		}
		l.Do(Watch{"scripted"})
		s = l.until("watching", func(s *State) bool { return s.Phase == Watching })
		if !s.Plan.Stale {
			t.Error("the plan still claims the scene")
		}
		l.Do(Watch{"dreamt"})
		s = l.until("refusal", func(s *State) bool { return s.Status.Level == Failure })
		if s.Phase != Watching || !strings.Contains(s.Status.Text, "scripted, random") {
			t.Errorf("phase %v, status %q", s.Phase, s.Status.Text)
		}
	})
}

// A scene that was left to itself is watched from its start, one that was arranged
// by hand as it is.
func TestWatchBeginsWhereItShould(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := beginLive(t, new(props), nil)
		defer l.stop()
		l.Do(Viewport{600, 600})
		time.Sleep(5 * time.Second)
		l.Do(Watch{})
		l.until("a step", func(s *State) bool { return s.Step == 1 })
		l.Do(Stop{})
		l.Do(Pause{true})
		l.Do(DragStart{0.5, 0.5})
		l.Do(DragMove{0.6, 0.5})
		l.Do(DragEnd{})
		l.Do(Pause{false})
		time.Sleep(time.Second)
		l.Do(Watch{})
		l.until("further steps", func(s *State) bool {
			if s.Phase == Watching && s.Step == 0 {
				t.Fatal("the arranged scene was reset")
			}
			return s.Step > 3
		})
	})
}
