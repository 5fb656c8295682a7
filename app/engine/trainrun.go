package engine

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/latco-studio/latco/learning"
	"github.com/latco-studio/latco/learning/rssm"
	"github.com/latco-studio/latco/resources/setting"
	"github.com/latco-studio/latco/sim"
)

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
	var recipes []map[string]string
	for _, t := range tasks {
		recipes = append(recipes, recipeFor(run.Preset, t))
	}
	if err := fill(append(run.Config.Fields(), run.Settings.Fields()...), recipes); err != nil {
		return fmt.Errorf("preset %s for %s: %w", run.Preset, tasks[0].Name, err)
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
