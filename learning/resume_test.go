package learning

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/latco-studio/latco/learning/rssm"
)

// A run stopped at any update and resumed ends bit for bit where an
// uninterrupted one does.
func TestResumeIsExact(t *testing.T) {
	for _, online := range []bool{true, false} {
		options := func() TrainerOptions {
			opts := fakeRun(t, filepath.Join(t.TempDir(), "run"))
			opts.Settings.CapacityMB = 1 // four of the six episodes
			opts.Settings.EvalFrames, opts.Settings.EvalUpdates, opts.Settings.EvalEpisodes = 80, 9, 2
			if !online {
				opts.Data, opts.Settings.Frames, opts.Collector = offlineData(t, 8), 0, nil
				opts.Settings.CapacityMB, opts.Settings.MemoryMB = 0, 1 // five in memory, the others in a scratch file
			}
			return opts
		}
		whole := options()
		runToEnd(t, whole)
		want := result(t, whole.Out)
		for _, every := range []int{2, 7, 17} {
			opts := options()
			sessions := 0
			for done := false; !done; sessions++ {
				ctx, cancel := context.WithCancel(context.Background())
				n := 0
				opts.Progress = func(p Progress) {
					done = p.Status == Done
					if n++; p.Status == Loading {
						n = 0
					}
					if n > every {
						cancel()
					}
				}
				tr, err := NewTrainer(opts)
				if err != nil {
					t.Fatal(err)
				}
				if err := tr.Run(ctx); err != nil && !errors.Is(err, context.Canceled) {
					t.Fatal(err)
				}
				cancel()
				opts.Resume = true
			}
			if sessions < 40/(every+1)-1 {
				t.Errorf("only %d sessions", sessions)
			}
			if got := result(t, opts.Out); !reflect.DeepEqual(got, want) {
				t.Errorf("online %v, stopped every %d: ended elsewhere", online, every)
			}
		}
	}
}

// The data that reach the learner are the same with and without prefetching
// ahead, whatever the pace.
func TestBatchesDoNotDependOnPace(t *testing.T) {
	var all [2][]rssm.Batch
	for i := range all {
		opts := fakeRun(t, t.TempDir())
		opts.world = fakeWorld{seen: &all[i]}
		if i == 1 {
			var tr *Trainer
			opts.Progress = func(p Progress) {
				switch {
				case p.Status == Paused:
					tr.Resume()
				case p.Updates%3 == 0:
					tr.Pause()
				}
			}
			var err error
			if tr, err = NewTrainer(opts); err != nil {
				t.Fatal(err)
			}
			if err := tr.Run(context.Background()); err != nil {
				t.Fatal(err)
			}
			continue
		}
		runToEnd(t, opts)
	}
	if len(all[0]) != 40 || !reflect.DeepEqual(all[0], all[1]) {
		t.Error("the batches differ")
	}
}

func TestResumeRefusesAnotherRun(t *testing.T) {
	opts := fakeRun(t, t.TempDir())
	opts.Settings.Updates = 5
	runToEnd(t, opts)
	tr, _ := NewTrainer(opts)
	if err := tr.Run(context.Background()); !errors.Is(err, fs.ErrExist) {
		t.Errorf("begun twice in one folder: %v", err)
	}
	opts.Resume, opts.Settings.Updates = true, 9 // longer is fine
	runToEnd(t, opts)
	opts.Config.Deter, opts.Settings.HeldOut, opts.Task = 4, 0.3, "lottery"
	tr, _ = NewTrainer(opts)
	err := tr.Run(context.Background())
	var m *MismatchError
	if !errors.As(err, &m) || len(m.Differences) != 3 {
		t.Fatalf("error %v, want three differences", err)
	}
	if want := "task is count, want lottery; deter is 3, want 4; held_out is 0.2, want 0.3"; !strings.HasSuffix(err.Error(), want) {
		t.Errorf("error %v", err)
	}
	run, at, err := LoadRun(opts.Out)
	if err != nil || run.Task != "count" || at.Updates != 9 {
		t.Errorf("LoadRun: %+v %+v %v", run, at, err)
	}
}

// A folder with somebody's episodes or metrics is left alone.
func TestNewRunTouchesNothingOfOthers(t *testing.T) {
	opts := fakeRun(t, t.TempDir())
	d, err := CreateDataset(filepath.Join(opts.Out, episodesFolder), DatasetInfo{
		Task: "count", Policy: "training", Seed: opts.Seed, ActionDim: 2})
	if err == nil {
		err = d.Append(countingEpisode(t, 1, 9, 2))
	}
	if err != nil {
		t.Fatal(err)
	}
	other := fakeRun(t, t.TempDir())
	if err := os.WriteFile(filepath.Join(other.Out, MetricsName), []byte("{}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, o := range []TrainerOptions{opts, other} {
		tr, err := NewTrainer(o)
		if err != nil {
			t.Fatal(err)
		}
		if err := tr.Run(context.Background()); !errors.Is(err, fs.ErrExist) {
			t.Errorf("error %v", err)
		}
	}
	if d, err = OpenDataset(d.Dir); err != nil || len(d.Entries) != 1 {
		t.Errorf("episodes are gone: %v", err)
	}
}

// A run whose folder was moved resumes without being told anything but where.
func TestResumeAdoptsTheRun(t *testing.T) {
	opts := fakeRun(t, filepath.Join(t.TempDir(), "run"))
	opts.Data, opts.Settings.Updates, opts.Settings.Frames = filepath.Join(opts.Out, "data"), 10, 0
	if err := os.Mkdir(opts.Out, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(offlineData(t, 4), opts.Data); err != nil {
		t.Fatal(err)
	}
	runToEnd(t, opts)
	moved := filepath.Join(t.TempDir(), "moved")
	if err := os.Rename(opts.Out, moved); err != nil {
		t.Fatal(err)
	}
	runToEnd(t, TrainerOptions{Out: moved, Resume: true, world: fakeWorld{}, disk: opts.disk,
		Run: Run{Task: "count", ActionDim: 2, Settings: Settings{Updates: 14}}})
	c, _, err := LoadNewest(moved)
	if err != nil || c.Updates != 14 || c.Seed != 11 || c.Settings.RewardShare != 0.4 || c.Data != "data" {
		t.Errorf("%+v, %v", c.Run, err)
	}
	tr, err := NewTrainer(TrainerOptions{Out: moved, Resume: true, world: fakeWorld{},
		Run: Run{Task: "count", ActionDim: 2, Settings: Settings{Frames: 100}}})
	if err == nil {
		err = tr.Run(context.Background())
	}
	if !errors.Is(err, errNoCollector) {
		t.Errorf("frames to collect, but nobody to do it: %v", err)
	}
}
