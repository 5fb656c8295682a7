package learning

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// RunTask is one of the tasks that a run learns, and how it is set. Texts are by
// key; nil ones say nothing, as in older checkpoints.
type RunTask struct {
	Name      string `json:"name"`
	ActionDim int    `json:"action_dim"` // of the task; the model's is the largest
	Sparse    bool   `json:"sparse,omitempty"`
	Data      string `json:"data,omitempty"` // folder of its offline data set

	Settings        map[string]string `json:"settings,omitempty"`
	PlannerSettings map[string]string `json:"planner_settings,omitempty"`
}

// Learns lists the tasks of the run, at least one. A run of one has it in Task and
// the fields about it, a run of several in Tasks.
func (r Run) Learns() []RunTask {
	if len(r.Tasks) > 0 {
		return r.Tasks
	}
	return []RunTask{{r.Task, r.ActionDim, r.Sparse, r.Data, r.TaskSettings, r.PlannerSettings}}
}

// SetTasks makes r a run of these tasks, at least one: one model for all of them,
// whose action is that of the task with the most dimensions (PlaNet, Hafner et al.
// 2019, section 5, one agent for all tasks; actions of the others are padded with
// zeros). Episodes of each are collected in turn.
func (r *Run) SetTasks(tasks []RunTask) {
	if t := tasks[0]; len(tasks) == 1 {
		r.Tasks, r.Task, r.ActionDim, r.Sparse, r.Data = nil, t.Name, t.ActionDim, t.Sparse, t.Data
		r.TaskSettings, r.PlannerSettings = t.Settings, t.PlannerSettings
		return
	}
	r.Tasks, r.Task, r.ActionDim = tasks, taskNames(tasks), 0
	r.Sparse, r.Data, r.TaskSettings, r.PlannerSettings = false, "", nil, nil
	for _, t := range tasks {
		r.ActionDim = max(r.ActionDim, t.ActionDim)
	}
}

// taskNames is how several tasks are called together.
func taskNames(tasks []RunTask) string {
	names := make([]string, len(tasks))
	for i, t := range tasks {
		names[i] = t.Name
	}
	return strings.Join(names, ",")
}

// checkTasks refuses several tasks that cannot be told apart or do not fit r.
func (r Run) checkTasks() error {
	if r.Tasks == nil {
		return nil
	}
	want := r
	if len(r.Tasks) < 2 {
		return fmt.Errorf("a run of several tasks lists %d", len(r.Tasks))
	}
	want.SetTasks(r.Tasks)
	if want.Task != r.Task || want.ActionDim != r.ActionDim {
		return fmt.Errorf("tasks %s of up to %d action dimensions in a run of %s with %d", want.Task, want.ActionDim, r.Task, r.ActionDim)
	}
	for i, t := range r.Tasks {
		switch {
		case t.Name == "" || t.Name != filepath.Base(t.Name) || strings.HasPrefix(t.Name, ".") || strings.ContainsAny(t.Name, ",/\\\x00\n"):
			return fmt.Errorf("%q is no name for one of several tasks", t.Name)
		case t.ActionDim < 1:
			return fmt.Errorf("task %s: %d action dimensions, want ≥ 1", t.Name, t.ActionDim)
		case slices.ContainsFunc(r.Tasks[:i], func(o RunTask) bool { return o.Name == t.Name }):
			return fmt.Errorf("task %s is there twice", t.Name)
		}
	}
	return nil
}

// hasData says whether there is a data set of any task, and of every one.
func (r Run) hasData() (some, all bool) {
	all = true
	for _, t := range r.Learns() {
		some, all = some || t.Data != "", all && t.Data != ""
	}
	return some, all
}

// eachData changes the data folders of all tasks.
func (r *Run) eachData(change func(folder string) (string, error)) error {
	tasks := slices.Clone(r.Learns())
	for i := range tasks {
		if tasks[i].Data == "" {
			continue
		}
		var err error
		if tasks[i].Data, err = change(tasks[i].Data); err != nil {
			return err
		}
	}
	if r.Tasks == nil {
		r.Data = tasks[0].Data
	} else {
		r.Tasks = tasks
	}
	return nil
}
