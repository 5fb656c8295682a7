package engine

import (
	"image"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// The tests of the live engine run in a bubble with a clock of its own: the
// engine steps in real time, the test does not wait, and a goroutine that is
// left behind is a deadlock that fails the test.

func TestPlanShowsTheOptimisation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := beginLive(t, new(props), nil)
		defer l.stop()
		l.Do(Plan{})
		s := l.until("first strip while planning", func(s *State) bool { return s.Plan != nil && s.Plan.Strip != nil })
		if s.Phase != Planning || !s.Plan.Running || s.Status.Level != Busy {
			t.Errorf("while planning: phase %v, running %v, status %+v", s.Phase, s.Plan.Running, s.Status)
		}
		s = l.until("plan", func(s *State) bool { return s.Phase == PlanReady && s.Plan.ModelStrip != nil && s.Plan.Shown == 19 })
		p := s.Plan
		if len(p.Iterations) != 20 || p.Total != 20 || p.Horizon != 10 || p.Threshold != 1e-4 {
			t.Errorf("%d iterations of %d, H %d, ε %g", len(p.Iterations), p.Total, p.Horizon, p.Threshold)
		}
		if len(p.Strip) != 11 || len(p.ModelStrip) != 11 || len(p.Real) != 1 {
			t.Errorf("strips of %d, %d and %d frames", len(p.Strip), len(p.ModelStrip), len(p.Real))
		}
		// Twenty pauses of 10 ms.
		if p.Elapsed != 200*time.Millisecond {
			t.Errorf("the plan took %v", p.Elapsed)
		}
		// The rail's frames grow brighter by 0.05 a step, up to the last.
		if got, want := p.Strip[10].Pix[0], uint8(127); got != want {
			t.Errorf("last frame of the strip is %d, want %d", got, want)
		}
		l.Do(SelectIteration{3})
		s = l.until("iteration 3", func(s *State) bool { return s.Plan.Shown == 3 })
		if s.Plan.Iterations[s.Plan.Shown].K != 3 {
			t.Error("the strip does not show iteration 3")
		}
	})
}

func TestRunReachesTheGoal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := beginLive(t, new(props), nil)
		defer l.stop()
		began := time.Now()
		l.Do(Run{})
		s := l.until("end of the episode", func(s *State) bool { return s.Phase == EpisodeOver })
		// Three plans of 200 ms and 24 steps of 50 ms, on ticks of 1/60 s.
		if took := time.Since(began); took < 1700*time.Millisecond || took > 2200*time.Millisecond {
			t.Errorf("the episode took %v", took)
		}
		if s.Step != railSteps || !s.Success || s.Outcome != "success" {
			t.Errorf("step %d, success %v, outcome %q", s.Step, s.Success, s.Outcome)
		}
		want := 0.0
		for i := 1; i <= railSteps; i++ {
			want += railDT * float64(i)
		}
		if d := s.Return - want; d > 1e-9 || d < -1e-9 {
			t.Errorf("return %g, want %g", s.Return, want)
		}
		// The last plan began after 16 steps and executed 8.
		if p := s.Plan; p.StartStep != 16 || len(p.Real) != 9 || len(p.RealReward) != 8 || p.Stale {
			t.Errorf("start %d, %d real frames, %d rewards, stale %v", p.StartStep, len(p.Real), len(p.RealReward), p.Stale)
		}
		if !strings.Contains(s.Status.Text, "Goal reached") {
			t.Errorf("status %q", s.Status.Text)
		}
	})
}

func TestRunExecutesTheReadyPlanFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := beginLive(t, new(props), nil)
		defer l.stop()
		l.Do(Plan{})
		l.until("plan", func(s *State) bool { return s.Phase == PlanReady })
		l.Do(Run{})
		l.until("second step of the first plan", func(s *State) bool {
			if s.Phase == Planning {
				t.Fatal("a ready plan was made again")
			}
			return s.Phase == Executing && s.Step == 2
		})
	})
}

func TestIdleDoesNotUseUpTheEpisode(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := beginLive(t, new(props), nil)
		defer l.stop()
		time.Sleep(20 * time.Second)
		if s := l.State(); s.Phase != Idle || s.Step != 0 {
			t.Fatalf("after idling: phase %v, step %d", s.Phase, s.Step)
		}
		l.Do(Run{})
		s := l.until("end of the episode", func(s *State) bool { return s.Phase == EpisodeOver })
		if s.Step != railSteps {
			t.Errorf("the episode had %d steps", s.Step)
		}
	})
}

func TestStopEndsThePlannerAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := new(props)
		l := beginLive(t, p, func(c *Config) { c.Planner = "slow" })
		defer l.stop()
		for _, command := range []Command{Plan{}, Run{}} {
			l.Do(command)
			l.until("iterations", func(s *State) bool { return s.Plan != nil && s.Plan.Running && len(s.Plan.Iterations) > 5 })
			began := time.Now()
			l.Do(Stop{})
			s := l.until("idle scene", func(s *State) bool { return s.Phase == Idle && !s.Plan.Running })
			for p.running.Load() > 0 {
				time.Sleep(time.Millisecond)
			}
			if took := time.Since(began); took > 100*time.Millisecond {
				t.Errorf("%T: stopping took %v", command, took)
			}
			if s.Status.Level == Failure {
				t.Errorf("%T: stopping was reported as %q", command, s.Status.Text)
			}
		}
	})
}

func TestSwitchPlannerWhilePlanning(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := new(props)
		l := beginLive(t, p, func(c *Config) { c.Planner = "slow" })
		defer l.stop()
		l.Do(Plan{})
		l.until("planning", func(s *State) bool { return s.Phase == Planning })
		for i := range 100 {
			name := []string{"quick", "slow"}[i%2]
			l.Do(SelectPlanner{name})
			l.until("other planner", func(s *State) bool { return s.Planner.Name == name && s.Plan.Planner == name })
			if n := p.running.Load(); n > 2 {
				t.Fatalf("%d planners at a time", n)
			}
			time.Sleep(time.Duration(i) * time.Millisecond)
		}
		l.Do(SelectPlanner{"quick"})
		s := l.until("plan", func(s *State) bool { return s.Phase == PlanReady })
		if s.Plan.Planner != "quick" || len(s.Plan.Iterations) != 20 {
			t.Errorf("plan of %s with %d iterations", s.Plan.Planner, len(s.Plan.Iterations))
		}
	})
}

func TestSwitchTask(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := beginLive(t, new(props), nil)
		defer l.stop()
		l.Do(Run{})
		l.until("executing", func(s *State) bool { return s.Phase == Executing })
		l.Do(SelectTask{"two"})
		s := l.until("other task and its model", func(s *State) bool { return s.Task.Name == "two" && s.Model.Name == "two-class" })
		if s.Phase != Idle || s.Plan != nil || s.Step != 0 {
			t.Errorf("after the switch: phase %v, plan %v, step %d", s.Phase, s.Plan, s.Step)
		}
		l.Do(SelectTask{"bare"})
		s = l.until("task without a model", func(s *State) bool { return s.Task.Name == "bare" })
		if s.Model.Name != "" || !strings.Contains(s.Status.Text, "No world model") {
			t.Errorf("model %q, status %q", s.Model.Name, s.Status.Text)
		}
		l.Do(Plan{})
		l.until("refusal to plan", func(s *State) bool { return s.Phase == Idle && s.Status.Level == Failure })
	})
}

func TestErrorsAreWordsAndTheEngineGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := new(props)
		l := beginLive(t, p, nil)
		defer l.stop()
		for _, c := range []struct {
			command Command
			say     string
		}{
			{SetPlannerField{"iterations", "0"}, "iterations cannot be 0"},
			{SetPlannerField{"replan", "11"}, "at most horizon = 10"},
			{SetPlannerField{"speling", "1"}, "no setting \"speling\"; known: horizon, replan, iterations, eps_dyn"},
			{SetTaskField{"gain", "NaN"}, "gain cannot be NaN"},
			{SelectTask{"moon"}, "no task \"moon\"; known: one, two, bare"},
			{SelectPlanner{"fortune"}, "no planner \"fortune\"; known: quick, slow"},
			{SetSpeed{0}, "speed cannot be 0"},
			{LoadModel{"nothing.latco"}, "neither a checkpoint"},
			{LoadModel{"two-class"}, "was trained on task two"},
			{Screenshot{"/dev/null/shot.png"}, "not a directory"},
		} {
			l.Do(c.command)
			l.until(c.say, func(s *State) bool { return s.Status.Level == Failure && strings.Contains(s.Status.Text, c.say) })
		}
		p.fail.Store(true)
		l.Do(Plan{})
		l.until("divergence", func(s *State) bool { return s.Phase == Idle && strings.Contains(s.Status.Text, "diverged") })
		p.fail.Store(false)
		l.Do(Run{})
		l.until("executing", func(s *State) bool { return s.Phase == Executing })
		p.sick.Store(true)
		s := l.until("failed simulation", func(s *State) bool { return s.Status.Level == Failure })
		if s.Phase != EpisodeOver || !strings.Contains(s.Status.Text, "fell off") {
			t.Errorf("phase %v, status %q", s.Phase, s.Status.Text)
		}
		p.sick.Store(false)
		l.Do(Run{})
		l.until("goal", func(s *State) bool { return s.Phase == EpisodeOver && s.Success })
	})
}

func TestSettingsAreUsedByTheNextPlan(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := beginLive(t, new(props), nil)
		defer l.stop()
		l.Do(SetPlannerField{"iterations", "7"})
		l.Do(SetPlannerField{"horizon", "5"})
		l.Do(Plan{})
		s := l.until("plan", func(s *State) bool { return s.Phase == PlanReady })
		if len(s.Plan.Iterations) != 7 || s.Plan.Horizon != 5 {
			t.Errorf("%d iterations, H %d", len(s.Plan.Iterations), s.Plan.Horizon)
		}
		l.Do(ResetPlannerFields{})
		l.until("defaults", func(s *State) bool { return s.Planner.Fields[0].String() == "10" })
	})
}

func TestPauseAndSingleSteps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := beginLive(t, new(props), nil)
		defer l.stop()
		l.Do(Pause{true})
		l.Do(Plan{})
		l.until("plan", func(s *State) bool { return s.Phase == PlanReady })
		for want := 1; want <= 8; want++ {
			l.Do(StepOnce{})
			s := l.until("step", func(s *State) bool { return s.Step == want })
			if len(s.Plan.Real) != want+1 || !s.Paused {
				t.Fatalf("after %d steps: %d real frames, paused %v", want, len(s.Plan.Real), s.Paused)
			}
		}
		time.Sleep(time.Second)
		if s := l.State(); s.Step != 8 || s.Phase != Idle {
			t.Errorf("paused scene: step %d, phase %v", s.Step, s.Phase)
		}
	})
}

func TestResetMakesThePlanStale(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := beginLive(t, new(props), nil)
		defer l.stop()
		l.Do(Plan{})
		l.until("plan", func(s *State) bool { return s.Phase == PlanReady })
		l.Do(Reset{New: true})
		s := l.until("stale plan", func(s *State) bool { return s.Plan.Stale })
		if s.Seed != 1 || s.Phase != Idle {
			t.Errorf("seed %d, phase %v", s.Seed, s.Phase)
		}
		l.Do(Run{})
		l.until("a new plan", func(s *State) bool { return s.Phase == Planning && !s.Plan.Stale })
	})
}

func TestPickAndDragTheGoal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := beginLive(t, new(props), nil)
		defer l.stop()
		l.Do(Viewport{600, 600})
		l.Do(Pick{0.5, 0.5})
		s := l.until("picked goal", func(s *State) bool { return s.Picked != nil })
		if s.Picked.Name != "goal" {
			t.Errorf("picked %q", s.Picked.Name)
		}
		l.Do(Pick{0.01, 0.01})
		l.until("nothing picked", func(s *State) bool { return s.Picked == nil })
		l.Do(Plan{})
		l.until("plan", func(s *State) bool { return s.Phase == PlanReady })
		l.Do(DragStart{0.5, 0.5})
		l.Do(DragMove{0.7, 0.5})
		l.Do(DragEnd{})
		l.until("stale plan", func(s *State) bool { return s.Plan.Stale })
	})
}

func TestFramesFollowTheViewport(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := beginLive(t, new(props), nil)
		defer l.stop()
		frame := new(image.RGBA)
		for _, size := range []Viewport{{320, 200}, {101, 77}, {900, 500}} {
			l.Do(size)
			l.until("frame of the new size", func(*State) bool {
				l.Frame(frame)
				return frame.Rect.Dx() == size.W && frame.Rect.Dy() == size.H
			})
			if slices.ContainsFunc(frame.Pix, func(v uint8) bool { return v != frame.Pix[0] && v != 255 }) {
				t.Error("the frame is torn")
			}
		}
	})
}

func TestStopOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := new(props)
		l := beginLive(t, p, func(c *Config) { c.Planner = "slow" })
		l.Do(Plan{})
		l.until("strip", func(s *State) bool { return s.Plan != nil && s.Plan.Strip != nil })
		began := time.Now()
		l.stop()
		if took := time.Since(began); took > 100*time.Millisecond {
			t.Errorf("stopping took %v", took)
		}
		lines := p.diary.read()
		if n := len(lines); lines[n-1] != "renderer closed" || !slices.Contains(lines, "scene closed") {
			t.Errorf("stopped in the order %v", lines)
		}
		count := func(line string) (n int) {
			for _, l := range lines {
				if l == line {
					n++
				}
			}
			return n
		}
		if o, c := count("mind opened"), count("mind closed"); o != c || o < 2 {
			t.Errorf("%d minds opened, %d closed", o, c)
		}
	})
}
