package engine

import (
	"context"
	"image"
	"runtime"
	"runtime/debug"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/latco-studio/latco/sim/mujoco"
)

// stopwatch tells how long something lasts for somebody who has the machine to himself.
type stopwatch struct {
	began time.Time
	used  time.Duration // processor time of the process before
}

func startWatch() stopwatch {
	used, _ := processorTime()
	return stopwatch{time.Now(), used}
}

// read is the time passed, or, if that is less, what all threads of the process could
// have computed in it on two processors: what other programs took does not count, and
// waiting for a planner or trainer at work counts in full.
func (w stopwatch) read() time.Duration {
	passed := time.Since(w.began)
	if used, ok := processorTime(); ok {
		passed = min(passed, (used-w.used)/time.Duration(min(2, runtime.NumCPU())))
	}
	return passed
}

// holdings is what the process holds when garbage has been collected, in bytes.
type holdings struct{ golang, c int64 }

func heldNow() holdings {
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	c, _ := mujoco.Allocated()
	return holdings{int64(m.HeapAlloc), c}
}

// train trains a tiny model of what is on the stage.
func (l *live) train() {
	l.Do(StartTraining{Updates: 1_000_000, Fields: map[string]string{"stoch": "4", "deter": "8", "hidden": "8", "embed_depth": "2",
		"decoder_units": "8", "reward_units": "8", "batch": "2", "length": "10"}})
}

// quiet has everything stand still, on the first task, and says what is held then.
func (l *live) quiet() holdings {
	l.t.Helper()
	l.Do(SelectTask{"lottery"})
	l.Do(Stop{})
	l.Do(Pause{true}) // the trainer, of low priority, has the machine to itself
	l.until("updates", func(s *State) bool { return s.Train.Updates > 0 && s.Train.Task == "lottery" })
	l.Do(StopTraining{})
	l.until("rest on the first task", func(s *State) bool {
		return s.Task.Name == "lottery" && s.Opening == "" && s.Model.Name != "" && s.Train.Status == TrainIdle && !s.Moving
	})
	least := heldNow()
	for range 3 { // pictures on their way come and go
		l.frame()
		now := heldNow()
		least = holdings{min(least.golang, now.golang), min(least.c, now.c)}
	}
	l.Do(Pause{false})
	return least
}

// frame waits for the next one.
func (l *live) frame() {
	l.t.Helper()
	var frame image.RGBA
	seq, _ := l.Frame(&frame)
	l.until("a frame", func(*State) bool { now, _ := l.Frame(&frame); return now > seq })
}

// Every task of the program in turn, 200 of them, in the real renderer, while a
// small model is trained and plans: each is there within a second. Every instance is
// closed, every goroutine ends, and the last hundred leave nothing behind: neither in
// Go's heap nor in C's, where MuJoCo, oneDNN and OpenGL in software have their memory.
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
	var took []time.Duration
	var held []holdings
	for i := range 200 {
		if i%100 == 0 {
			l.train()
		}
		task := parts.Tasks[(i*7+1)%len(parts.Tasks)]
		watch := startWatch()
		l.Do(SelectTask{task.Name})
		l.until("task "+task.Name, func(s *State) bool { return s.Task.Name == task.Name && s.Opening == "" })
		took = append(took, watch.read())
		if last := took[i]; last > time.Second {
			t.Errorf("switch %d, to %s, took %v", i, task.Name, last)
		}
		l.Do([]Command{Watch{}, Plan{}, Run{}, Watch{"random"}}[i%4])
		if i%8 == 7 { // now and then a frame of it
			l.frame()
		}
		if i%100 == 99 {
			held = append(held, l.quiet())
		}
	}
	cancel()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	slices.Sort(took)
	t.Logf("switching took %v in the median, %v at most; held after every 100, bytes: %+v", took[100], took[199], held)
	if n := open.Load(); n != 0 {
		t.Errorf("%d instances were left open", n)
	}
	// One texture of 256×256 left behind at every switch would be 19 MiB of Go's and 33 MiB of C's.
	if held[1].golang-held[0].golang > 5<<20 || held[1].c-held[0].c > 10<<20 {
		t.Errorf("a hundred switches leave something behind, bytes: %+v", held)
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
