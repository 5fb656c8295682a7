package learning

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
)

// Data and checkpoints of a task that was set otherwise say so; a setting that they
// do not know yet does not matter.
func TestOtherConditionsAreRefused(t *testing.T) {
	paper, corrected := map[string]string{"variant": "paper"}, map[string]string{"variant": "corrected", "difficulty": "any"}
	later := map[string]string{"variant": "paper", "difficulty": "any"}
	d, err := CreateDataset(filepath.Join(t.TempDir(), "data"), DatasetInfo{Task: "count", ActionDim: 2, Settings: paper})
	if err == nil {
		err = d.Append(countingEpisode(t, 1, 19, 2))
	}
	if err != nil {
		t.Fatal(err)
	}
	try := func(opts TrainerOptions, want string) {
		t.Helper()
		tr, err := NewTrainer(opts)
		if err == nil {
			err = tr.Run(context.Background())
		}
		if want == "" && err != nil || want != "" && (err == nil || !strings.HasSuffix(err.Error(), want)) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
	opts := fakeRun(t, t.TempDir())
	opts.Data, opts.TaskSettings = d.Dir, corrected
	try(opts, "task variant is paper, want corrected")
	opts.TaskSettings, opts.Planner, opts.PlannerSettings, opts.Settings.Updates = paper, "cem", map[string]string{"samples": "9"}, 9
	try(opts, "")
	opts.Resume = true
	opts.TaskSettings, opts.PlannerSettings = corrected, map[string]string{"samples": "8", "elites": "2"}
	try(opts, "task variant is paper, want corrected; planner samples is 9, want 8")
	opts.TaskSettings, opts.PlannerSettings, opts.Settings.Updates = later, map[string]string{"samples": "9", "elites": "2"}, 12
	try(opts, "")
}
