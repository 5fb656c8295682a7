package learning

import (
	"context"
	"errors"
	"math"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/latco-studio/latco/learning/rssm"
)

// fakeRun are options for a run on fakes: S=2 seed episodes, 6 updates on
// them, then 4 updates an episode; 40 updates or 20 steps × 2 × 6 frames.
func fakeRun(t testing.TB, out string) TrainerOptions {
	return TrainerOptions{
		Run: Run{
			Task: "count", ActionDim: 2, Preset: "class", Config: tinyConfig(t), Seed: 11,
			Settings: Settings{
				Updates: 40, Frames: 240, SeedEpisodes: 2, PretrainUpdates: 6, UpdatesPerEpisode: 4,
				RewardShare: 0.4, HeldOut: 0.2, LogEvery: 3, PublishEvery: 5, OpenLoopEvery: 10,
				OpenLoopContext: 3, OpenLoopLength: 9, OpenLoopSeconds: 3600, CheckpointSeconds: 1e-9,
			},
		},
		Out: out, Collector: fakeCollector{steps: 20}, Evaluator: fakeEvaluator{}, world: fakeWorld{}, disk: disk{unsynced: true},
	}
}

func runToEnd(t testing.TB, opts TrainerOptions) {
	t.Helper()
	tr, err := NewTrainer(opts)
	if err == nil {
		err = tr.Run(context.Background())
	}
	if err != nil {
		t.Fatal(err)
	}
}

// result is everything a run leaves that does not depend on the clock.
func result(t testing.TB, dir string) any {
	t.Helper()
	c, _, err := LoadNewest(dir)
	if err != nil {
		t.Fatal(err)
	}
	metrics, err := ReadMetrics(dir)
	if err != nil {
		t.Fatal(err)
	}
	for i := range metrics {
		metrics[i].WallS = 0
	}
	c.WallS, c.Settings.Updates, c.Settings.CheckpointSeconds = 0, 0, 0
	if err := c.Run.eachData(func(string) (string, error) { return "", nil }); err != nil {
		t.Fatal(err)
	}
	all := []any{*c, metrics}
	for _, task := range c.Learns() {
		folder := filepath.Join(dir, episodesFolder)
		if c.Tasks != nil {
			folder = filepath.Join(folder, task.Name)
		}
		var entries []DatasetEntry
		if d, err := OpenDataset(folder); err == nil {
			entries = d.Entries
		}
		for i := range entries {
			entries[i].Dropped = false // when is a matter of checkpoints, not of what is learned
		}
		all = append(all, entries)
	}
	return all
}

func offlineData(t testing.TB, episodes int) string {
	t.Helper()
	d, err := CreateDataset(filepath.Join(t.TempDir(), "data"), DatasetInfo{Task: "count", ActionDim: 2})
	if err != nil {
		t.Fatal(err)
	}
	for i := range episodes {
		e, err := fakeCollector{steps: 12 + i}.Collect(context.Background(), Assignment{Seed: int64(i)})
		if err == nil {
			err = d.Append(e)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return d.Dir
}

// The order of collecting and updating is Algorithm 1's.
func TestAlgorithm1(t *testing.T) {
	var did []string
	var policies []string
	opts := fakeRun(t, t.TempDir())
	opts.Progress = func(p Progress) {
		switch p.Status {
		case Collecting:
			did = append(did, "collect")
		case Updating:
			did = append(did, "u")
		}
		if p.Status == Done {
			did = append(did, "done")
			if p.Updates != 40 || p.Episodes != 6 || p.Frames != 240 || p.Replay.HeldOut != 2 {
				t.Errorf("ended at %+v, replay %+v", p.Counters, p.Replay)
			}
		}
	}
	runToEnd(t, opts)
	want := "collect collect uuuuuu collect uuuu collect uuuu collect uuuu collect uuuuuuuuuuuuuuuuuuuuuu done"
	got := strings.ReplaceAll(strings.Join(did, " "), "u u", "uu")
	got = strings.ReplaceAll(got, "u u", "uu")
	if got != want {
		t.Errorf("order\n%s, want\n%s", got, want)
	}
	ms, err := ReadMetrics(opts.Out)
	if err != nil {
		t.Fatal(err)
	}
	updates := 0
	for _, m := range ms {
		if m.EpisodeMetric != nil {
			policies = append(policies, m.Policy)
		} else {
			updates++
		}
	}
	if w := []string{"random", "random", "planned", "planned", "planned", "planned"}; !reflect.DeepEqual(policies, w) || updates != 13 {
		t.Errorf("policies %v, %d lines of losses", policies, updates)
	}
}

func TestOfflineTraining(t *testing.T) {
	data := offlineData(t, 6)
	var published []int
	var loops []*OpenLoop
	opts := fakeRun(t, t.TempDir())
	opts.Data, opts.Settings.Frames, opts.Collector = data, 0, nil
	opts.Publish = func(p *rssm.Params) { published = append(published, p.Updates) }
	opts.OpenLoop = func(o *OpenLoop) { loops = append(loops, o) }
	runToEnd(t, opts)
	if want := []int{5, 10, 15, 20, 25, 30, 35, 40, 40}; !reflect.DeepEqual(published, want) {
		t.Errorf("published at %v, want %v", published, want)
	}
	if len(loops) != 4 || !loops[0].HeldOut || loops[0].Updates != 10 || loops[0].Frames != 9 || loops[0].Context != 3 {
		t.Fatalf("open loops: %+v", loops)
	}
	o := loops[0]
	if o.Model[8*FramePixels] != o.Truth[2*FramePixels] {
		t.Error("the prediction does not start from the last frame of the context")
	}
	if o.ImageError[1] <= 0 || o.ModelReward[2] != 0 || o.ModelReward[3] == 0 {
		t.Errorf("errors %v, rewards %v", o.ImageError, o.ModelReward)
	}
	m, err := LoadModel(filepath.Join(opts.Out, ModelName))
	if err != nil {
		t.Fatal(err)
	}
	if m.Manifest.Updates != 40 || m.Manifest.Episodes != 6 || m.Manifest.Task != "count" || m.Params.Updates != 40 {
		t.Errorf("manifest %+v", m.Manifest)
	}
}

// Held from another goroutine, a run saves, waits and goes on.
func TestPauseFromOutside(t *testing.T) {
	opts := fakeRun(t, t.TempDir())
	opts.Settings.CheckpointSeconds = 3600
	reached, held, paused := make(chan struct{}), make(chan struct{}), make(chan Progress)
	opts.Progress = func(p Progress) {
		switch {
		case p.Status == Paused:
			paused <- p
		case p.Updates == 9:
			close(reached)
			<-held
		}
	}
	tr, err := NewTrainer(opts)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error)
	go func() { done <- tr.Run(context.Background()) }()
	<-reached
	tr.Pause()
	close(held)
	p := <-paused
	c, _, err := LoadNewest(opts.Out)
	if err != nil || c.Updates != 9 || p.Updates != 9 {
		t.Errorf("paused at %d, saved at %d, %v", p.Updates, c.Updates, err)
	}
	tr.Resume()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestStopWhileLoading(t *testing.T) {
	opts := fakeRun(t, t.TempDir())
	opts.Data = offlineData(t, 3)
	ctx, cancel := context.WithCancel(context.Background())
	n := 0
	opts.Progress = func(p Progress) {
		if n++; n == 2 {
			cancel()
		}
	}
	tr, err := NewTrainer(opts)
	if err != nil {
		t.Fatal(err)
	}
	if err := tr.Run(ctx); !errors.Is(err, context.Canceled) || n != 2 {
		t.Errorf("%v after %d episodes", err, n)
	}
}

func TestDivergedRunNamesTheLastGoodCheckpoint(t *testing.T) {
	opts := fakeRun(t, t.TempDir())
	opts.world = fakeWorld{nanAt: 23}
	tr, err := NewTrainer(opts)
	if err != nil {
		t.Fatal(err)
	}
	err = tr.Run(context.Background())
	var bad *DivergedError
	if !errors.As(err, &bad) || bad.Update != 23 || bad.Term != "kl" || !math.IsNaN(bad.Value) {
		t.Fatalf("error %v", err)
	}
	newest, path, err := LoadNewest(opts.Out)
	if err != nil || path != bad.Checkpoint || newest.Updates != 22 {
		t.Errorf("last good checkpoint %s, newest %s at %d, %v", bad.Checkpoint, path, newest.Updates, err)
	}
}

func TestFailures(t *testing.T) {
	broken := errors.New("simulation unstable")
	for name, c := range map[string]struct {
		change func(*TrainerOptions)
		want   string
	}{
		"device":    {func(o *TrainerOptions) { o.world = fakeWorld{failAt: 3} }, "update 3"},
		"collector": {func(o *TrainerOptions) { o.Collector = fakeCollector{fail: broken} }, "collect episode 0: simulation unstable"},
		"short":     {func(o *TrainerOptions) { o.Collector = fakeCollector{steps: 2} }, "1 shorter than 4 rows"},
		"not data":  {func(o *TrainerOptions) { o.Data = o.Out }, "not a data set"},
		"no run":    {func(o *TrainerOptions) { o.Resume = true }, ErrNoRun.Error()},
		"other task": {func(o *TrainerOptions) { o.Data = offlineData(t, 1); o.Task = "lottery" },
			"task is count, want lottery"},
		"range":         {func(o *TrainerOptions) { o.Settings.RewardShare = 2 }, "reward_share = 2"},
		"collectorless": {func(o *TrainerOptions) { o.Collector = nil }, "no collector"},
		"evaluatorless": {func(o *TrainerOptions) {
			o.Evaluator, o.Settings.EvalUpdates, o.Settings.EvalEpisodes = nil, 9, 1
		}, "no evaluator"},
		"nothing": {func(o *TrainerOptions) { o.Settings.Frames = 0 }, "nothing to learn from"},
	} {
		opts := fakeRun(t, t.TempDir())
		c.change(&opts)
		tr, err := NewTrainer(opts)
		if err == nil {
			err = tr.Run(context.Background())
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want one with %q", name, err, c.want)
		}
	}
}
