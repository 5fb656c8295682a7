package engine

import (
	"cmp"
	"fmt"
	"maps"

	"github.com/latco-studio/latco/learning"
	"github.com/latco-studio/latco/learning/rssm"
	"github.com/latco-studio/latco/resources/setting"
	"github.com/latco-studio/latco/sim"
)

// conditions resolves under which a run goes: how its task is set and what plans
// its episodes, both noted in the run. What the options leave open is what the run
// that is resumed began with, else what the data set was collected with, else the
// default.
func (p *Parts) conditions(task sim.Task, o TrainOptions, run *learning.Run) (*setup, error) {
	var old learning.Run
	if o.Resume {
		var err error
		if old, _, err = learning.LoadRun(o.Out); err != nil {
			return nil, fmt.Errorf("resuming: %w", err)
		}
		if run.Config == (rssm.Config{}) { // all is adopted but the totals
			updates, frames := cmp.Or(o.Updates, old.Settings.Updates), cmp.Or(o.Frames, old.Settings.Frames)
			run.Settings = old.Settings
			run.Settings.Updates, run.Settings.Frames = updates, frames
		}
	} else if o.Data != "" {
		set, err := learning.OpenDataset(o.Data)
		if err != nil {
			return nil, err
		}
		if set.Info.Task == task.Name { // else the trainer says what differs
			old.TaskSettings = set.Info.Settings
		}
	}
	planner := cmp.Or(o.Planner, old.Planner, defaultPlanner)
	s, forTask, err := p.setups(task, planner, o.Settings)
	if err != nil {
		return nil, err
	}
	if planner == old.Planner {
		if err := s.complete(o.Settings, old.PlannerSettings); err != nil {
			return nil, fmt.Errorf("the planner of %s: %w", o.Out, err)
		}
	}
	settings := maps.Clone(forTask)
	for key, text := range old.TaskSettings {
		settings[key] = cmp.Or(forTask[key], text)
	}
	return s, note(run, task, settings, s)
}

// plays says whether a run plays episodes of its own.
func plays(s learning.Settings) bool { return s.Frames > 0 || s.Evaluates() }

// complete sets what was not given otherwise.
func (s *setup) complete(given, rest map[string]string) error {
	fields := s.Fields()
	for key, text := range rest {
		if _, ok := given[key]; ok {
			continue
		}
		if err := setting.Set(fields, key, text); err != nil {
			return err
		}
	}
	return s.check()
}

// note writes the conditions into a run, every setting of them.
func note(run *learning.Run, task sim.Task, settings map[string]string, s *setup) error {
	inst, err := task.New(settings)
	if err != nil {
		return fmt.Errorf("task %s: %w", task.Name, err)
	}
	run.TaskSettings = setting.Map(inst.Fields())
	run.Planner, run.PlannerSettings = s.kind.Name, setting.Map(s.Fields())
	return inst.Close()
}
