package engine

import (
	"context"
	"errors"
	"fmt"
	"math/rand"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/latco-studio/latco/learning"
	"github.com/latco-studio/latco/planning"
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
		l.Do(StartTraining{Updates: 1_000_000, Data: dataNamed(t, "given"), Out: "run"})
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

// numb is a planner that notices its end late.
type numb struct{ *dial }

func (n numb) Plan(ctx context.Context, p *planning.Problem) (*planning.Plan, error) {
	time.Sleep(10 * time.Second)
	return n.dial.Plan(ctx, p)
}

// dull is a world whose minds take their time for everything.
type dull struct{ World }

type dullMind struct{ Mind }

func (d dull) Open(device string, threads int) (Mind, error) {
	time.Sleep(3 * time.Second)
	m, err := d.World.Open(device, threads)
	return dullMind{m}, err
}

func (d dullMind) Observe(b Belief, action []float64, pixels []uint8, rng *rand.Rand) (Belief, error) {
	time.Sleep(3 * time.Second)
	return d.Mind.Observe(b, action, pixels, rng)
}

func (d dullMind) Decode(n int, features []float64, pixels []uint8) error {
	time.Sleep(3 * time.Second)
	return d.Mind.Decode(n, features, pixels)
}

// obstinate is a trainer that cannot be interrupted.
type obstinate struct{ Trainer }

func (o obstinate) Run(context.Context) error { time.Sleep(20 * time.Second); return nil }

// A switch waits for nobody: planner, filter, decoder and trainer may be as slow to
// notice as they like. On the test's clock only waiting takes time, so that what is
// measured is whom the actor waits for, not how fast the machine is.
func TestSwitchingWaitsForNobody(t *testing.T) {
	set := coached(t, 0)
	synctest.Test(t, func(t *testing.T) {
		p := new(props)
		l := beginLive(t, p, func(c *Config) {
			set(c)
			coaches := c.Parts.Training.New
			c.Parts.Training.New = func(o learning.TrainerOptions) (Trainer, error) {
				trainer, err := coaches(o)
				return obstinate{trainer}, err
			}
			for name, w := range p.library.worlds {
				p.library.worlds[name] = dull{w}
			}
			inner := p.kind("numb", 20, time.Millisecond)
			c.Parts.Planners = append(c.Parts.Planners, planning.Kind{Name: "numb", Title: "Numb", New: func() planning.Configurable {
				return numb{inner.New().(*dial)}
			}})
			c.Planner = "numb"
		})
		for i := range 200 {
			l.Do(StartTraining{Updates: 100, Data: dataNamed(t, "given")})
			l.Do([]Command{Plan{}, Run{}, Watch{}, StopTraining{}}[i%4])
			time.Sleep(time.Duration(i%13) * 100 * time.Millisecond)
			name := []string{"one", "two", "bare"}[i%3]
			began := time.Now()
			l.Do(SelectTask{name})
			l.until("task "+name, func(s *State) bool { return s.Task.Name == name && s.Opening == "" })
			if took := time.Since(began); took > 50*time.Millisecond {
				t.Fatalf("switch %d, to %s: %v", i, name, took)
			}
		}
		// Nor does what was to be done on 200 stages keep the last one waiting.
		l.Do(Stop{})
		l.Do(StopTraining{})
		l.Do(SelectTask{"one"})
		l.Do(Plan{})
		began := time.Now()
		l.until("a plan", func(s *State) bool { return s.Phase == PlanReady })
		if took := time.Since(began); took > 40*time.Second {
			t.Errorf("the plan came after %v", took)
		}
		l.stop()
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

// lotteryOnly has a model of the lottery and of nothing else.
type lotteryOnly struct{ world World }

func (c lotteryOnly) Bundled(task string) string {
	if task == "lottery" {
		return "small"
	}
	return ""
}
func (c lotteryOnly) Open(string) (World, error) { return c.world, nil }
