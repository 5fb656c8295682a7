package learning

import (
	"context"
	"errors"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/latco-studio/latco/learning/rssm"
)

// severalRun is fakeRun for three tasks of 1, 3 and 2 actions, the second of which
// is paid by its sparse reward.
func severalRun(t testing.TB, out string) TrainerOptions {
	opts := fakeRun(t, out)
	tasks := []RunTask{{Name: "one", ActionDim: 1}, {Name: "three", ActionDim: 3, Sparse: true}, {Name: "two", ActionDim: 2}}
	opts.SetTasks(tasks)
	opts.Settings.SeedEpisodes, opts.Settings.Frames, opts.Settings.HeldOut = 1, 400, 0
	opts.Collector = fakeCollector{tasks: tasks, steps: 20}
	return opts
}

// Seed episodes of each task, then one episode of each in turn; an evaluation is of
// each; every batch is as wide as the widest task, and zero beyond an episode's own.
func TestSeveralTasksTakeTurns(t *testing.T) {
	opts := severalRun(t, t.TempDir())
	opts.Settings.EvalUpdates, opts.Settings.EvalEpisodes = 20, 2
	var batches []rssm.Batch
	opts.world = fakeWorld{seen: &batches}
	runToEnd(t, opts)
	ms, err := ReadMetrics(opts.Out)
	if err != nil {
		t.Fatal(err)
	}
	var collected, evaluated []string
	for _, m := range ms {
		switch m.Kind {
		case "episode":
			collected = append(collected, m.Policy+" "+m.Task)
		case "evaluation":
			evaluated = append(evaluated, m.Task)
		}
	}
	want := []string{"random one", "random three", "random two", "planned one", "planned three", "planned two", "planned one", "planned three", "planned two", "planned one"}
	if !slices.Equal(collected, want) {
		t.Errorf("collected %v, want %v", collected, want)
	}
	if want := slices.Repeat([]string{"one", "three", "two"}, 4); !slices.Equal(evaluated, want) {
		t.Errorf("evaluated %v, want %v", evaluated, want)
	}
	narrow, wide := 0, 0
	for _, b := range batches {
		if len(b.Actions) != 3*b.B*b.T {
			t.Fatalf("%d action numbers in a batch of %d×%d", len(b.Actions), b.B, b.T)
		}
		for a := range slices.Chunk(b.Actions, 3*b.T) {
			if used := slices.DeleteFunc(slices.Clone(a), func(x float32) bool { return x == 0 }); len(used) <= b.T {
				narrow++ // one action a row
			} else if len(used) > 2*b.T {
				wide++
			}
		}
	}
	if narrow == 0 || wide == 0 {
		t.Errorf("%d sequences of one action, %d of three", narrow, wide)
	}
	for task, n := range map[string]int{"one": 4, "three": 3, "two": 3} {
		d, err := OpenDataset(filepath.Join(opts.Out, episodesFolder, task))
		if err != nil || len(d.Entries) != n || d.Info.Task != task {
			t.Errorf("%s: %+v, %v", task, d, err)
		}
	}
	m, err := LoadModel(filepath.Join(opts.Out, ModelName))
	if err != nil {
		t.Fatal(err)
	}
	if m.Params.ActionDim != 3 || m.Manifest.Task != "one,three,two" || m.Manifest.Reward != "" ||
		len(m.Manifest.Tasks) != 3 || m.Manifest.Tasks[1].Reward != RewardSparse || m.Manifest.Tasks[2].Reward != RewardShaped {
		t.Errorf("%+v of %d actions", m.Manifest, m.Params.ActionDim)
	}
}

// A run of several tasks that was stopped ends where an uninterrupted one does, also
// where the buffer forgets episodes and where each task has a data set.
func TestSeveralTasksResumeExactly(t *testing.T) {
	for name, change := range map[string]func(*TrainerOptions){
		"online": func(o *TrainerOptions) {
			o.Settings.CapacityMB, o.Settings.EvalUpdates, o.Settings.EvalEpisodes = 1, 7, 1
		},
		"offline": func(o *TrainerOptions) {
			o.Collector, o.Settings.Frames = nil, 0
			for i := range o.Tasks {
				o.Tasks[i].Data = dataOf(t, o.Tasks, i)
			}
		},
	} {
		whole, parts := severalRun(t, filepath.Join(t.TempDir(), "run")), severalRun(t, filepath.Join(t.TempDir(), "run"))
		change(&whole)
		parts.Run = whole.Run
		parts.Collector = whole.Collector
		runToEnd(t, whole)
		for done := false; !done; parts.Resume = true {
			ctx, cancel := context.WithCancel(context.Background())
			n := 0
			parts.Progress = func(p Progress) {
				done = p.Status == Done
				if n++; p.Status == Loading {
					n = 0
				}
				if n > 5 {
					cancel()
				}
			}
			tr, err := NewTrainer(parts)
			if err == nil {
				err = tr.Run(ctx)
			}
			if err != nil && !errors.Is(err, context.Canceled) {
				t.Fatal(err)
			}
			cancel()
		}
		if got, want := result(t, parts.Out), result(t, whole.Out); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: ended elsewhere", name)
		}
	}
}

// dataOf collects a set of a task.
func dataOf(t testing.TB, tasks []RunTask, task int) string {
	t.Helper()
	d, err := CreateDataset(filepath.Join(t.TempDir(), "data"), DatasetInfo{Task: tasks[task].Name, ActionDim: tasks[task].ActionDim})
	for i := range 3 {
		var e *Episode
		if err == nil {
			e, err = fakeCollector{tasks: tasks, steps: 12 + i}.Collect(context.Background(), Assignment{Task: task, Seed: int64(i)})
		}
		if err == nil {
			err = d.Append(e)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return d.Dir
}

// What several tasks cannot be, and what a checkpoint of others says.
func TestSeveralTasksRefused(t *testing.T) {
	for want, change := range map[string]func(*Run){
		"there twice":         func(r *Run) { r.Tasks[2].Name = "one"; r.SetTasks(r.Tasks) },
		"is no name":          func(r *Run) { r.Tasks[2].Name = "../two"; r.SetTasks(r.Tasks) },
		"0 action dimensions": func(r *Run) { r.Tasks[0].ActionDim = 0 },
		"up to 3 action":      func(r *Run) { r.ActionDim = 4 },
		"in a run of one,two": func(r *Run) { r.Task = "one,two" },
		"lists 1":             func(r *Run) { r.Tasks = r.Tasks[:1] },
		"a data set of every": func(r *Run) { r.Settings.Frames, r.Tasks[0].Data = 0, "somewhere" },
		"seed_episodes = 1":   func(r *Run) { r.Settings.HeldOut = 0.1 },
	} {
		opts := severalRun(t, t.TempDir())
		change(&opts.Run)
		if _, err := NewTrainer(opts); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
	opts := severalRun(t, t.TempDir())
	opts.Tasks[1].Settings = map[string]string{"repeat": "2"}
	opts.Settings.Updates = 5
	runToEnd(t, opts)
	opts.Resume, opts.Tasks = true, slices.Clone(opts.Tasks)
	opts.Tasks[1].Settings = map[string]string{"repeat": "4"}
	tr, err := NewTrainer(opts)
	if err == nil {
		err = tr.Run(context.Background())
	}
	if err == nil || !strings.HasSuffix(err.Error(), "task three repeat is 2, want 4") {
		t.Errorf("error %v", err)
	}
	opts.Tasks[0], opts.Tasks[1] = opts.Tasks[1], opts.Tasks[0]
	opts.SetTasks(opts.Tasks)
	if tr, err = NewTrainer(opts); err == nil {
		err = tr.Run(context.Background())
	}
	if err == nil || !strings.Contains(err.Error(), "task is one,three,two, want three,one,two") {
		t.Errorf("error %v", err)
	}
}

// Episodes that the batches are too narrow for are refused; so are mixed ones where
// nothing was said.
func TestReplayPadsActions(t *testing.T) {
	r, err := NewReplay(ReplayOptions{Length: 4, ActionDim: 3, Rewards: []string{RewardShaped, RewardSparse}, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for i, dims := range []int{1, 3} {
		if err := r.Add(countingEpisode(t, i, 9, dims), EpisodeRef{Task: i}); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.Add(countingEpisode(t, 2, 9, 4), EpisodeRef{}); err == nil || !strings.Contains(err.Error(), "4 action dimensions, want at most 3") {
		t.Errorf("error %v", err)
	}
	e, ref, err := r.example(0, 3)
	if err != nil || e.ActionDim != 3 || len(e.Actions) != 9 || e.Actions[4] != 0 || ref.Task != 0 {
		t.Errorf("%+v of %d, %v", ref, e.ActionDim, err)
	}
	plain, err := NewReplay(ReplayOptions{Length: 4})
	if err != nil {
		t.Fatal(err)
	}
	defer plain.Close()
	if err := plain.Add(countingEpisode(t, 0, 9, 1), EpisodeRef{}); err != nil {
		t.Fatal(err)
	}
	if err := plain.Add(countingEpisode(t, 1, 9, 2), EpisodeRef{}); err == nil {
		t.Error("episodes of one and two actions in a buffer that pads none")
	}
}
