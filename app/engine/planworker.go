package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/latco-studio/latco/planning"
)

// planWorker is the goroutine that owns the acting model: it filters what the
// actor sees and runs the planner. Orders are obeyed one after the other; an
// order to plan ends early when its own context does.
type planWorker struct {
	device  string
	threads int
	orders  *queue[any]
	report  func(event)

	world   World
	thinker thinker // mind is nil while there is no model
	seed    int64
	history []observation // since the episode began, at most maxHistory
	age     int           // observations since the belief was last anchored
}

// observation is one filtered step.
type observation struct {
	action []float64 // A, that led here
	pixels []uint8   // 64×64×3
}

const (
	// maxHistory observations are filtered again when the parameters change.
	maxHistory = 100
	// maxAge is how long a belief is carried on. An idle scene runs for hours;
	// training has seen no sequence of that length.
	maxAge = 400
	// anchorLength observations make a fresh belief, from the zero state as
	// every training sequence begins.
	anchorLength = 20
)

// Orders to the plan worker.
type (
	// adoptOrder changes the model; nil takes it away.
	adoptOrder struct{ world World }
	// beginOrder forgets the episode and begins one.
	beginOrder struct{ seed int64 }
	// watchOrder filters an observation.
	watchOrder struct{ observation }
	// planOrder plans from what has been watched.
	planOrder struct {
		id    int
		ctx   context.Context
		world World // newest parameters, adopted first if they are others
		setup *setup
		feed  *planFeed
	}
)

// Reports of the plan worker.
type (
	adopted struct {
		world   World
		device  string // that it computes on
		choices []DeviceChoice
	}
	planDone struct {
		id      int
		plan    *planning.Plan
		err     error
		elapsed time.Duration
	}
)

// loop obeys until ctx ends.
func (w *planWorker) loop(ctx context.Context) {
	defer w.close()
	w.thinker.threads = w.threads
	for {
		order, ok := w.orders.take(ctx)
		if !ok {
			return
		}
		switch o := order.(type) {
		case moveOrder:
			w.close()
			w.device = o.device
		case adoptOrder:
			w.try("Could not use the model", w.adopt(o.world))
		case beginOrder:
			w.begin(o.seed)
		case watchOrder:
			w.try("Could not follow the scene", w.watch(o.observation))
		case planOrder:
			w.plan(o)
		}
	}
}

// try reports an error, and lets go of a model that cannot follow.
func (w *planWorker) try(what string, err error) {
	if err == nil {
		return
	}
	w.close()
	w.report(mindFailed{what, err})
}

func (w *planWorker) close() {
	if w.thinker.mind != nil {
		w.thinker.mind.Close()
	}
	w.world, w.thinker.mind = nil, nil
}

func (w *planWorker) adopt(world World) error {
	if world == w.world {
		return nil
	}
	w.close()
	if world == nil {
		return nil
	}
	mind, err := world.Open(w.device, w.threads)
	if err != nil {
		return fmt.Errorf("opening %s: %w", world.Info().Name, err)
	}
	w.world, w.thinker.mind = world, mind
	if err := w.anchor(len(w.history)); err != nil {
		return err
	}
	w.report(adopted{world, mind.Device(), Devices()})
	return nil
}

func (w *planWorker) begin(seed int64) {
	w.seed, w.age = seed, 0
	w.history = w.history[:0]
	if w.thinker.mind != nil {
		w.thinker.reset(seed)
	}
}

// anchor filters the last n observations from the zero state.
func (w *planWorker) anchor(n int) error {
	w.thinker.reset(w.seed)
	w.age = n
	for _, o := range w.history[len(w.history)-n:] {
		if err := w.thinker.watch(o.action, o.pixels); err != nil {
			return err
		}
	}
	return nil
}

func (w *planWorker) watch(o observation) error {
	if len(w.history) == maxHistory {
		copy(w.history, w.history[1:])
		w.history = w.history[:maxHistory-1]
	}
	w.history = append(w.history, o)
	if w.thinker.mind == nil {
		return nil
	}
	if w.age >= maxAge {
		return w.anchor(min(anchorLength, len(w.history)))
	}
	w.age++
	return w.thinker.watch(o.action, o.pixels)
}

func (w *planWorker) plan(o planOrder) {
	done := planDone{id: o.id}
	defer func() { w.report(done) }()
	if done.err = o.ctx.Err(); done.err != nil {
		return
	}
	if done.err = w.adopt(o.world); done.err != nil {
		return
	}
	if w.thinker.mind == nil {
		done.err = ErrNoModel
		return
	}
	o.feed.start(w.thinker.belief.Feature())
	began := time.Now()
	done.plan, done.err = w.thinker.plan(o.ctx, o.setup, o.feed.add)
	done.elapsed = time.Since(began)
	if deviceFailed(done.err) {
		w.close() // the next plan opens the model anew
	}
	if done.err == nil && len(done.plan.Actions) == 0 {
		done.err = errors.New("the planner returned no actions")
	}
}
