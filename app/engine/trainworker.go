package engine

import (
	"context"
	"errors"
	"fmt"
	"image"
	"os"
	"sync"
	"time"

	"github.com/latco-studio/latco/learning"
	"github.com/latco-studio/latco/learning/rssm"
	"github.com/latco-studio/latco/resources/setting"
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
}

// trainOrder asks for a run.
type trainOrder struct {
	id       int
	ctx      context.Context
	task     sim.Task
	settings map[string]string // of the task
	setup    *setup            // planner that collects online
	run      learning.Run
	options  TrainOptions
	data     string // folder of the episodes that the run collects if it has none
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

func (w *trainWorker) hold(s Trainer) {
	w.mu.Lock()
	defer w.mu.Unlock()
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
		v.Status, v.Err = TrainFailed, err.Error()
	}
	r.trainWorker.report(trainReport{r.id, r.view.copy(), err})
}

func (r *trainRun) tell() { r.trainWorker.report(trainReport{id: r.id, view: r.view.copy()}) }

func (r *trainRun) train() error {
	if err := r.settle(); err != nil {
		return err
	}
	c, err := newCollector(r.task, r.run.TaskSettings, r.setup, r.draw, r.options.Device, r.options.Threads)
	if err != nil {
		return err
	}
	defer c.close()
	if r.run.Data == "" && r.run.Settings.Frames == 0 && !r.options.Resume {
		if err := r.collect(c); err != nil {
			return fmt.Errorf("collecting data to train on: %w", err)
		}
	}
	dev, err := openDevice(r.options.Device, r.options.Threads)
	if err != nil {
		return err
	}
	defer dev.Close()
	r.view.Usage.Device = dev.Name()
	trainer, err := r.parts.Training.trainer(learning.TrainerOptions{
		Run: r.run, Out: r.options.Out, Device: dev, Resume: r.options.Resume, Collector: c, Evaluator: c,
		Publish: r.publish, Progress: r.progress, OpenLoop: r.openLoop,
	})
	if err != nil {
		return err
	}
	r.hold(trainer)
	defer r.hold(nil)
	return trainer.Run(r.ctx)
}

// settle notes how task and planner are set: as they are on screen, but for a run
// that is resumed, which goes on as it began.
func (r *trainRun) settle() error {
	if !r.options.Resume {
		return note(&r.run, r.task, r.settings, r.setup)
	}
	r.view.recall(r.options.Out)
	var err error
	r.setup, err = r.parts.conditions(r.task, r.options, &r.run)
	return err
}

// collect makes the data set of a run that was given none, or completes the one
// that an earlier run left.
func (r *trainRun) collect(c *collector) (err error) {
	r.run.Data = r.data
	name := dataPolicy("", r.task)
	policy, err := newPolicy(name, r.task)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(r.run.Data, 0o755); err != nil {
		return err
	}
	lock, err := learning.LockFolder(r.run.Data, "the window")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Release()) }()
	set, err := learning.ResumeDataset(r.run.Data, learning.DatasetInfo{
		Task: r.task.Name, Policy: name, Seed: r.run.Seed, ActionDim: r.task.ActionDim,
		Settings: r.run.TaskSettings, PolicySettings: setting.Map(policyFields(policy))})
	if err != nil {
		return err
	}
	for i := len(set.Entries); i < r.parts.Training.episodes(r.task); i++ {
		r.view.Status, r.view.Episodes, r.view.Frames = TrainCollecting, i, set.Frames()
		r.tell()
		if err := r.wait(r.ctx, func() { r.view.Status = TrainPaused; r.tell() }); err != nil {
			return err
		}
		ep, err := c.playPolicy(r.ctx, name, policy, learning.EpisodeSeed(r.run.Seed, i))
		if err != nil {
			return err
		}
		if err := set.Append(ep); err != nil {
			return err
		}
	}
	return nil
}

func (r *trainRun) publish(p *rssm.Params) {
	r.trainWorker.report(published{r.id, &rssmWorld{params: p, task: r.task.Name,
		info: ModelInfo{Name: r.task.Name + " in training", Preset: r.run.Preset, Updates: p.Updates, Source: trainingModel, Reward: r.reward}}})
}

func (r *trainRun) progress(p learning.Progress) {
	r.reward = p.Reward
	if n := len(p.Skipped); n > r.warned {
		r.warned = n
		r.trainWorker.report(failed{fmt.Sprintf("Left out of training (%d so far)", n), p.Skipped[n-1]})
	}
	if r.view.follow(p, time.Now()) {
		r.tell()
	}
}

func (r *trainRun) openLoop(o *learning.OpenLoop) {
	r.view.OpenLoop = &OpenLoop{Updates: o.Updates, Context: o.Context, Truth: frames(o.Truth), Model: frames(o.Model)}
	r.tell()
}

// frames cuts n×64×64×3 pixels into images.
func frames(pixels []uint8) []*image.RGBA {
	var out []*image.RGBA
	for ; len(pixels) >= frameBytes; pixels = pixels[frameBytes:] {
		out = append(out, toImage(pixels[:frameBytes]))
	}
	return out
}
