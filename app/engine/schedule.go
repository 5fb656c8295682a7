package engine

import (
	"fmt"
	"strconv"

	"github.com/latco-studio/latco/sim"
)

// schedule is how plans are used in closed loop.
type schedule struct {
	horizon int // H: actions planned
	replan  int // actions executed of each plan, 1..H
}

func scheduleOf(task sim.Task) schedule { return schedule{task.Horizon, task.Replan} }

// trainedSchedule is what it was in the episodes of a model's training, as far as the
// model says.
func trainedSchedule(w World, task sim.Task) (schedule, error) {
	s := scheduleOf(task)
	for key, value := range map[string]*int{"horizon": &s.horizon, "replan": &s.replan} {
		text, ok := w.PlannerSettings()[key]
		if !ok {
			continue
		}
		n, err := strconv.Atoi(text)
		if err == nil && (n < 1 || n > maxHorizon) {
			err = fmt.Errorf("%d is not in 1..%d", n, maxHorizon)
		}
		if err != nil {
			return s, fmt.Errorf("model %s was trained with %s: %w", w.Info().Name, key, err)
		}
		*value = n
	}
	s.shorten()
	return s, nil
}

// shorten replans within the horizon: a shorter plan cannot be executed for longer.
func (s *schedule) shorten() { s.replan = min(s.replan, s.horizon) }

// reschedule makes the schedule that a model was trained with the default of the task
// on the stage. Planners that were set otherwise stay as they are.
func (a *actor) reschedule(w World) error {
	s, err := trainedSchedule(w, a.stage.task)
	if err != nil || s == a.schedule {
		return err
	}
	for _, planner := range a.setups {
		if planner.schedule == a.schedule {
			planner.schedule = s
		}
	}
	a.schedule = s
	a.describePlanner()
	return nil
}
