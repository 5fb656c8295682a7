package learning

import (
	"cmp"

	"github.com/latco-studio/latco/learning/rssm"
)

// adopt fills in what a run to be resumed leaves open: without a configuration
// everything but the task, the totals, and a planner that is named; else only the
// data set.
func (c *Checkpoint) adopt(want Run) Run {
	if want.Config != (rssm.Config{}) {
		want.Data = cmp.Or(want.Data, c.Data)
		return want
	}
	run := c.Run
	run.Task, run.ActionDim, run.Sparse = want.Task, want.ActionDim, want.Sparse
	if want.TaskSettings != nil {
		run.TaskSettings = want.TaskSettings
	}
	if want.Planner != "" {
		run.Planner, run.PlannerSettings = want.Planner, want.PlannerSettings
	}
	run.Data = cmp.Or(want.Data, c.Data)
	run.Settings.Updates = cmp.Or(want.Settings.Updates, run.Settings.Updates)
	run.Settings.Frames = cmp.Or(want.Settings.Frames, run.Settings.Frames)
	return run
}

// compatible compares the run of a checkpoint with the one that is to go on.
// How long it lasts, how often it reports and where its data set lies may
// change; what decides the numbers may not.
func (c *Checkpoint) compatible(path string, want Run) error {
	var m MismatchError
	m.compare("task", c.Task, want.Task)
	m.compare("action_dim", c.ActionDim, want.ActionDim)
	m.compare("seed", c.Seed, want.Seed)
	m.compare("reward", c.Run.Reward(), want.Reward())
	m.compareKnown("task ", c.TaskSettings, want.TaskSettings)
	if c.Planner != "" {
		m.compare("planner", c.Planner, want.Planner)
		m.compareKnown("planner ", c.PlannerSettings, want.PlannerSettings)
	}
	m.compareFields(c.Config.Fields(), want.Config.Fields(), housekeeping)
	m.compareFields(c.Settings.Fields(), want.Settings.Fields(), append([]string{"reward"}, housekeeping...))
	return m.at(path)
}
