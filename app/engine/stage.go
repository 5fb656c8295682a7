package engine

import (
	"context"
	"fmt"
	"slices"

	"github.com/latco-studio/latco/sim"
)

// stage is the running copy of a task and its eye.
type stage struct {
	task   sim.Task
	file   string // that the task was opened from, else ""
	model  string // that is to be loaded with it, "" if there is none
	inst   sim.Instance
	eye    *eye
	dt     float64      // s of simulated time in a control step
	now    sim.Timestep // the newest that counts for the episode
	hold   []float64    // A: scratch for the action that keeps the scene as it is
	pixels []uint8
	drift  bool // uncounted steps have been made since now
	fallen bool // they led to where an episode would have ended
	moved  bool // something was put elsewhere by hand since the reset
	unseen bool // the scene was reset or moved by hand, and not yet observed
}

// stageError is a failure of the simulation, which needs a reset.
type stageError struct{ err error }

func (e *stageError) Error() string { return e.err.Error() }
func (e *stageError) Unwrap() error { return e.err }

// newStage makes an instance and measures its control step.
func newStage(ctx context.Context, paint *painter, task sim.Task) (stage, error) {
	inst, err := task.New(nil)
	if err != nil {
		return stage{}, fmt.Errorf("task %s: %w", task.Name, err)
	}
	s := stage{task: task, inst: inst, eye: newEye(paint.pass(ctx), task),
		hold: make([]float64, task.ActionDim), pixels: make([]uint8, frameBytes)}
	if err := s.measure(); err != nil {
		inst.Close()
		return stage{}, fmt.Errorf("task %s: %w", task.Name, err)
	}
	return s, nil
}

// measure takes one step to see how long it lasts.
func (s *stage) measure() error {
	if _, err := s.inst.Reset(0); err != nil {
		return err
	}
	before := s.inst.State().Time
	if _, err := s.inst.Step(s.holding()); err != nil {
		return err
	}
	if s.dt = s.inst.State().Time - before; s.dt <= 0 {
		return fmt.Errorf("a control step takes %g s of simulated time", s.dt)
	}
	return nil
}

func (s *stage) close() {
	if s.inst != nil {
		s.inst.Close()
		s.inst = nil
	}
}

// holding is the action that keeps the scene as it is.
func (s *stage) holding() []float64 {
	clear(s.hold)
	if s.task.Hold != nil {
		s.task.Hold(s.inst.State(), s.hold)
	}
	return s.hold
}

// reset begins the episode of a seed.
func (s *stage) reset(seed int64) (err error) {
	s.drift, s.fallen, s.moved = false, false, false
	if s.now, err = s.inst.Reset(seed); err != nil {
		return &stageError{fmt.Errorf("resetting with seed %d: %w", seed, err)}
	}
	return nil
}

// step makes a control step that counts.
func (s *stage) step(action []float64) error {
	if err := s.rebase(); err != nil {
		return err
	}
	ts, err := s.inst.Step(action)
	if err != nil {
		return &stageError{err}
	}
	s.now = ts
	return nil
}

// idle makes n control steps that do not count and says whether anything moved.
func (s *stage) idle(n int) (last sim.Timestep, moved bool, err error) {
	before := s.inst.State()
	for range n {
		if last, err = s.inst.Step(s.holding()); err != nil {
			return last, false, &stageError{err}
		}
		s.fallen = s.fallen || last.Terminated
	}
	s.drift = true
	after := s.inst.State()
	moved = !slices.EqualFunc(before.QPos, after.QPos, near) || !slices.EqualFunc(before.Mocap, after.Mocap, near)
	return last, moved, nil
}

// near is far below what a pixel shows.
func near(x, y float64) bool { return x-y < 1e-7 && y-x < 1e-7 }

// rebase takes uncounted steps out of the episode's count, so that a scene that
// idled for a minute still has its whole episode before it.
func (s *stage) rebase() error {
	if !s.drift {
		return nil
	}
	s.drift = false
	st := s.inst.State()
	st.T = s.now.T
	if err := s.inst.SetState(st); err != nil {
		return &stageError{fmt.Errorf("setting the clock back: %w", err)}
	}
	return nil
}

// over says that the episode has ended, or would have if its steps had counted.
func (s *stage) over() bool { return s.now.Terminated || s.now.Truncated || s.fallen }
