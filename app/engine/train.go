package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"

	"github.com/latco-studio/latco/learning"
	"github.com/latco-studio/latco/learning/rssm"
	"github.com/latco-studio/latco/resources/setting"
	"github.com/latco-studio/latco/sim"
)

const (
	defaultPlanner = "cem"  // collects online: the cheapest that needs no tuning
	dataFolder     = "data" // of a run that collected its own set
)

// Train trains a world model: offline on a data set, collecting one first if
// none is given, or online with frames to collect. When ctx ends, a checkpoint
// is saved first.
func Train(ctx context.Context, o TrainOptions, progress Progress) error {
	parts, err := o.Parts.orReal()
	if err != nil {
		return err
	}
	tasks, err := parts.taught(o)
	if err != nil {
		return err
	}
	if kind := cmp.Or(o.Kind, "rssm"); kind != "rssm" {
		return &UnknownNameError{"kind of model", kind, []string{"rssm"}}
	}
	run, err := newRun(tasks[0], o, tasks[1:]...)
	if err != nil {
		return err
	}
	lessons, err := parts.course(tasks, o, &run)
	var unknown *setting.UnknownError
	if errors.As(err, &unknown) { // it may be a misspelt one of the model as well
		return unknownKey(unknown.Key, fieldsNamed(unknown.Known), new(rssm.Config).Fields(), new(learning.Settings).Fields())
	}
	if err != nil {
		return err
	}
	if run.Settings.Frames == 0 && !o.Resume {
		if err := parts.collectMissing(ctx, lessons, o, &run, progress); err != nil {
			return fmt.Errorf("collecting data to train on: %w", err)
		}
	}
	return o.onDevices(o.Warn, func(kind string, resume bool) error {
		o.Device, o.Resume = kind, resume
		return parts.trainOn(ctx, lessons, o, run, progress)
	})
}

// trainOn trains on one device.
func (p *Parts) trainOn(ctx context.Context, lessons []lesson, o TrainOptions, run learning.Run, progress Progress) (err error) {
	threads := cmp.Or(o.Threads, runtime.NumCPU())
	dev, err := openDevice(o.Device, threads)
	if err != nil {
		return err
	}
	defer dev.Close()
	options := learning.TrainerOptions{Run: run, Out: o.Out, Device: dev, Resume: o.Resume,
		Progress: follow(progress, o.Warn)}
	if plays(run.Settings) {
		renderer, err := p.NewRenderer()
		if err != nil {
			return fmt.Errorf("opening the renderer: %w", err)
		}
		defer renderer.Close()
		t, err := newTroupe(lessons, renderer, o.Device, threads)
		if err != nil {
			return err
		}
		defer t.close()
		options.Collector, options.Evaluator = t, t
	}
	trainer, err := learning.NewTrainer(options)
	if err != nil {
		return err
	}
	return trainer.Run(ctx)
}

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

// follow passes on how far a run is, and once each thing that it had to skip and
// each time it has to wait for room on the disk.
func follow(progress Progress, warn func(error)) func(learning.Progress) {
	warned, waiting := 0, false
	if warn == nil {
		warn = func(error) {}
	}
	return func(p learning.Progress) {
		for ; warned < len(p.Skipped); warned++ {
			warn(fmt.Errorf("skipped %w", p.Skipped[warned]))
		}
		full := p.Status == learning.DiskFull
		if full && !waiting {
			warn(fmt.Errorf("waiting: %w", p.Err))
		}
		waiting = full
		progress.say(p.Updates, p.TotalUpdates, trainingNote(p))
	}
}

// newRun resolves the preset, its recipe for the tasks, and the overrides: keys of
// the model's configuration, or of the trainer's settings. A run that is resumed
// goes on with what it began with, but for the overrides.
func newRun(task sim.Task, o TrainOptions, beside ...sim.Task) (learning.Run, error) {
	run := learning.Run{Task: task.Name, ActionDim: task.ActionDim, Preset: cmp.Or(o.Preset, defaultPreset),
		Seed: o.Seed, Sparse: task.Sparse, Data: o.Data, Command: o.Command, Version: o.Version}
	if o.Resume && len(o.Fields) == 0 {
		run.Settings = learning.Settings{Updates: o.Updates, Frames: o.Frames}
		return run, nil
	}
	if err := fillRun(&run, o, append([]sim.Task{task}, beside...)); err != nil {
		return run, err
	}
	model, trainer := run.Config.Fields(), run.Settings.Fields()
	for key, text := range o.Fields {
		fields := model
		if !has(model, key) && has(trainer, key) {
			fields = trainer
		}
		if err := setting.Set(fields, key, text); err != nil {
			if !has(fields, key) {
				return run, unknownKey(key, model, trainer)
			}
			return run, err
		}
	}
	run.Settings.Frames = cmp.Or(o.Frames, run.Settings.Frames)
	if o.Updates > 0 {
		run.Config.Updates = o.Updates
	}
	if o.Updates > 0 || o.Fields["updates"] != "" { // one key for both
		run.Settings.Updates = run.Config.Updates
	}
	switch {
	case run.Settings.Updates > 0 || o.Resume:
	case run.Settings.Frames == 0:
		run.Settings.Updates = run.Config.Updates
	case o.Fields["anneal"] == "":
		// How many updates the frames will take is not known, so nothing can fall
		// towards the last of them.
		run.Config.Anneal = 0
	}
	return run, nil
}

// fillRun sets model and trainer as they are before overrides: as the run that is
// resumed began, else by the preset and its recipe for the tasks.
func fillRun(run *learning.Run, o TrainOptions, tasks []sim.Task) error {
	if o.Resume {
		old, _, err := learning.LoadRun(o.Out)
		if err != nil {
			return fmt.Errorf("resuming: %w", err)
		}
		if o.Preset != "" && o.Preset != old.Preset {
			return &learning.MismatchError{Path: o.Out, Differences: []learning.Difference{{Field: "preset", Have: old.Preset, Want: o.Preset}}}
		}
		run.Preset, run.Config, run.Settings, run.Seed = old.Preset, old.Config, old.Settings, cmp.Or(o.Seed, old.Seed)
		return nil
	}
	var err error
	if run.Config, err = rssm.Preset(run.Preset); err != nil {
		return err
	}
	run.Settings = learning.PresetSettings(run.Preset)
	values, _ := splitRecipe(recipeForAll(run.Preset, tasks))
	fields := append(run.Config.Fields(), run.Settings.Fields()...)
	for key, text := range values {
		if err := setting.Set(fields, key, text); err != nil {
			return fmt.Errorf("preset %s for %s: %w", run.Preset, tasks[0].Name, err)
		}
	}
	return nil
}

// unknownKey lists the keys of several forms, each once.
func unknownKey(key string, forms ...[]setting.Field) error {
	e := &setting.UnknownError{Key: key}
	for _, fields := range forms {
		for _, f := range fields {
			if !slices.Contains(e.Known, f.Key) {
				e.Known = append(e.Known, f.Key)
			}
		}
	}
	return e
}

// fieldsNamed are fields of which no more than the key matters.
func fieldsNamed(keys []string) []setting.Field {
	fields := make([]setting.Field, len(keys))
	for i, key := range keys {
		fields[i].Key = key
	}
	return fields
}

func trainingNote(p learning.Progress) string {
	if p.Updates == 0 || p.Status != learning.Updating {
		return p.Status.String()
	}
	note := fmt.Sprintf("image %.4g, reward %.3g, KL %.3g, %.3g updates/s",
		p.Losses.Image, p.Losses.Reward, p.Losses.KL, p.Rate)
	if p.TotalFrames > 0 {
		note += fmt.Sprintf(", %d/%d frames", p.Frames, p.TotalFrames)
	}
	if p.Evaluation != nil {
		note += fmt.Sprintf(", evaluated %.4g", p.Evaluation.Return)
	}
	return note
}
