package engine

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/latco-studio/latco/learning"
	"github.com/latco-studio/latco/learning/rssm"
)

// pupil is an untrained world model of two actions for a task, as small as can be.
func pupil(t *testing.T, task, dynamics, source string) *rssmWorld {
	t.Helper()
	cfg, err := rssm.Preset("class")
	if err != nil {
		t.Fatal(err)
	}
	cfg.Stoch, cfg.Deter, cfg.Hidden, cfg.EmbedDepth, cfg.DecoderUnits, cfg.RewardUnits = 2, 3, 2, 1, 2, 2
	cfg.Dynamics = dynamics
	params, err := rssm.NewParams(cfg, 2, 1)
	if err != nil {
		t.Fatal(err)
	}
	info := ModelInfo{Name: task + "-" + dynamics, Source: source, Reward: learning.RewardSparse}
	return &rssmWorld{params: params, info: info, task: task}
}

// heldOut is a data set of a task: two episodes of 12 steps, one of 3.
func heldOut(t *testing.T, task string) *learning.Dataset {
	t.Helper()
	set, err := learning.CreateDataset(filepath.Join(t.TempDir(), task), learning.DatasetInfo{Task: task, ActionDim: 2})
	if err != nil {
		t.Fatal(err)
	}
	for i, steps := range []int{12, 12, 3} {
		pixels := make([]uint8, learning.FramePixels)
		info := learning.EpisodeInfo{Task: task, Seed: int64(i), ActionRepeat: 1}
		e, err := learning.NewEpisode(info, 2, pixels, nil)
		for k := 1; err == nil && k <= steps; k++ {
			pixels[k+i*100] = 255
			err = e.Append(learning.Step{Action: []float64{0.1, 0.2}, Pixels: pixels, SparseReward: float64(k % 2), Discount: 1})
		}
		if err == nil {
			err = set.Append(e)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return set
}

func measuring(worlds ...*rssmWorld) QualityOptions {
	l := &library{worlds: map[string]World{}}
	o := QualityOptions{Context: 2, Steps: 4, Threads: 1}
	for _, w := range worlds {
		l.worlds[w.info.Name] = w
		o.Models = append(o.Models, w.info.Name)
	}
	o.Parts = (&props{}).parts()
	o.Parts.Models = l
	return o
}

// Models of two tasks are measured, each on the set of its task, in the order asked for.
func TestMeasureQuality(t *testing.T) {
	one, two := heldOut(t, "one"), heldOut(t, "two")
	o := measuring(pupil(t, "two", rssm.RSSM, ""), pupil(t, "one", rssm.SSM, ""), pupil(t, "one", rssm.GRU, ""))
	o.Data = []string{one.Dir, two.Dir}
	last, count := 0, 0
	r, err := MeasureQuality(t.Context(), o, func(done, total int, _ string) { last, count = done, total })
	if err != nil {
		t.Fatal(err)
	}
	if last != 9 || count != 9 {
		t.Errorf("progress ended at %d of %d", last, count)
	}
	for i, want := range []struct{ task, dynamics, data string }{{"two", rssm.RSSM, two.Dir}, {"one", rssm.SSM, one.Dir}, {"one", rssm.GRU, one.Dir}} {
		m := r.Models[i]
		if m.Task != want.task || m.Dynamics != want.dynamics || m.Data != want.data {
			t.Errorf("row %d is %s %s on %s", i, m.Task, m.Dynamics, m.Data)
		}
		if m.Episodes != 2 || m.Short != 1 || m.Passages != 4 || m.Reward != learning.RewardSparse || m.TrainedOn != nil {
			t.Errorf("%s: %+v", m.Model, m)
		}
		if m.MeanError.Mean <= 0 || m.Foreseen.N != 16 || m.Foreseen.MeanError != 0.5 || (m.KL == nil) != (m.Dynamics == rssm.GRU) {
			t.Errorf("%s: %+v", m.Model, m.Quality)
		}
	}
}

// A damaged episode is named and left out; one that was trained on is counted.
func TestMeasureQualityOfDamagedAndKnownEpisodes(t *testing.T) {
	set, run := heldOut(t, "one"), t.TempDir()
	w := pupil(t, "one", rssm.RSSM, filepath.Join(run, learning.ModelName))
	n := len(w.params.Values)
	_, err := learning.SaveCheckpoint(run, &learning.Checkpoint{
		Run:    learning.Run{Task: "one", ActionDim: 2, Config: w.params.Config},
		Replay: []learning.EpisodeRef{{SHA256: set.Entries[0].SHA256}},
		State:  rssm.TrainerState{Params: w.params, First: make([]float32, n), Second: make([]float32, n)}}, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(set.Dir, set.Entries[1].File), []byte("no episode"), 0o644); err != nil {
		t.Fatal(err)
	}
	o := measuring(w)
	o.Data = []string{set.Dir}
	var warned []error
	o.Warn = func(err error) { warned = append(warned, err) }
	r, err := MeasureQuality(t.Context(), o, nil)
	if err != nil {
		t.Fatal(err)
	}
	m := r.Models[0]
	if m.Episodes != 1 || m.Damaged != 1 || m.TrainedOn == nil || *m.TrainedOn != 1 {
		t.Errorf("%+v", m)
	}
	if len(warned) != 1 || !strings.Contains(warned[0].Error(), set.Entries[1].File) {
		t.Errorf("warned of %v", warned)
	}
}

func TestMeasureQualityErrors(t *testing.T) {
	set := heldOut(t, "one")
	good := pupil(t, "one", rssm.RSSM, "")
	for name, c := range map[string]struct {
		change func(o *QualityOptions)
		want   string
	}{
		"no data":       {func(o *QualityOptions) { o.Data = nil }, "at least one"},
		"no models":     {func(o *QualityOptions) { o.Models = nil }, "at least one"},
		"no such data":  {func(o *QualityOptions) { o.Data = []string{"nowhere"} }, "no such data set"},
		"no such model": {func(o *QualityOptions) { o.Models = []string{"nothing"} }, "nothing"},
		"same task":     {func(o *QualityOptions) { o.Data = append(o.Data, heldOut(t, "one").Dir) }, "one for each task"},
		"other task":    {func(o *QualityOptions) { o.Data = []string{heldOut(t, "two").Dir} }, "no data set"},
		"too long":      {func(o *QualityOptions) { o.Steps = 50 }, "52 rows"},
		"bad context":   {func(o *QualityOptions) { o.Context = -1 }, "context = -1"},
		"no device":     {func(o *QualityOptions) { o.Device = "abacus" }, "abacus"},
	} {
		t.Run(name, func(t *testing.T) {
			o := measuring(good)
			o.Data = []string{set.Dir}
			c.change(&o)
			if _, err := MeasureQuality(t.Context(), o, nil); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v does not say %q", err, c.want)
			}
		})
	}
	o := measuring(good)
	o.Data = []string{set.Dir}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := MeasureQuality(ctx, o, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end: %v", err)
	}
}
