package learning

import (
	"cmp"
	"slices"

	"github.com/latco-studio/latco/learning/rssm"
)

// adopt fills in what a run to be resumed leaves open: without a configuration
// everything but the tasks, the totals, and a planner that is named; else only the
// data sets.
func (c *Checkpoint) adopt(want Run) Run {
	run := want
	if want.Config == (rssm.Config{}) {
		run = c.Run
		run.Settings.Updates = cmp.Or(want.Settings.Updates, run.Settings.Updates)
		run.Settings.Frames = cmp.Or(want.Settings.Frames, run.Settings.Frames)
		run.Planner = cmp.Or(want.Planner, run.Planner)
	}
	run.SetTasks(adoptTasks(want, c.Run, want.Config == (rssm.Config{})))
	return run
}

// adoptTasks are the tasks of want, of which what is left open is as in old: the
// data set, and if all is adopted the settings.
func adoptTasks(want, old Run, all bool) []RunTask {
	tasks, olds := slices.Clone(want.Learns()), old.Learns()
	for i := range tasks {
		if len(tasks) != len(olds) {
			break // compatible says so
		}
		t := &tasks[i]
		t.Data = cmp.Or(t.Data, olds[i].Data)
		if all && t.Settings == nil {
			t.Settings = olds[i].Settings
		}
		if all && want.Planner == "" {
			t.PlannerSettings = olds[i].PlannerSettings
		}
	}
	return tasks
}

// compatible compares the run of a checkpoint with the one that is to go on.
// How long it lasts, how often it reports and where its data sets lie may
// change; what decides the numbers may not.
func (c *Checkpoint) compatible(path string, want Run) error {
	var m MismatchError
	m.compare("task", c.Task, want.Task)
	m.compare("action_dim", c.ActionDim, want.ActionDim)
	m.compare("seed", c.Seed, want.Seed)
	if c.Planner != "" {
		m.compare("planner", c.Planner, want.Planner)
	}
	if have, wanted := c.Learns(), want.Learns(); len(have) == len(wanted) {
		for i, t := range have {
			m.compareTasks(c.Run, want, t, wanted[i])
		}
	}
	m.compareFields(c.Config.Fields(), want.Config.Fields(), housekeeping)
	m.compareFields(c.Settings.Fields(), want.Settings.Fields(), append([]string{"reward"}, housekeeping...))
	return m.at(path)
}

// compareTasks notes how a task is set otherwise.
func (e *MismatchError) compareTasks(old, want Run, have, wanted RunTask) {
	of := ""
	if old.Tasks != nil {
		of = have.Name + " "
	}
	e.compare(of+"reward", old.RewardOf(have), want.RewardOf(wanted))
	e.compareKnown("task "+of, have.Settings, wanted.Settings)
	if old.Planner != "" {
		e.compareKnown("planner "+of, have.PlannerSettings, wanted.PlannerSettings)
	}
}

// recordAs has the checkpoints say of the tasks what the first one did: what was
// not settable then is not added to the record.
func (r *Run) recordAs(old Run) {
	tasks := slices.Clone(r.Learns())
	for i, t := range old.Learns() {
		if t.Settings != nil {
			tasks[i].Settings = t.Settings
		}
	}
	r.SetTasks(tasks)
}
