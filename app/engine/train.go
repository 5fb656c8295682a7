package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"

	"github.com/latco-studio/latco/learning"
	"github.com/latco-studio/latco/learning/rssm"
	"github.com/latco-studio/latco/resources/setting"
)

const (
	defaultPlanner = "cem"  // collects online: the cheapest that needs no tuning
	dataFolder     = "data" // of a run that collected its own set
)

// Train trains a world model: offline on a data set, collecting one first if
// none is given, or online with frames to collect. When ctx ends, a checkpoint
// is saved first.
func Train(ctx context.Context, o TrainOptions, progress Progress) error {
	parts, err := o.Parts.orReal()
	if err != nil {
		return err
	}
	tasks, err := parts.taught(o)
	if err != nil {
		return err
	}
	if kind := cmp.Or(o.Kind, "rssm"); kind != "rssm" {
		return &UnknownNameError{"kind of model", kind, []string{"rssm"}}
	}
	run, err := newRun(tasks[0], o, tasks[1:]...)
	if err != nil {
		return err
	}
	lessons, err := parts.course(tasks, o, &run)
	var unknown *setting.UnknownError
	if errors.As(err, &unknown) { // it may be a misspelt one of the model as well
		return unknownKey(unknown.Key, fieldsNamed(unknown.Known), new(rssm.Config).Fields(), new(learning.Settings).Fields())
	}
	if err != nil {
		return err
	}
	if run.Settings.Frames == 0 && !o.Resume {
		if err := parts.collectMissing(ctx, lessons, o, &run, progress); err != nil {
			return fmt.Errorf("collecting data to train on: %w", err)
		}
	}
	return o.onDevices(o.Warn, func(kind string, resume bool) error {
		o.Device, o.Resume = kind, resume
		return parts.trainOn(ctx, lessons, o, run, progress)
	})
}

// trainOn trains on one device.
func (p *Parts) trainOn(ctx context.Context, lessons []lesson, o TrainOptions, run learning.Run, progress Progress) (err error) {
	threads := cmp.Or(o.Threads, runtime.NumCPU())
	dev, err := openDevice(o.Device, threads)
	if err != nil {
		return err
	}
	defer dev.Close()
	if o.Computing != nil {
		o.Computing(dev.Name())
	}
	options := learning.TrainerOptions{Run: run, Out: o.Out, Device: dev, Resume: o.Resume,
		Progress: follow(progress, o.Warn)}
	if plays(run.Settings) {
		renderer, err := p.NewRenderer()
		if err != nil {
			return fmt.Errorf("opening the renderer: %w", err)
		}
		defer renderer.Close()
		t, err := newTroupe(lessons, renderer, o.Device, threads)
		if err != nil {
			return err
		}
		defer t.close()
		options.Collector, options.Evaluator = t, t
	}
	trainer, err := learning.NewTrainer(options)
	if err != nil {
		return err
	}
	return trainer.Run(ctx)
}

// follow passes on how far a run is, and once each thing that it had to skip and
// each time it has to wait for room on the disk.
func follow(progress Progress, warn func(error)) func(learning.Progress) {
	warned, waiting := 0, false
	if warn == nil {
		warn = func(error) {}
	}
	return func(p learning.Progress) {
		for ; warned < len(p.Skipped); warned++ {
			warn(fmt.Errorf("skipped %w", p.Skipped[warned]))
		}
		full := p.Status == learning.DiskFull
		if full && !waiting {
			warn(fmt.Errorf("waiting: %w", p.Err))
		}
		waiting = full
		progress.say(p.Updates, p.TotalUpdates, trainingNote(p))
	}
}

func trainingNote(p learning.Progress) string {
	if p.Updates == 0 || p.Status != learning.Updating {
		return p.Status.String()
	}
	note := fmt.Sprintf("image %.4g, reward %.3g, KL %.3g, %.3g updates/s",
		p.Losses.Image, p.Losses.Reward, p.Losses.KL, p.Rate)
	if p.TotalFrames > 0 {
		note += fmt.Sprintf(", %d/%d frames", p.Frames, p.TotalFrames)
	}
	if p.Evaluation != nil {
		note += fmt.Sprintf(", evaluated %s", strings.TrimSpace(fmt.Sprintf("%s %.4g", p.Evaluation.Task, p.Evaluation.Return)))
	}
	return note
}
