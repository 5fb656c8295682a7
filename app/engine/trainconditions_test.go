package engine

import (
	"context"
	"errors"
	"maps"
	"path/filepath"
	"strings"
	"testing"

	"github.com/latco-studio/latco/learning"
)

// Algorithm 1 with the real parts, on a task whose reward is sparse: a run that is
// resumed goes on with the planner and the settings that it began with.
func TestTrainOnlineRealParts(t *testing.T) {
	o := TrainOptions{Task: "lottery", Frames: 900, Seed: 3, Threads: 1, Out: filepath.Join(t.TempDir(), "run"), Planner: "mppi",
		Settings: map[string]string{"horizon": "10", "replan": "10", "iterations": "1", "samples": "4"},
		Fields: map[string]string{"stoch": "4", "deter": "8", "hidden": "8", "embed_depth": "2", "decoder_units": "8", "reward_units": "8",
			"batch": "2", "length": "10", "seed_episodes": "2", "pretrain_updates": "2", "updates_per_episode": "2",
			"eval_frames": "300", "eval_episodes": "1"}}
	ctx, cancel := context.WithCancel(context.Background())
	err := Train(ctx, o, func(done, _ int, note string) {
		if done >= 3 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	begun, _, err := learning.LoadRun(o.Out)
	if err != nil {
		t.Fatal(err)
	}
	if begun.Planner != "mppi" || begun.PlannerSettings["samples"] != "4" || len(begun.TaskSettings) == 0 {
		t.Errorf("the run says %q %v %v", begun.Planner, begun.PlannerSettings, begun.TaskSettings)
	}
	resumed := TrainOptions{Task: o.Task, Out: o.Out, Resume: true, Threads: 1}
	other := resumed
	other.Planner = "cem"
	if err := Train(context.Background(), other, nil); err == nil || !strings.Contains(err.Error(), "planner is mppi, want cem") {
		t.Errorf("with another planner: %v", err)
	}
	if err := Train(context.Background(), resumed, nil); err != nil {
		t.Fatal(err)
	}
	run, at, err := learning.LoadRun(o.Out)
	if err != nil {
		t.Fatal(err)
	}
	if !maps.Equal(run.PlannerSettings, begun.PlannerSettings) || at.Frames < o.Frames || at.Evaluations < 2 {
		t.Errorf("ended at %+v with %v", at, run.PlannerSettings)
	}
	ms, err := learning.ReadMetrics(o.Out)
	if err != nil {
		t.Fatal(err)
	}
	seeds := map[int64]bool{}
	for _, m := range ms {
		switch {
		case m.Kind == "evaluation" && (m.Seed >= 0 || m.Policy != "mppi" || m.Return != m.SparseReturn):
			t.Errorf("evaluation %+v", *m.EpisodeMetric)
		case m.Kind == "episode" && (m.Seed < 0 || seeds[m.Seed]):
			t.Errorf("collected from seed %d", m.Seed)
		case m.Kind == "episode":
			seeds[m.Seed] = true
		}
	}
}
