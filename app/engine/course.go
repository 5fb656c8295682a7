package engine

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/latco-studio/latco/learning"
	"github.com/latco-studio/latco/learning/rssm"
	"github.com/latco-studio/latco/resources/setting"
	"github.com/latco-studio/latco/sim"
)

// lesson is one task of a training, and what plans its episodes.
type lesson struct {
	task  sim.Task
	setup *setup
	note  learning.RunTask // how it is set, for the checkpoint
}

// course resolves the tasks of a training: how each is set and what plans its
// episodes, all noted in the run. What the options leave open is what the run that
// is resumed began with, else what the data set was collected with, else the
// default.
func (p *Parts) course(tasks []sim.Task, o TrainOptions, run *learning.Run) ([]lesson, error) {
	old, err := began(o, run)
	if err != nil {
		return nil, err
	}
	olds, err := earlier(tasks, o, old)
	if err != nil {
		return nil, err
	}
	run.Planner = cmp.Or(o.Planner, old.Planner, defaultPlanner)
	given, err := p.share(tasks, run.Planner, o.Settings)
	if err != nil {
		return nil, err
	}
	var lessons []lesson
	var notes []learning.RunTask
	for i, t := range tasks {
		prescribed := map[string]string{}
		if !o.Resume {
			_, prescribed = splitRecipe(recipeFor(run.Preset, t))
		}
		l, err := p.lesson(t, run.Planner, given[i], prescribed, olds[i], run.Planner == old.Planner)
		if err != nil && len(tasks) > 1 {
			err = fmt.Errorf("for %s: %w", t.Name, err)
		}
		if err != nil {
			return nil, err
		}
		lessons, notes = append(lessons, l), append(notes, l.note)
	}
	run.SetTasks(notes)
	return lessons, nil
}

// began is the run that is resumed, else an empty one. A run that is given no
// settings takes over its own, but for the totals.
func began(o TrainOptions, run *learning.Run) (learning.Run, error) {
	if !o.Resume {
		return learning.Run{}, nil
	}
	old, _, err := learning.LoadRun(o.Out)
	if err != nil {
		return old, fmt.Errorf("resuming: %w", err)
	}
	if run.Config == (rssm.Config{}) {
		updates, frames := cmp.Or(o.Updates, old.Settings.Updates), cmp.Or(o.Frames, old.Settings.Frames)
		run.Settings = old.Settings
		run.Settings.Updates, run.Settings.Frames = updates, frames
	}
	return old, nil
}

// earlier is what is known of each task: from the run that is resumed and from the
// data sets that are given, each of which is of one of the tasks.
func earlier(tasks []sim.Task, o TrainOptions, old learning.Run) ([]learning.RunTask, error) {
	olds := make([]learning.RunTask, len(tasks))
	if o.Resume && len(old.Learns()) == len(tasks) { // else the trainer says what differs
		copy(olds, old.Learns())
		for i := range olds {
			olds[i].Data = "" // where the checkpoint says, unless given
		}
	}
	for _, dir := range o.sets() {
		set, err := learning.OpenDataset(dir)
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(tasks, func(t sim.Task) bool { return t.Name == set.Info.Task })
		switch {
		case i < 0 && len(tasks) == 1:
			olds[0].Data = dir // the trainer says what differs
			continue
		case i < 0:
			return nil, fmt.Errorf("data set %s is of task %s, which is not among those to be learned", dir, set.Info.Task)
		case olds[i].Data != "":
			return nil, fmt.Errorf("data sets %s and %s are both of task %s: one for each task", olds[i].Data, dir, set.Info.Task)
		}
		olds[i].Data = dir
		if !o.Resume {
			olds[i].Settings = set.Info.Settings
		}
	}
	return olds, nil
}

// lesson resolves one task: what is given counts more than what is known of it, and
// that more than what a recipe prescribes. The planner's settings are completed from
// old if it is the same.
func (p *Parts) lesson(task sim.Task, planner string, given, prescribed map[string]string, old learning.RunTask, same bool) (lesson, error) {
	all := maps.Clone(prescribed)
	maps.Copy(all, given)
	s, forTask, err := p.setups(task, planner, scheduleOf(task), all)
	if err != nil {
		return lesson{}, err
	}
	if same {
		if err := s.complete(given, old.PlannerSettings); err != nil {
			return lesson{}, fmt.Errorf("the planner of the run: %w", err)
		}
	}
	settings := maps.Clone(forTask)
	for key, text := range old.Settings {
		settings[key] = cmp.Or(given[key], text)
	}
	return newLesson(task, s, settings, old.Data)
}

// newLesson notes every setting of a task and its planner, those left open by the
// defaults. data is the folder of its episodes, if there are any.
func newLesson(task sim.Task, s *setup, settings map[string]string, data string) (lesson, error) {
	inst, err := task.New(settings)
	if err != nil {
		return lesson{}, fmt.Errorf("task %s: %w", task.Name, err)
	}
	return lesson{task, s, learning.RunTask{Name: task.Name, ActionDim: task.ActionDim, Sparse: task.Sparse, Data: data,
		Settings: setting.Map(inst.Fields()), PlannerSettings: setting.Map(s.Fields())}}, inst.Close()
}

// share deals out settings. TASK.key is of that task and its planner alone; any
// other key is of all tasks that have it, of which there must be one.
func (p *Parts) share(tasks []sim.Task, planner string, settings map[string]string) ([]map[string]string, error) {
	if len(tasks) == 1 {
		its := maps.Clone(settings)
		for key, text := range settings {
			if own, ok := strings.CutPrefix(key, tasks[0].Name+"."); ok {
				delete(its, key)
				its[own] = text
			}
		}
		return []map[string]string{its}, nil
	}
	known, err := p.keysOf(tasks, planner)
	if err != nil {
		return nil, err
	}
	shares := make([]map[string]string, len(tasks))
	used := map[string]bool{}
	for i, t := range tasks {
		shares[i] = map[string]string{}
		for _, f := range known[i] {
			for _, key := range []string{f.Key, t.Name + "." + f.Key} { // the second wins
				if text, ok := settings[key]; ok {
					shares[i][f.Key], used[key] = text, true
				}
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(settings)) {
		if !used[key] {
			return nil, unknownKey(key, known...)
		}
	}
	return shares, nil
}

// keysOf describes what can be set of each task and its planner.
func (p *Parts) keysOf(tasks []sim.Task, planner string) ([][]setting.Field, error) {
	kind, err := p.kind(planner)
	if err != nil {
		return nil, err
	}
	known := make([][]setting.Field, len(tasks))
	for i, t := range tasks {
		inst, err := t.New(nil)
		if err != nil {
			return nil, fmt.Errorf("task %s: %w", t.Name, err)
		}
		known[i] = append(newSetup(kind, scheduleOf(t)).Fields(), copyFields(inst.Fields())...)
		if err := inst.Close(); err != nil {
			return nil, err
		}
	}
	return known, nil
}

// ShareSettings deals out key=value settings of a planner and several tasks, as a
// training does.
func ShareSettings(parts Parts, names []string, planner string, settings map[string]string) ([]map[string]string, error) {
	p, err := parts.orReal()
	if err != nil {
		return nil, err
	}
	tasks, err := p.taught(TrainOptions{Tasks: names})
	if err != nil {
		return nil, err
	}
	return p.share(tasks, planner, settings)
}
