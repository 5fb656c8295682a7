package engine

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/latco-studio/latco/learning"
	"github.com/latco-studio/latco/sim"
)

// TrainingParts make what training needs.
type TrainingParts struct {
	// New makes a trainer. Nil makes learning's.
	New func(learning.TrainerOptions) (Trainer, error)
	// Episodes are collected for a run that is given no data; 0 = as many as make
	// about 45,000 steps, at least 20 and at most 300.
	Episodes int
}

// Trainer is a training run, such as learning.Trainer.
type Trainer interface {
	Run(ctx context.Context) error
	Pause()
	Resume()
}

// episodes is the size of the data set that a run collects for itself.
func (p TrainingParts) episodes(task sim.Task) int {
	const steps, fewest, most = 45_000, 20, 300
	return cmp.Or(p.Episodes, min(max(steps/max(1, task.EpisodeSteps), fewest), most))
}

func (p TrainingParts) trainer(o learning.TrainerOptions) (Trainer, error) {
	if p.New != nil {
		return p.New(o)
	}
	t, err := learning.NewTrainer(o)
	if err != nil {
		return nil, err
	}
	return t, nil
}

// trainingModel is the name under which the model in training is loaded.
const trainingModel = "training"

// Reports of the train worker.
type (
	// trainReport is the state of training; Status is TrainFailed or TrainIdle at
	// its end if it did not reach it.
	trainReport struct {
		id   int
		view TrainView
		err  error // why it failed
	}
	// published are newer parameters.
	published struct {
		id    int
		world World
	}
)

// study is what the actor knows of training.
type study struct {
	id     int
	cancel context.CancelFunc // not nil while a run is alive
	world  World              // newest parameters of the run
}

// train obeys the training commands.
func (a *actor) train(c Command) error {
	switch c := c.(type) {
	case StartTraining:
		if a.study.cancel != nil {
			a.trainer.pause(false)
			return nil
		}
		return a.startTraining(c)
	case MoveTraining:
		return a.trainer.move(c.Device)
	case PauseTraining:
		if a.study.cancel == nil {
			return errors.New("nothing is being trained")
		}
		a.trainer.pause(c.On)
	case StopTraining:
		if a.study.cancel != nil {
			a.study.cancel()
			a.tell(Busy, "Stopping the training: saving a checkpoint.")
		}
	}
	return nil
}

// dataName is the folder of a data set that every run of the window with these
// settings of a task may share: the second training starts at once.
func dataName(task string, settings map[string]string) string {
	text, err := json.Marshal(settings) // keys are sorted
	if err != nil {
		panic(err) // strings always marshal
	}
	return fmt.Sprintf("%s-%x", task, sha256.Sum256(text))[:len(task)+9]
}

// learned takes over what the train worker reports.
func (a *actor) learned(ev event) {
	switch ev := ev.(type) {
	case trainReport:
		if ev.id == a.study.id {
			a.trainingShown(ev)
		}
	case published:
		if ev.id != a.study.id {
			return
		}
		a.study.world = ev.world
		if a.following || a.world == nil {
			a.try("", a.followTraining())
		}
	default:
		a.runsHeard(ev)
	}
}

func (a *actor) trainingShown(r trainReport) {
	begun := a.draft.Train.LastSave.IsZero() && !r.view.LastSave.IsZero()
	a.draft.Train = r.view
	a.changed = true
	switch r.view.Status {
	case TrainFailed:
		a.tell(Failure, "Training failed: "+plain(r.err))
		a.notice.Details = r.err.Error()
	case TrainDone:
		a.tell(Info, fmt.Sprintf("Training is done after %d updates. The model is in %s.", r.view.Updates, r.view.Out))
	case TrainIdle:
		a.tell(Info, fmt.Sprintf("Training stopped after %d updates, saved in %s.", r.view.Updates, r.view.Out))
	default:
		if begun && !a.draft.Runs.Read.IsZero() {
			a.readRuns() // the run has a folder now
		}
		return
	}
	a.study.cancel()
	a.study.cancel = nil
	a.draft.Task.Model = a.parts.modelFor(a.cfg.Home, a.draft.Task.Name)
	if !a.draft.Runs.Read.IsZero() {
		a.readRuns()
	}
}

// followTraining makes the model in training the one that plans are made with,
// from the next plan on and with its newest parameters each time.
func (a *actor) followTraining() error {
	w := a.study.world
	if w == nil {
		return errors.New("there is no model in training yet")
	}
	w, err := w.For(a.stage.task)
	if err != nil {
		if a.following {
			a.following = false
			return fmt.Errorf("the model in training %w", err)
		}
		return nil
	}
	if err := a.reschedule(w); err != nil {
		return err
	}
	first := !a.following || a.world == nil
	a.following = true
	if first {
		a.use(w)
		return nil
	}
	a.world, a.draft.Model, a.changed = w, w.Info(), true // adopted at the next plan
	return nil
}
