package engine

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/latco-studio/latco/learning"
	"github.com/latco-studio/latco/sim"
)

// Every recipe is for presets and tasks that there are, of settings that they have.
func TestRecipesFit(t *testing.T) {
	parts, err := Real()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range Recipes() {
		found := 0
		for _, task := range parts.Tasks {
			if len(recipeFor(r.Presets[0], task)) == 0 {
				continue
			}
			found++
			for _, preset := range r.Presets {
				run, err := newRun(task, TrainOptions{Preset: preset})
				if err == nil {
					_, err = parts.course([]sim.Task{task}, TrainOptions{}, &run)
				}
				if err != nil {
					t.Errorf("%s on %s: %v", preset, task.Name, err)
				}
			}
		}
		if found == 0 || r.Why == "" {
			t.Errorf("%+v is for no task, or for no reason", r)
		}
	}
}

// What is given, by hand or by a data set, counts more than a recipe; of several
// tasks' recipes counts what they agree on.
func TestRecipesGiveWay(t *testing.T) {
	parts, err := Real()
	if err != nil {
		t.Fatal(err)
	}
	swing, err := parts.task("cartpole-swingup")
	if err != nil {
		t.Fatal(err)
	}
	lottery, err := parts.task("lottery")
	if err != nil {
		t.Fatal(err)
	}
	resolve := func(o TrainOptions, tasks ...sim.Task) learning.Run {
		t.Helper()
		run, err := newRun(tasks[0], o, tasks[1:]...)
		if err == nil {
			_, err = parts.course(tasks, o, &run)
		}
		if err != nil {
			t.Fatal(err)
		}
		return run
	}
	run := resolve(TrainOptions{}, swing)
	if run.Config.ImageScale != 16 || run.Config.FreeNats != 3 || run.TaskSettings["repeat"] != "8" || run.PlannerSettings["replan"] != "1" {
		t.Errorf("the recipe: %+v", run)
	}
	run = resolve(TrainOptions{Fields: map[string]string{"image_scale": "5"}, Settings: map[string]string{"repeat": "3"}}, swing)
	if run.Config.ImageScale != 5 || run.Config.FreeNats != 3 || run.TaskSettings["repeat"] != "3" {
		t.Errorf("beside what is given: %+v", run)
	}
	set, err := learning.CreateDataset(filepath.Join(t.TempDir(), "data"), learning.DatasetInfo{Task: swing.Name, ActionDim: 1, Settings: map[string]string{"repeat": "2"}})
	if err != nil {
		t.Fatal(err)
	}
	if run = resolve(TrainOptions{Data: set.Dir}, swing); run.TaskSettings["repeat"] != "2" {
		t.Errorf("beside a data set: %+v", run.TaskSettings)
	}
	if run = resolve(TrainOptions{Frames: 9000}, swing); run.Config.Anneal != 0 || run.Settings.Updates != 0 {
		t.Errorf("the rate falls towards an end that is not known: %+v", run.Config)
	}
	if run = resolve(TrainOptions{Frames: 9000, Updates: 100}, swing); run.Config.Anneal == 0 || run.Config.Updates != 100 {
		t.Errorf("the rate does not fall towards the end: %+v", run.Config)
	}
	run = resolve(TrainOptions{}, swing, lottery)
	if run.Config.ImageScale != 4 || run.Config.FreeNats != 0 || run.Tasks[0].Settings["repeat"] != "8" || run.Tasks[1].PlannerSettings["horizon"] != "30" {
		t.Errorf("of tasks that differ: %+v", run)
	}
}

// A run goes on with its own preset and recipe, overrides or not.
func TestResumeKeepsThePreset(t *testing.T) {
	dir := t.TempDir()
	o := TrainOptions{Task: "lottery", Preset: "planet", Updates: 1, Seed: 5, Threads: 1, Out: filepath.Join(dir, "run"), Data: filepath.Join(dir, "data"), Fields: tinyNetwork(nil)}
	if _, err := Collect(t.Context(), CollectOptions{Task: "lottery", Policy: "scripted", Episodes: 2, Out: o.Data}, nil); err != nil {
		t.Fatal(err)
	}
	if err := Train(t.Context(), o, nil); err != nil {
		t.Fatal(err)
	}
	again := TrainOptions{Out: o.Out, Resume: true, Updates: 2, Threads: 1, Fields: map[string]string{"keep_checkpoints": "9"}}
	if err := Train(t.Context(), again, nil); err != nil {
		t.Fatal(err)
	}
	run, at, err := learning.LoadRun(o.Out)
	if err != nil || run.Preset != "planet" || run.Settings.KeepCheckpoints != 9 || at.Updates != 2 {
		t.Errorf("%+v at %+v, %v", run, at, err)
	}
	again.Preset = "paper"
	if err := Train(t.Context(), again, nil); err == nil || !strings.Contains(err.Error(), "preset is planet, want paper") {
		t.Errorf("error %v", err)
	}
}
