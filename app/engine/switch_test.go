package engine

import (
	"context"
	"errors"
	"fmt"
	"image"
	"math/rand"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/latco-studio/latco/sim"
)

// lent counts instances that have not been closed.
type lent struct {
	sim.Instance
	open *atomic.Int64
}

func (l lent) Close() error {
	l.open.Add(-1)
	return l.Instance.Close()
}

// whole is all that the window asks of an instance of this program.
type whole interface {
	sim.Instance
	sim.Perturber
	sim.Placer
	sim.Tracker
}

// lentWhole is lent without hiding what the instance can do.
type lentWhole struct {
	whole
	open *atomic.Int64
}

func (l lentWhole) Close() error {
	l.open.Add(-1)
	return l.whole.Close()
}

// counting has a task's instances counted; opening one takes a while, and every
// so-manieth fails.
func counting(t sim.Task, open *atomic.Int64, takes time.Duration, fails int64) sim.Task {
	made := t.New
	var calls atomic.Int64
	t.New = func(settings map[string]string) (sim.Instance, error) {
		time.Sleep(takes)
		if n := calls.Add(1); fails > 0 && n%fails == 0 {
			return nil, errors.New("the scene has a hole")
		}
		inst, err := made(settings)
		if err != nil {
			return nil, err
		}
		open.Add(1)
		if w, ok := inst.(whole); ok {
			return lentWhole{w, open}, nil
		}
		return lent{inst, open}, nil
	}
	return t
}

// Tasks change 200 times while planner, policy and trainer are at work, at any
// moment of what they do; nothing is left open.
func TestSwitchingUnderLoad(t *testing.T) {
	set := coached(t, 0)
	synctest.Test(t, func(t *testing.T) {
		var open atomic.Int64
		p := new(props)
		l := beginLive(t, p, func(c *Config) {
			set(c)
			for i := range c.Parts.Tasks {
				c.Parts.Tasks[i] = counting(c.Parts.Tasks[i], &open, 30*time.Millisecond, 0)
			}
			c.Parts.Tasks = append(c.Parts.Tasks, counting(railTask(&p.diary, "holey", nil), &open, 10*time.Millisecond, 3))
			c.Planner = "slow"
		})
		l.Do(StartTraining{Updates: 1_000_000, Data: "given", Out: "run"})
		l.until("updates", func(s *State) bool { return s.Train.Updates > 10 })
		rng := rand.New(rand.NewSource(1))
		names := []string{"one", "two", "bare"}
		for i := range 200 {
			for range rng.Intn(4) {
				l.Do([]Command{Plan{}, Run{}, Watch{}, Watch{"random"}, Reset{New: true}, Stop{}, SaveBookmark{}, StepOnce{}, Pause{false},
					SetTaskField{"gain", "2"}, SelectPlanner{"quick"}, SelectPlanner{"slow"}, LoadModel{"training"}, SelectTask{"holey"},
					DragStart{0.5, 0.5}, DragMove{0.6, 0.5}, SelectTask{"two"}, Orbit{0.1, 0}}[rng.Intn(18)])
			}
			time.Sleep(time.Duration(rng.Intn(200)) * time.Millisecond)
			name := names[(i+rng.Intn(2))%len(names)]
			began := time.Now()
			l.Do(SelectTask{name})
			s := l.until("task "+name, func(s *State) bool { return s.Task.Name == name && s.Opening == "" })
			if took := time.Since(began); took > 100*time.Millisecond {
				t.Errorf("switching to %s took %v", name, took)
			}
			if s.Train.Status != TrainRunning || s.Train.Task != "one" || s.Train.Title != "Rail one" {
				t.Fatalf("the training of one became %+v", s.Train)
			}
		}
		updates := l.State().Train.Updates
		l.until("more updates", func(s *State) bool { return s.Train.Updates > updates })
		l.Do(SelectTask{"two"}) // being opened when everything stops
		l.stop()
		if n := open.Load(); n != 0 {
			t.Errorf("%d instances were left open", n)
		}
	})
}

// What is asked for while a task opens is meant for it.
func TestCommandsWaitForTheTaskThatOpens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var open atomic.Int64
		l := beginLive(t, new(props), func(c *Config) {
			c.Parts.Tasks[1] = counting(c.Parts.Tasks[1], &open, time.Second, 0)
			c.Parts.Tasks[2] = counting(c.Parts.Tasks[2], &open, time.Second, 1)
		})
		defer l.stop()
		l.Do(SelectTask{"two"})
		l.Do(SetTaskField{"gain", "3"})
		l.Do(Watch{})
		s := l.until("a word on it", func(s *State) bool { return s.Opening != "" })
		if s.Task.Name != "one" || s.Opening != "Rail two" || s.Status.Text != "Opening Rail two." || s.Phase != Idle {
			t.Errorf("while opening: task %s, %q, status %q, phase %v", s.Task.Name, s.Opening, s.Status.Text, s.Phase)
		}
		l.until("the policy of the new task", func(s *State) bool {
			return s.Task.Name == "two" && s.Phase == Watching && s.Task.Fields[0].String() == "3"
		})
		l.Do(SelectTask{"bare"})
		s = l.until("a failure", func(s *State) bool { return s.Status.Level == Failure })
		if s.Task.Name != "two" || s.Opening != "" || s.Phase != Watching || s.Status.Text != "Could not open Rail bare: task bare: the scene has a hole" {
			t.Errorf("afterwards: task %s, phase %v, status %q", s.Task.Name, s.Phase, s.Status.Text)
		}
	})
}

func TestOpenScene(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := new(props)
		l := beginLive(t, p, func(c *Config) {
			c.Parts.OpenFile = func(path string) (sim.Task, error) {
				if path != "good.xml" {
					return sim.Task{}, fmt.Errorf("%s, line 7: unknown element 'gem'", path)
				}
				task := railTask(&p.diary, path, nil)
				task.Scripted, task.Group = nil, "file"
				return task, nil
			}
		})
		defer l.stop()
		l.Do(OpenScene{"bad.xml"})
		s := l.until("the parser's words", func(s *State) bool { return s.Status.Level == Failure })
		if want := "Could not open bad.xml: bad.xml, line 7: unknown element 'gem'"; s.Status.Text != want || s.Task.Name != "one" {
			t.Errorf("task %s, status %q", s.Task.Name, s.Status.Text)
		}
		l.Do(OpenScene{"good.xml"})
		s = l.until("the scene", func(s *State) bool { return s.Task.Name == "good.xml" })
		if s.Task.File != "good.xml" || s.Task.Goal || !slices.Equal(s.Task.Policies, []string{"random"}) {
			t.Errorf("task %+v", s.Task)
		}
		l.Do(SelectTask{"one"})
		l.until("a task again", func(s *State) bool { return s.Task.Name == "one" && s.Task.File == "" })
	})
}

// resident is the memory of this process in MiB, C's included.
func resident(t *testing.T) float64 {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("resident memory is read from /proc")
	}
	debug.FreeOSMemory()
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Fatal(err)
	}
	var total, pages int
	if _, err := fmt.Sscan(string(text), &total, &pages); err != nil {
		t.Fatal(err)
	}
	return float64(pages*os.Getpagesize()) / (1 << 20)
}

// lotteryOnly has a model of the lottery and of nothing else.
type lotteryOnly struct{ world World }

func (c lotteryOnly) Bundled(task string) string {
	if task == "lottery" {
		return "small"
	}
	return ""
}
func (c lotteryOnly) Open(string) (World, error) { return c.world, nil }

// Every task of the program in turn, 200 of them, in the real renderer, while a
// small model is trained and plans. Every instance is closed, every goroutine ends;
// memory rises to what the allocators of so many threads keep, and stays there.
func TestSwitchRealTasksUnderLoad(t *testing.T) {
	if testing.Short() {
		t.Skip("-short leaves out 200 real scenes")
	}
	parts := smallParts(t)
	parts.Models = lotteryOnly{parts.Models.(fixedWorld).world}
	parts.Training.Episodes = 3
	var open atomic.Int64
	for i := range parts.Tasks {
		parts.Tasks[i] = counting(parts.Tasks[i], &open, 0, 0)
	}
	before := runtime.NumGoroutine()
	e, err := New(Config{Parts: parts, PlanThreads: 1, Planner: "cem", Home: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- e.Run(ctx) }()
	l := &live{Engine: e, t: t}
	l.Do(Viewport{320, 200})
	l.until("model and observation", func(s *State) bool { return s.Model.Name != "" && s.Observation != nil })
	l.Do(StartTraining{Updates: 1_000_000, Fields: map[string]string{"stoch": "4", "deter": "8", "hidden": "8", "embed_depth": "2",
		"decoder_units": "8", "reward_units": "8", "batch": "2", "length": "10"}})
	var took []time.Duration
	var sizes []float64
	for i := range 200 {
		task := parts.Tasks[(i*7+1)%len(parts.Tasks)]
		began := time.Now()
		l.Do(SelectTask{task.Name})
		old := l.State().Observation
		l.until("task "+task.Name, func(s *State) bool { return s.Task.Name == task.Name && s.Observation != old && s.Opening == "" })
		took = append(took, time.Since(began))
		l.Do([]Command{Watch{}, Plan{}, Run{}, Watch{"random"}}[i%4])
		if i%8 == 7 { // now and then a frame of it
			var frame image.RGBA
			seq, _ := l.Frame(&frame)
			l.until("a frame", func(*State) bool { now, _ := l.Frame(&frame); return now > seq })
		}
		if i%50 == 49 {
			sizes = append(sizes, resident(t))
		}
	}
	l.until("updates of the lottery's model", func(s *State) bool { return s.Train.Updates > 0 && s.Train.Task == "lottery" })
	cancel()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	slices.Sort(took)
	t.Logf("switching took %v in the median, %v at most; resident after every 50: %.0f MiB", took[100], took[199], sizes)
	// The slowest few measure how busy the machine is with other things.
	if took[190] > time.Second {
		t.Errorf("one switch in twenty took %v or more", took[190])
	}
	if n := open.Load(); n != 0 {
		t.Errorf("%d instances were left open", n)
	}
	if sizes[3]-sizes[0] > 400 {
		t.Errorf("memory grows: %.0f MiB after every 50 switches", sizes)
	}
	for range 100 { // the runtime's own goroutines end in their time
		if runtime.NumGoroutine() <= before {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if n := runtime.NumGoroutine(); n > before {
		t.Errorf("%d goroutines, %d before", n, before)
	}
}
