package simtest

import (
	"errors"
	"fmt"
	"reflect"
	"sync"
	"testing"

	"github.com/latco-studio/latco/render"
	"github.com/latco-studio/latco/sim"
)

// episode is what a seed's random policy did and where it ended.
type episode struct {
	steps []sim.Timestep
	end   sim.State
}

// parallel runs the same seeds on one goroutine and on several, which share them out
// as they come and of which every other one looks at the scene. Each seed must give
// the same episode, to the bit, whatever its instance did before and whatever runs
// beside it.
func parallel(t *testing.T, task sim.Task) {
	const seeds, steps = 8, 25
	alone, err := episodes(task, 1, seeds, steps)
	if err != nil {
		t.Fatal(err)
	}
	for _, goroutines := range []int{2, 3, seeds} {
		together, err := episodes(task, goroutines, seeds, steps)
		if err != nil {
			t.Fatal(err)
		}
		for seed := range alone {
			same(t, alone[seed].steps, together[seed].steps)
			if !reflect.DeepEqual(alone[seed].end, together[seed].end) {
				t.Fatalf("seed %d ends elsewhere on %d goroutines", seed, goroutines)
			}
		}
	}
}

// episodes runs seeds 0 to n−1 on goroutines that have an instance each.
func episodes(task sim.Task, goroutines, n, steps int) ([]episode, error) {
	out := make([]episode, n)
	failures := make([]error, goroutines)
	seeds := make(chan int, n)
	for seed := range n {
		seeds <- seed
	}
	close(seeds)
	var all sync.WaitGroup
	for g := range goroutines {
		all.Go(func() { failures[g] = stepAll(task, seeds, out, steps, g%2 == 1) })
	}
	all.Wait()
	return out, errors.Join(failures...)
}

// stepAll takes seeds until there are none and leaves their episodes in out.
func stepAll(task sim.Task, seeds <-chan int, out []episode, steps int, look bool) (err error) {
	in, err := task.New(nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	var scene render.Scene
	action := make([]float64, task.ActionDim)
	for seed := range seeds {
		ts, err := in.Reset(int64(seed))
		p := random(int64(seed))
		for i := 0; i < steps && err == nil; i++ {
			if look {
				in.Scene(&scene)
			}
			p.Act(ts, action)
			if ts, err = in.Step(action); err == nil {
				out[seed].steps = append(out[seed].steps, ts)
			}
		}
		if err != nil {
			return fmt.Errorf("seed %d: %w", seed, err)
		}
		out[seed].end = in.State()
	}
	return nil
}
