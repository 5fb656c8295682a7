package engine

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"

	"github.com/latco-studio/latco/learning"
	"github.com/latco-studio/latco/resources/setting"
	"github.com/latco-studio/latco/sim"
)

// settle resolves how tasks and planner are set, and notes it in the run: the task on
// screen as it is there, or as the data set it learns from was collected; the others by
// their defaults; a run that is resumed as it began.
func (r *trainRun) settle() ([]lesson, error) {
	if r.options.Resume {
		r.view.recall(r.options.Out)
		return r.parts.course(r.tasks, r.options, &r.run)
	}
	given, err := earlier(r.tasks, r.options, learning.Run{})
	if err != nil {
		return nil, err
	}
	r.run.Planner = r.setup.kind.Name
	var lessons []lesson
	var notes []learning.RunTask
	for i, t := range r.tasks {
		s, settings := r.setup, r.settings
		if i > 0 {
			s, settings = newSetup(r.setup.kind, scheduleOf(t)), nil
		}
		if given[i].Settings != nil {
			settings = given[i].Settings
		}
		l, err := newLesson(t, s, settings, given[i].Data)
		if err != nil {
			return nil, err
		}
		lessons, notes = append(lessons, l), append(notes, l.note)
	}
	r.run.SetTasks(notes)
	return lessons, nil
}

// collectMissing makes data sets for the tasks that were given none, or completes
// those that an earlier run left.
func (r *trainRun) collectMissing(lessons []lesson, players troupe) error {
	notes := slices.Clone(r.run.Learns())
	for i, l := range lessons {
		if notes[i].Data != "" {
			continue
		}
		notes[i].Data = filepath.Join(r.data, dataName(l.task.Name, l.note.Settings))
		if err := r.collect(l, players[i], notes[i].Data); err != nil {
			return err
		}
	}
	r.run.SetTasks(notes)
	return nil
}

func (r *trainRun) collect(l lesson, c *collector, dir string) (err error) {
	name := dataPolicy("", l.task)
	policy, err := newPolicy(name, l.task)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	lock, err := learning.LockFolder(dir, "the window")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Release()) }()
	set, err := learning.ResumeDataset(dir, learning.DatasetInfo{
		Task: l.task.Name, Policy: name, Seed: r.run.Seed, ActionDim: l.task.ActionDim,
		Settings: l.note.Settings, PolicySettings: setting.Map(policyFields(policy))})
	if err != nil {
		return err
	}
	return r.fill(set, l.task, func(ctx context.Context, i int) (*learning.Episode, error) {
		return c.playPolicy(ctx, name, policy, learning.EpisodeSeed(r.run.Seed, i))
	})
}

// fill adds episodes to a data set until it has as many as a run wants.
func (r *trainRun) fill(set *learning.Dataset, task sim.Task, play func(ctx context.Context, i int) (*learning.Episode, error)) error {
	for i := len(set.Entries); i < r.parts.Training.episodes(task); i++ {
		r.view.Status, r.view.Doing, r.view.Episodes, r.view.Frames = TrainCollecting, "collecting", i, set.Frames()
		r.tell()
		if err := r.wait(r.ctx, func() { r.view.Status = TrainPaused; r.tell() }); err != nil {
			return err
		}
		ep, err := play(r.ctx, i)
		if err != nil {
			return err
		}
		if err := set.Append(ep); err != nil {
			return err
		}
	}
	return nil
}
