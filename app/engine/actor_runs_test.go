package engine

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/latco-studio/latco/learning"
	"github.com/latco-studio/latco/learning/rssm"
)

// savedRun makes the folder of a run of a rail task: a checkpoint and metrics.
func savedRun(t *testing.T, home, name, task string, updates, of int) string {
	t.Helper()
	cfg, err := rssm.Preset("class")
	if err != nil {
		t.Fatal(err)
	}
	cfg.Stoch, cfg.Deter, cfg.Hidden, cfg.EmbedDepth, cfg.DecoderUnits, cfg.RewardUnits = 2, 4, 4, 1, 4, 4
	params, err := rssm.NewParams(cfg, 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(RunsFolder(home), name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	n := len(params.Values)
	c := &learning.Checkpoint{
		Run:      learning.Run{Task: task, ActionDim: 1, Preset: "class", Config: cfg, Settings: learning.Settings{Updates: of}, Planner: "slow"},
		Counters: learning.Counters{Updates: updates, Evaluations: 1},
		State:    rssm.TrainerState{Params: params, First: make([]float32, n), Second: make([]float32, n), Noise: make([]byte, 20)},
	}
	if _, err := learning.SaveCheckpoint(dir, c, 1); err != nil {
		t.Fatal(err)
	}
	metrics := `{"kind":"update","updates":10,"frames":0,"wall_s":1,"image":5,"kl":2,"total":7}
{"kind":"evaluation","updates":10,"evaluations":1,"return":3,"success":true}
{"kind":"update","updates":99,"frames":0,"wall_s":2,"image":4,"kl":1,"total":5}
`
	if err := os.WriteFile(filepath.Join(dir, learning.MetricsName), []byte(metrics), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestRunsInTheWindow(t *testing.T) {
	set, home := coached(t, 0), t.TempDir()
	savedRun(t, home, "first", "one", 20, 20)
	savedRun(t, home, "second", "two", 30, 90)
	broken := savedRun(t, home, "broken", "one", 5, 90)
	files, err := learning.Checkpoints(broken)
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	if err := os.Truncate(files[0], 99); err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		l := beginLive(t, new(props), func(c *Config) { set(c); c.Home = home })
		defer l.stop()
		l.Do(ReadRuns{})
		s := l.until("runs", func(s *State) bool { return !s.Runs.Read.IsZero() })
		by := map[string]*learning.RunInfo{}
		for _, r := range s.Runs.List {
			by[r.Name] = r
		}
		if len(by) != 3 || !by["first"].Finished() || by["second"].Finished() || by["second"].Best.ReturnMean != 3 ||
			!strings.Contains(by["broken"].Problem, "truncated") {
			t.Fatalf("%d runs, first %+v", len(by), by["first"])
		}

		l.Do(PlotRuns{[]string{"first", "second"}})
		s = l.until("curves", func(s *State) bool { return s.Runs.Plotted != nil })
		if kl := s.Runs.Plotted.Curves["kl"]; len(kl) != 2 || len(kl[1]) != 2 || s.Runs.Plotting {
			t.Errorf("KL %v", kl)
		}
		l.Do(PlotRuns{[]string{"first", "nobody"}})
		l.until("a reason", func(s *State) bool { return strings.Contains(s.Status.Text, "Could not read the curves") })
		l.Do(PlotRuns{})
		l.until("no curves", func(s *State) bool { return s.Runs.Plotted == nil })

		l.Do(NameRun{"first", "../out"})
		l.until("a refusal", func(s *State) bool { return strings.Contains(s.Status.Text, "is no name for a run") })
		l.Do(NameRun{"first", "renamed"})
		l.until("the new name", func(s *State) bool {
			return len(s.Runs.List) == 3 && hasRun(s, "renamed") && !hasRun(s, "first")
		})
		l.Do(EraseRun{"renamed"})
		s = l.until("two runs", func(s *State) bool { return len(s.Runs.List) == 2 })
		if s.Status.Text != "Deleted renamed." {
			t.Errorf("status %q", s.Status.Text)
		}
	})
}

func hasRun(s *State, name string) bool {
	for _, r := range s.Runs.List {
		if r.Name == name {
			return true
		}
	}
	return false
}

// The run in progress is neither renamed nor deleted, and the reason is told.
func TestTheRunInProgressStays(t *testing.T) {
	set, home := coached(t, 0), t.TempDir()
	dir := savedRun(t, home, "mine", "one", 20, 500)
	lock, err := learning.LockFolder(dir, "") // as the trainer holds it
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Release()
	synctest.Test(t, func(t *testing.T) {
		l := beginLive(t, new(props), func(c *Config) { set(c); c.Home = home })
		defer l.stop()
		l.Do(StartTraining{Resume: true, Out: dir, Updates: 500})
		l.until("updates", func(s *State) bool { return s.Train.Updates > 3 })
		for _, c := range []Command{EraseRun{"mine"}, NameRun{"mine", "yours"}} {
			l.Do(c)
			l.until("the reason", func(s *State) bool {
				return strings.HasSuffix(s.Status.Text, "it is being trained here. Stop the training first.")
			})
			l.Do(SetSpeed{1}) // takes the message away
			l.until("no message", func(s *State) bool { return s.Status.Level != Failure })
		}
		if s := l.State(); s.Train.Status != TrainRunning {
			t.Errorf("training is %v", s.Train.Status)
		}
	})
	if _, err := os.Stat(dir); err != nil {
		t.Error(err)
	}
}

// A run is resumed whatever task is shown, with its own planner and its curves so far;
// it goes on while task and planner on screen change.
func TestResumeARunOfAnotherTask(t *testing.T) {
	set, home := coached(t, 0), t.TempDir()
	dir := savedRun(t, home, "second", "two", 30, 90)
	synctest.Test(t, func(t *testing.T) {
		var given learning.TrainerOptions
		l := beginLive(t, new(props), func(c *Config) {
			set(c)
			c.Home = home
			coach := c.Parts.Training.New
			c.Parts.Training.New = func(o learning.TrainerOptions) (Trainer, error) { given = o; return coach(o) }
		})
		defer l.stop()
		l.Do(StartTraining{Resume: true, Out: dir})
		s := l.until("updates", func(s *State) bool { return s.Train.Updates > 5 })
		if s.Task.Name != "one" || s.Train.Task != "two" || s.Train.Title != "Rail two" || s.Train.Total != 90 {
			t.Errorf("on screen %s, training %+v", s.Task.Name, s.Train)
		}
		if given.Task != "two" || given.Planner != "slow" || !given.Resume {
			t.Errorf("the trainer was given %+v", given.Run)
		}
		if e := s.Train.Curves["evaluation"]; len(e) != 1 || e[0].Y != 3 {
			t.Errorf("evaluations so far %v", e)
		}
		if i := s.Train.Curves["image"]; i[0].Updates != 10 || len(i) > 1 && i[1].Updates == 99 {
			t.Errorf("image loss so far %v", i)
		}
		l.Do(SelectTask{"bare"})
		l.Do(SelectPlanner{"slow"})
		l.until("another task and planner", func(s *State) bool { return s.Task.Name == "bare" && s.Planner.Name == "slow" })
		l.until("the end", func(s *State) bool {
			return s.Train.Status == TrainDone && s.Train.Task == "two" && s.Train.Updates == 90
		})
	})
}

// The planner that collects can be another than the one on screen, which may change
// meanwhile; what was typed wrongly is refused before anything starts.
func TestTrainingSettingsFromTheWindow(t *testing.T) {
	set := coached(t, 0)
	synctest.Test(t, func(t *testing.T) {
		var given learning.TrainerOptions
		l := beginLive(t, new(props), func(c *Config) {
			set(c)
			coach := c.Parts.Training.New
			c.Parts.Training.New = func(o learning.TrainerOptions) (Trainer, error) { given = o; return coach(o) }
		})
		defer l.stop()
		for _, c := range []struct {
			command StartTraining
			says    string
		}{
			{StartTraining{Planner: "latch"}, `no planner "latch"; known: quick, slow`},
			{StartTraining{Beside: []string{"one"}}, "task one is there twice"},
			{StartTraining{Beside: []string{"walk"}}, `no task "walk"`},
			{StartTraining{Fields: map[string]string{"exploration_noise": "-1"}}, "exploration_noise cannot be -1"},
			{StartTraining{Fields: map[string]string{"colour": "red"}}, `no setting "colour"`},
			{StartTraining{Resume: true, Out: filepath.Join(t.TempDir(), "none")}, "there is no run in"},
		} {
			l.Do(c.command)
			l.until(c.says, func(s *State) bool { return strings.Contains(s.Status.Text, c.says) })
		}
		l.Do(StartTraining{Planner: "slow", Seed: 7, Updates: 100, Beside: []string{"two"}, Out: filepath.Join(t.TempDir(), "run"), Fields: map[string]string{
			"frames": "5000", "exploration_noise": "0.1", "eval_episodes": "3", "free_nats": "2"}})
		s := l.until("updates", func(s *State) bool { return s.Train.Updates > 5 })
		if given.Planner != "slow" || given.Seed != 7 || given.Settings.Frames != 5000 || given.Settings.ExplorationNoise != 0.1 ||
			given.Settings.EvalEpisodes != 3 || given.Config.FreeNats != 2 || given.Task != "one,two" || given.Tasks[1].ActionDim != 1 {
			t.Errorf("the trainer was given %+v", given.Run)
		}
		if s.Train.Title != "Rail one, Rail two" || s.Train.Usage.Device == "" {
			t.Errorf("the view says %q on %q", s.Train.Title, s.Train.Usage.Device)
		}
		l.Do(StopTraining{})
		l.until("the end", func(s *State) bool { return s.Train.Status == TrainIdle })
	})
}

// The time-lapse that a run keeps is shown while it grows and can be looked at later.
func TestTimeLapseOfARunThatIsOver(t *testing.T) {
	folder := RunsFolder(t.TempDir())
	data, out := filepath.Join(folder, "data"), filepath.Join(folder, "run")
	ctx := context.Background()
	if _, err := Collect(ctx, CollectOptions{Task: "lottery", Policy: "scripted", Episodes: 2, Out: data}, nil); err != nil {
		t.Fatal(err)
	}
	o := TrainOptions{Task: "lottery", Data: data, Updates: 12, Out: out, Threads: 1, Fields: map[string]string{
		"stoch": "4", "deter": "8", "hidden": "8", "embed_depth": "2", "decoder_units": "8", "reward_units": "8",
		"batch": "2", "length": "10", "held_out": "0.5", "open_loop_length": "8", "open_loop_context": "3"}}
	if err := Train(ctx, o, nil); err != nil {
		t.Fatal(err)
	}
	c, err := CompareRuns(folder, []string{"run"})
	if err != nil {
		t.Fatal(err)
	}
	l := c.Lapses[0]
	if len(l.Shots) != 2 || l.Shots[1].Updates != 11 {
		t.Fatalf("shots %+v", l.Shots)
	}
	shot, err := l.Open(1)
	if err != nil {
		t.Fatal(err)
	}
	if len(shot.Truth) != 8 || len(shot.Model) != 8 || shot.Context != 3 || !shot.HeldOut || shot.Error != l.Shots[1].Error || shot.Error <= 0 {
		t.Errorf("shot %+v of error %g", shot.Updates, shot.Error)
	}
	if err := os.WriteFile(filepath.Join(out, learning.TimeLapseName), []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	if c, err = CompareRuns(folder, []string{"run"}); err != nil || c.Lapses[0] != nil || !strings.Contains(c.Runs[0].Problem, "not a time-lapse") {
		t.Errorf("damaged: %v, %v", err, c)
	}
}

// A run with a damaged line in its metrics is compared by the others, and says so.
func TestCompareDamagedMetrics(t *testing.T) {
	home := t.TempDir()
	savedRun(t, home, "whole", "one", 20, 20)
	broken := filepath.Join(savedRun(t, home, "broken", "one", 20, 20), learning.MetricsName)
	text, err := os.ReadFile(broken)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(broken, bytes.Replace(text, []byte(`"evaluation"`), []byte(`"eval`), 1), 0o644); err != nil {
		t.Fatal(err)
	}
	c, err := CompareRuns(RunsFolder(home), []string{"whole", "broken"})
	if err != nil {
		t.Fatal(err)
	}
	if p := c.Runs[1].Problem; c.Runs[0].Problem != "" || !strings.Contains(p, learning.MetricsName) || !strings.Contains(p, "line 2") || !strings.Contains(p, "left out of 3") {
		t.Errorf("problems %q and %q", c.Runs[0].Problem, p)
	}
	for curve, runs := range c.Curves {
		if n := len(runs[1]); curve == "image" && n != 2 || n > len(runs[0]) {
			t.Errorf("%s has %d points of the damaged run, %d of the whole one", curve, n, len(runs[0]))
		}
	}
	if err := os.Remove(broken); err != nil {
		t.Fatal(err)
	}
	if c, err = CompareRuns(RunsFolder(home), []string{"whole", "broken"}); err != nil || c.Runs[1].Problem == "" {
		t.Errorf("without metrics: %+v, %v", c, err)
	}
}
