package engine

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/latco-studio/latco/learning"
	"github.com/latco-studio/latco/sim"
)

// taught finds the tasks to be learned: without any named those of the run that is
// resumed.
func (p *Parts) taught(o TrainOptions) ([]sim.Task, error) {
	names := o.Tasks
	switch {
	case len(names) > 0:
	case o.Task == "" && o.Resume:
		run, _, err := learning.LoadRun(o.Out)
		if err != nil {
			return nil, fmt.Errorf("resuming: %w", err)
		}
		for _, t := range run.Learns() {
			names = append(names, t.Name)
		}
	default:
		names = []string{o.Task}
	}
	tasks := make([]sim.Task, len(names))
	for i, name := range names {
		if slices.Contains(names[:i], name) {
			return nil, fmt.Errorf("task %s is there twice", name)
		}
		var err error
		if tasks[i], err = p.task(name); err != nil {
			return nil, err
		}
	}
	return tasks, nil
}

// collectMissing collects a data set of each task that has none.
func (p *Parts) collectMissing(ctx context.Context, lessons []lesson, o TrainOptions, run *learning.Run, progress Progress) error {
	notes := slices.Clone(run.Learns())
	for i, l := range lessons {
		if notes[i].Data != "" {
			continue
		}
		notes[i].Data = filepath.Join(o.Out, dataFolder)
		if len(lessons) > 1 {
			notes[i].Data = filepath.Join(notes[i].Data, l.task.Name)
		}
		_, err := Collect(ctx, CollectOptions{Parts: *p, Task: l.task.Name, Settings: l.note.Settings,
			Episodes: p.Training.episodes(l.task), Seed: o.Seed, Out: notes[i].Data, Command: o.Command, Version: o.Version}, progress)
		if err != nil {
			return err
		}
	}
	run.SetTasks(notes)
	return nil
}

// sets are the folders of episodes that are given.
func (o TrainOptions) sets() []string {
	if o.Data == "" {
		return o.Sets
	}
	return append([]string{o.Data}, o.Sets...)
}
