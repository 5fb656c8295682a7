package engine

import (
	"fmt"

	"github.com/latco-studio/latco/planning"
	"github.com/latco-studio/latco/resources/setting"
	"github.com/latco-studio/latco/sim"
)

// setup is a planner with its settings and how it is used in closed loop.
type setup struct {
	kind    planning.Kind
	planner planning.Configurable
	schedule
}

// maxHorizon bounds the form; longer plans need more memory than insight.
const maxHorizon = 200

// newSetup makes a planner with its defaults.
func newSetup(kind planning.Kind, s schedule) *setup { return &setup{kind, kind.New(), s} }

// Fields lists the schedule first, then the planner's own settings.
func (s *setup) Fields() []setting.Field {
	schedule := []setting.Field{{
		Key: "horizon", Title: "Horizon H", Unit: "steps",
		Help: "How many control steps are planned ahead. Longer plans see farther and cost more.",
		Min:  1, Max: maxHorizon, Value: &s.horizon,
	}, {
		Key: "replan", Title: "Replan after", Unit: "steps",
		Help: "How many actions of a plan are executed before the next plan. Fewer react faster and cost more.",
		Min:  1, Max: maxHorizon, Value: &s.replan,
	}}
	return append(schedule, s.planner.Fields()...)
}

// check validates every value and their relations.
func (s *setup) check() error {
	if err := setting.Check(s.Fields()); err != nil {
		return err
	}
	if s.replan > s.horizon {
		return &setting.RangeError{Key: "replan", Value: fmt.Sprint(s.replan),
			Want: fmt.Sprintf("at most horizon = %d", s.horizon)}
	}
	return nil
}

// set changes one value, or none if the result would be invalid.
func (s *setup) set(key, text string) error {
	fields := s.Fields()
	before := setting.Map(fields)
	if err := setting.Set(fields, key, text); err != nil {
		return err
	}
	if key == "horizon" {
		s.shorten()
	}
	if err := s.check(); err != nil {
		// The earlier values were valid, so setting them again cannot fail.
		_ = setting.Set(fields, key, before[key])
		return err
	}
	return nil
}

// clone is an independent planner with equal settings, for another goroutine.
func (s *setup) clone() (*setup, error) {
	c := newSetup(s.kind, s.schedule)
	fields := c.Fields()
	for key, text := range setting.Map(s.Fields()) {
		if err := setting.Set(fields, key, text); err != nil {
			return nil, fmt.Errorf("copying planner %s: %w", s.kind.Name, err)
		}
	}
	return c, nil
}

// number reads a numeric setting, 0 if the planner has none of that name.
func (s *setup) number(key string) float64 {
	for _, f := range s.planner.Fields() {
		if f.Key != key {
			continue
		}
		switch v := f.Value.(type) {
		case *float64:
			return *v
		case *int:
			return float64(*v)
		}
	}
	return 0
}

// setups resolves key=value settings given to a job: the planner's and the
// schedule's keys first, the rest are the task's.
func (p *Parts) setups(task sim.Task, planner string, usual schedule, settings map[string]string) (*setup, map[string]string, error) {
	kind, err := p.kind(planner)
	if err != nil {
		return nil, nil, err
	}
	s := newSetup(kind, usual)
	fields := s.Fields()
	mine := make(map[string]bool, len(fields))
	for _, f := range fields {
		mine[f.Key] = true
	}
	forTask := map[string]string{}
	for key, text := range settings {
		if !mine[key] {
			forTask[key] = text
			continue
		}
		if err := setting.Set(fields, key, text); err != nil {
			return nil, nil, err
		}
	}
	if _, given := settings["replan"]; !given {
		s.shorten()
	}
	if err := s.check(); err != nil {
		return nil, nil, err
	}
	if err := checkTaskKeys(task, forTask, fields); err != nil {
		return nil, nil, err
	}
	return s, forTask, nil
}

// checkTaskKeys turns a misspelt key into an error that lists planner keys too.
func checkTaskKeys(task sim.Task, settings map[string]string, also []setting.Field) error {
	if len(settings) == 0 {
		return nil
	}
	inst, err := task.New(nil)
	if err != nil {
		return fmt.Errorf("task %s: %w", task.Name, err)
	}
	defer inst.Close()
	known := append(also[:len(also):len(also)], inst.Fields()...)
	for key := range settings {
		if !has(known, key) {
			return unknownKey(key, known)
		}
	}
	return nil
}

func has(fields []setting.Field, key string) bool {
	for _, f := range fields {
		if f.Key == key {
			return true
		}
	}
	return false
}

// copyFields detaches descriptions from what they point into, for a State.
func copyFields(fields []setting.Field) []setting.Field {
	out := make([]setting.Field, len(fields))
	for i, f := range fields {
		out[i] = f.Copy()
	}
	return out
}
