package engine

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/latco-studio/latco/learning"
	"github.com/latco-studio/latco/learning/rssm"
	"github.com/latco-studio/latco/sim"
)

// coach is a trainer that counts instead of learning: an update takes 10 ms of
// the test's clock.
type coach struct {
	options learning.TrainerOptions
	params  *rssm.Params
	diverge int // update at which the losses are lost, 0 never
	held    atomic.Bool
}

func (c *coach) Pause()  { c.held.Store(true) }
func (c *coach) Resume() { c.held.Store(false) }

func (c *coach) Run(ctx context.Context) error {
	o := c.options
	n := 0
	var skipped []error
	if filepath.Base(o.Data) == "damaged" {
		skipped = []error{&learning.FileError{Path: "episode-7.npz", Reason: learning.ErrCorrupt}}
	}
	tell := func(s learning.Status) {
		o.Progress(learning.Progress{Status: s, Counters: learning.Counters{Updates: n}, TotalUpdates: o.Settings.Updates, Skipped: skipped,
			Losses: rssm.Losses{Image: 1000 / float64(n+1), KL: 1}, Rate: 100,
			Replay: learning.ReplayStats{Episodes: 7, Steps: 70}})
	}
	for n < o.Settings.Updates {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(10 * time.Millisecond):
		}
		if c.held.Load() {
			tell(learning.Paused)
			continue
		}
		n++
		tell(learning.Updating)
		if n == c.diverge {
			return &learning.DivergedError{Update: n, Term: "kl", Value: 1, Checkpoint: "checkpoint-1"}
		}
		if n%10 == 0 {
			p := *c.params
			p.Updates = n
			o.Publish(&p)
		}
		if n == 30 {
			o.OpenLoop(&learning.OpenLoop{Updates: n, Context: 1, Frames: 2,
				Truth: make([]uint8, 2*frameBytes), Model: make([]uint8, 2*frameBytes)})
		}
	}
	tell(learning.Done)
	return nil
}

// dataNamed is an empty data set of task one, for runs that want to be given one.
func dataNamed(t *testing.T, name string) string {
	t.Helper()
	set, err := learning.CreateDataset(filepath.Join(t.TempDir(), name), learning.DatasetInfo{Task: "one", ActionDim: 1})
	if err != nil {
		t.Fatal(err)
	}
	return set.Dir
}

// coached gives an engine coaches for trainers.
func coached(t *testing.T, diverge int) func(*Config) {
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
	home := t.TempDir()
	return func(c *Config) {
		c.Home = home
		c.Parts.Training.New = func(o learning.TrainerOptions) (Trainer, error) {
			return &coach{options: o, params: params, diverge: diverge}, nil
		}
	}
}

func TestTrainingLifecycle(t *testing.T) {
	set := coached(t, 0)
	synctest.Test(t, func(t *testing.T) {
		l := beginLive(t, new(props), set)
		defer l.stop()
		l.Do(StartTraining{Updates: 300, Data: dataNamed(t, "given"), Out: "run"})
		s := l.until("updates", func(s *State) bool { return s.Train.Updates > 50 })
		if s.Train.Status != TrainRunning || s.Train.Total != 300 || s.Train.Rate != 100 || s.Train.Out != "run" || s.Train.Preset != "class" {
			t.Errorf("training view %+v", s.Train)
		}
		if ol := s.Train.OpenLoop; ol == nil || len(ol.Truth) != 2 || len(ol.Model) != 2 {
			t.Errorf("open loop %+v", ol)
		}
		image := s.Train.Curves["image"]
		if len(image) < 40 || image[0].Updates != 1 || image[0].Y != 500 {
			t.Errorf("%d points of the image loss, the first %v", len(image), image[0])
		}
		if s.Model.Source != "bundled" {
			t.Errorf("the model became %+v without being asked to", s.Model)
		}
		l.Do(LoadModel{"training"})
		l.until("newer parameters of the training model", func(s *State) bool {
			return s.Model.Source == "training" && s.Model.Updates >= 100
		})
		l.Do(PauseTraining{true})
		paused := l.until("pause", func(s *State) bool { return s.Train.Status == TrainPaused })
		time.Sleep(5 * time.Second)
		if now := l.State().Train.Updates; now > paused.Train.Updates+1 {
			t.Errorf("%d updates while paused", now-paused.Train.Updates)
		}
		l.Do(StartTraining{}) // continues
		l.until("more updates", func(s *State) bool { return s.Train.Updates > paused.Train.Updates+10 })
		l.Do(StopTraining{})
		s = l.until("stop", func(s *State) bool { return s.Train.Status == TrainIdle })
		if s.Status.Level != Info || !strings.Contains(s.Status.Text, "Training stopped") {
			t.Errorf("status %+v", s.Status)
		}
		l.Do(StartTraining{Updates: 20, Data: dataNamed(t, "given")})
		s = l.until("end", func(s *State) bool { return s.Train.Status == TrainDone })
		if s.Train.Updates != 20 || !strings.Contains(s.Train.Out, filepath.Join("runs", "one-")) {
			t.Errorf("%d updates in %s", s.Train.Updates, s.Train.Out)
		}
	})
}

func TestTrainingFailsInWords(t *testing.T) {
	set := coached(t, 25)
	synctest.Test(t, func(t *testing.T) {
		l := beginLive(t, new(props), set)
		defer l.stop()
		l.Do(StartTraining{Preset: "enormous"})
		l.until("unknown preset", func(s *State) bool { return strings.Contains(s.Status.Text, "known: class, paper") })
		l.Do(StartTraining{Fields: map[string]string{"deter": "-1"}})
		l.until("bad field", func(s *State) bool { return strings.Contains(s.Status.Text, "deter cannot be -1") })
		l.Do(StartTraining{Resume: true})
		l.until("nothing to resume", func(s *State) bool { return strings.Contains(s.Status.Text, "no earlier training") })
		l.Do(StartTraining{Updates: 100, Data: dataNamed(t, "given")})
		s := l.until("divergence", func(s *State) bool { return s.Train.Status == TrainFailed })
		if !strings.Contains(s.Status.Text, "kl is 1 at update 25") || s.Train.Err == "" {
			t.Errorf("status %q, error %q", s.Status.Text, s.Train.Err)
		}
		l.Do(Run{})
		l.until("a run after that", func(s *State) bool { return s.Phase == EpisodeOver })
	})
}

// A run that is given no data collects its own, through the painter that also
// draws the live scene.
func TestTrainingCollectsItsData(t *testing.T) {
	set := coached(t, 0)
	home := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		l := beginLive(t, new(props), func(c *Config) {
			set(c)
			c.Home = home
			c.Parts.Tasks[0].Mixed = newPacer
			c.Parts.Training.Episodes = 5
		})
		defer l.stop()
		l.Do(StartTraining{Updates: 5, Out: filepath.Join(home, "run")})
		l.until("end", func(s *State) bool { return s.Train.Status == TrainDone })
		folders, err := filepath.Glob(filepath.Join(home, "data", "*"))
		if err != nil || len(folders) != 1 {
			t.Fatalf("%v, %v, want one shared data set", folders, err)
		}
		set, err := learning.OpenDataset(folders[0])
		if err != nil {
			t.Fatal(err)
		}
		if len(set.Entries) != 5 {
			t.Errorf("%d episodes", len(set.Entries))
		}
		ep, err := set.Load(0)
		if err != nil {
			t.Fatal(err)
		}
		if ep.Steps() != railSteps || ep.Info.Policy != "mixed" || ep.Info.Seed != learning.EpisodeSeed(0, 0) {
			t.Errorf("episode of %d steps, %+v", ep.Steps(), ep.Info)
		}
	})
}

// A task that has neither model nor data policy is trained on random episodes, and
// its run goes on while another is on screen.
func TestTrainingGoesOnBehindAnotherTask(t *testing.T) {
	set := coached(t, 0)
	home := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		l := beginLive(t, new(props), func(c *Config) {
			set(c)
			c.Home = home
			c.Parts.Training.Episodes = 3
		})
		defer l.stop()
		l.Do(SelectTask{"bare"})
		l.until("bare", func(s *State) bool { return s.Task.Name == "bare" && s.Task.Model == "" })
		l.Do(StartTraining{Updates: 50, Out: filepath.Join(home, "run")})
		l.Do(SelectTask{"two"})
		s := l.until("updates", func(s *State) bool { return s.Task.Name == "two" && s.Train.Updates > 20 })
		if s.Train.Title != "Rail bare" || s.Model.Name != "two-class" || !strings.HasPrefix(s.Status.Text, "Training Rail bare: ") {
			t.Errorf("training %q, model %q, status %q", s.Train.Title, s.Model.Name, s.Status.Text)
		}
		l.Do(SelectTask{"bare"})
		l.until("the model in training", func(s *State) bool { return s.Task.Name == "bare" && s.Model.Source == "training" })
		l.until("end", func(s *State) bool { return s.Train.Status == TrainDone })
		l.Do(SelectTask{"two"})
		l.until("the model of two", func(s *State) bool { return s.Model.Name == "two-class" })
		l.Do(SelectTask{"bare"})
		l.until("the trained model again", func(s *State) bool { return s.Task.Name == "bare" && s.Model.Source == "training" })
		folders, err := filepath.Glob(filepath.Join(home, "data", "bare-*"))
		if err != nil || len(folders) != 1 {
			t.Fatalf("%v, %v", folders, err)
		}
		set, err := learning.OpenDataset(folders[0])
		if err != nil {
			t.Fatal(err)
		}
		if set.Info.Policy != "random" || len(set.Entries) != 3 {
			t.Errorf("%d episodes of policy %s", len(set.Entries), set.Info.Policy)
		}
	})
}

func TestCollectedEpisodesMakeAboutAsManySteps(t *testing.T) {
	for steps, want := range map[int]int{150: 300, 50: 300, 1000: 45, 100_000: 20, 0: 300} {
		if got := (TrainingParts{}).episodes(sim.Task{EpisodeSteps: steps}); got != want {
			t.Errorf("%d episodes of %d steps, want %d", got, steps, want)
		}
	}
	if got := (TrainingParts{Episodes: 7}).episodes(sim.Task{EpisodeSteps: 1}); got != 7 {
		t.Errorf("%d episodes, want 7", got)
	}
}

// Episodes that cannot be used are named; the run goes on.
func TestTrainingNamesWhatItSkips(t *testing.T) {
	set := coached(t, 0)
	synctest.Test(t, func(t *testing.T) {
		l := beginLive(t, new(props), set)
		defer l.stop()
		l.Do(StartTraining{Updates: 100, Data: dataNamed(t, "damaged"), Out: "run"})
		s := l.until("a word on the damaged episode", func(s *State) bool { return s.Status.Level == Failure })
		if want := "Left out of training (1 so far): episode-7.npz: corrupt"; s.Status.Text != want {
			t.Errorf("status %q, want %q", s.Status.Text, want)
		}
		l.until("end", func(s *State) bool { return s.Train.Status == TrainDone })
	})
}

func TestStopWhileTraining(t *testing.T) {
	set := coached(t, 0)
	synctest.Test(t, func(t *testing.T) {
		l := beginLive(t, new(props), set)
		l.Do(StartTraining{Updates: 1_000_000, Data: dataNamed(t, "given"), Out: "run"})
		l.until("updates", func(s *State) bool { return s.Train.Updates > 10 })
		began := time.Now()
		l.stop()
		if took := time.Since(began); took > 100*time.Millisecond {
			t.Errorf("stopping took %v", took)
		}
	})
}

// The real trainer, small: collect, train, resume, evaluate, list.
func TestTrainRealParts(t *testing.T) {
	dir := t.TempDir()
	data, out := filepath.Join(dir, "data"), filepath.Join(dir, "runs", "lottery-test")
	ctx := context.Background()
	_, err := Collect(ctx, CollectOptions{Task: "lottery", Policy: "scripted", Episodes: 3, Out: data}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Collect(ctx, CollectOptions{Task: "lottery", Policy: "random", Episodes: 3, Out: data}, nil); err == nil {
		t.Error("a data set of another policy was continued")
	}
	o := TrainOptions{Task: "lottery", Data: data, Updates: 3, Out: out, Threads: 1, Command: "latco train", Fields: map[string]string{
		"stoch": "4", "deter": "8", "hidden": "8", "embed_depth": "2", "decoder_units": "8", "reward_units": "8",
		"batch": "2", "length": "10", "reward_share": "0.5"}}
	if err := Train(ctx, o, nil); err != nil {
		t.Fatal(err)
	}
	o.Updates, o.Resume = 5, true
	if err := Train(ctx, o, nil); err != nil {
		t.Fatalf("resuming: %v", err)
	}
	r, err := Evaluate(ctx, EvalOptions{Task: "lottery", Planner: "cem", Model: out, Episodes: 1, Settings: map[string]string{
		"iterations": "1", "samples": "8", "elites": "2"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if r.Model != "lottery-test" {
		t.Errorf("model %q", r.Model)
	}
	list, err := ListModels(os.DirFS(dir), dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != 1 || list[0].Updates != 5 || list[0].Episodes != 3 || list[0].Command != "latco train" || len(list[0].SHA256) != 64 {
		t.Errorf("models %+v", list)
	}
	o.Fields["learning_rat"] = "1"
	if err := Train(ctx, o, nil); err == nil || !strings.Contains(err.Error(), "learning_rate") {
		t.Errorf("a misspelt key gives %v", err)
	}
}
