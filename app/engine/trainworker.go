package engine

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/latco-studio/latco/learning"
	"github.com/latco-studio/latco/sim"
)

// trainWorker is the goroutine that trains: it collects a data set if none is
// given and runs the trainer, with its own copy of the task and its own device.
// It draws through the painter, and computes on an OS thread of low priority, so
// that the live scene goes first.
type trainWorker struct {
	parts  *Parts
	draw   drawer
	report func(event)
	orders *queue[trainOrder]

	mu      sync.Mutex
	paused  bool
	changed chan struct{} // closed and replaced when paused changes
	session Trainer       // nil while none runs
	seating func(t mover, kind string)
}

// trainOrder asks for a run.
type trainOrder struct {
	id       int
	ctx      context.Context
	tasks    []sim.Task
	settings map[string]string // of the first task
	setup    *setup            // planner that collects and evaluates in the first task
	run      learning.Run
	options  TrainOptions
	data     string // folder with the data sets that runs collect if they are given none
}

func newTrainWorker(parts *Parts, draw drawer, report func(event)) *trainWorker {
	return &trainWorker{parts: parts, draw: draw, report: report, orders: newQueue[trainOrder](), changed: make(chan struct{})}
}

// pause holds or continues the present run. It may be called from any goroutine.
func (w *trainWorker) pause(on bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.paused != on {
		close(w.changed)
		w.changed = make(chan struct{})
	}
	w.paused = on
	w.steer()
}

// steer passes the wish on to the trainer; w.mu is held.
func (w *trainWorker) steer() {
	switch {
	case w.session == nil:
	case w.paused:
		w.session.Pause()
	default:
		w.session.Resume()
	}
}

// move has the present run go on on another device. It may be called from any
// goroutine.
func (w *trainWorker) move(kind string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	t, ok := w.session.(mover)
	if !ok {
		return errors.New("no training is running")
	}
	w.seating(t, kind)
	return nil
}

func (w *trainWorker) hold(s Trainer, seating func(mover, string)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.seating = seating
	if w.session = s; s != nil && w.paused {
		s.Pause()
	}
}

// wait returns when the run is not paused, or with ctx's error.
func (w *trainWorker) wait(ctx context.Context, paused func()) error {
	for {
		w.mu.Lock()
		on, changed := w.paused, w.changed
		w.mu.Unlock()
		if !on {
			return ctx.Err()
		}
		paused()
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-changed:
		}
	}
}

// loop obeys until ctx ends.
func (w *trainWorker) loop(ctx context.Context) {
	for {
		order, ok := w.orders.take(ctx)
		if !ok {
			return
		}
		r := &trainRun{trainWorker: w, trainOrder: order, view: newTrainDraft(order)}
		done := make(chan error, 1)
		go func() { done <- inBackground(whileTraining, r.train) }()
		r.end(<-done)
	}
}

// trainRun is one order being obeyed.
type trainRun struct {
	*trainWorker
	trainOrder
	view   trainDraft
	reward string // which one is learned
	warned int    // of the episodes that were skipped
	seat   *seat  // where it computes; nil before
}

// end reports how the run ended.
func (r *trainRun) end(err error) {
	v := &r.view.TrainView
	switch {
	case err == nil:
		v.Status = TrainDone
	case r.ctx.Err() != nil && errors.Is(err, context.Canceled):
		v.Status = TrainIdle
	default:
		v.Status, v.Err, v.DeviceFailed = TrainFailed, err.Error(), deviceFailed(err)
	}
	r.trainWorker.report(trainReport{r.id, r.view.copy(), err})
}

func (r *trainRun) tell() { r.trainWorker.report(trainReport{id: r.id, view: r.view.copy()}) }

func (r *trainRun) train() error {
	lessons, err := r.settle()
	if err != nil {
		return err
	}
	warn := func(err error) { r.trainWorker.report(failed{"The GPU failed", err}) }
	return r.options.onDevices(warn, func(kind string, resume bool) error { return r.trainOn(kind, resume, lessons) })
}

// trainOn trains on one device, until it is moved to another.
func (r *trainRun) trainOn(kind string, resume bool, lessons []lesson) error {
	players, err := newTroupe(lessons, r.draw, kind, r.options.Threads)
	if err != nil {
		return err
	}
	defer players.close()
	if r.run.Settings.Frames == 0 && !resume {
		if err := r.collectMissing(lessons, players); err != nil {
			return fmt.Errorf("collecting data to train on: %w", err)
		}
	}
	place := seat{threads: r.options.Threads}
	if err := place.take(kind); err != nil {
		return err
	}
	defer place.close()
	r.seat = &place
	defer func() { r.seat = nil }()
	r.view.Usage.Device = place.dev.Name()
	trainer, err := r.parts.Training.trainer(learning.TrainerOptions{
		Run: r.run, Out: r.options.Out, Device: place.dev, Resume: resume, Collector: players, Evaluator: players,
		Publish: r.publish, Progress: r.progress, OpenLoop: r.openLoop, TimeLapse: r.timeLapse,
	})
	if err != nil {
		return err
	}
	r.hold(trainer, func(t mover, kind string) {
		place.move(t, kind, func(err error) {
			r.view.Usage.Device = place.dev.Name()
			if err != nil {
				r.trainWorker.report(failed{"The training stays on its device", err})
			}
			r.tell()
		})
	})
	defer r.hold(nil, nil)
	return trainer.Run(r.ctx)
}

func (r *trainRun) progress(p learning.Progress) {
	r.reward = p.Reward
	if n := len(p.Skipped); n > r.warned {
		r.warned = n
		r.trainWorker.report(failed{fmt.Sprintf("Left out of training (%d so far)", n), p.Skipped[n-1]})
	}
	if r.view.follow(p, time.Now()) {
		if r.seat != nil {
			r.seat.read(&r.view.Usage)
		}
		r.tell()
	}
}
