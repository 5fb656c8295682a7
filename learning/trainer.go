package learning

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/rssm"
	"github.com/latco-studio/latco/resources/setting"
)

// TrainerOptions say what to train, from what, where to.
type TrainerOptions struct {
	Run           // Settings left zero take their defaults
	Out    string // run folder: checkpoints, metrics.jsonl, model.latco, episodes/
	Device device.Device

	// Resume goes on from the newest checkpoint in Out. Run.Data "" then means
	// the data set the run began with, and a Config left zero the whole Run of
	// the checkpoint but for Task, ActionDim, and those of Settings.Updates and
	// Settings.Frames that are not 0. Without Resume a folder that holds a
	// checkpoint is refused.
	Resume bool
	// Collector runs episodes; needed if Settings.Frames > 0.
	Collector Collector
	// Evaluator plays evaluation episodes; needed if the settings schedule any.
	Evaluator Evaluator

	// The callbacks are called on the goroutine of Run, which waits for them.
	// What they are given is never written again. Each may be nil.
	Publish   func(*rssm.Params)
	Progress  func(Progress)
	OpenLoop  func(*OpenLoop)
	TimeLapse func(*TimeLapse) // grown, and as a resumed run found it

	world world // nil = rssmWorld
	disk  disk
	// rescueAlways has every update remembered, however long it takes.
	rescueAlways bool
}

// Trainer runs PlaNet's Algorithm 1, or trains offline on a data set.
type Trainer struct {
	opts TrainerOptions
	gate gate // closed while paused
	room gate // closed while a write is tried or waits for room

	moves orders
}

var (
	errNoCollector = errors.New("trainer: frames to collect, but no collector")
	errNoEvaluator = errors.New("trainer: evaluations are scheduled, but there is no evaluator")
)

// NewTrainer checks the options. Files are read and memory is taken by Run.
func NewTrainer(opts TrainerOptions) (*Trainer, error) {
	s := &opts.Settings
	if err := s.Validate(); err != nil {
		return nil, err
	}
	if adopts := opts.Resume && opts.Config == (rssm.Config{}); !adopts {
		if err := opts.Config.Validate(); err != nil {
			return nil, err
		}
	}
	switch {
	case opts.Out == "":
		return nil, errors.New("trainer: no run folder given")
	case opts.ActionDim < 1:
		return nil, fmt.Errorf("trainer: %d action dimensions, want ≥ 1", opts.ActionDim)
	case s.Frames > 0 && opts.Collector == nil:
		return nil, errNoCollector
	case s.Evaluates() && opts.Evaluator == nil:
		return nil, errNoEvaluator
	}
	if err := opts.checkTasks(); err != nil {
		return nil, fmt.Errorf("trainer: %w", err)
	}
	if _, all := opts.hasData(); s.Frames == 0 && !all && !opts.Resume {
		return nil, errors.New("trainer: neither a data set of every task nor frames to collect, so there is nothing to learn from")
	}
	if some, _ := opts.hasData(); s.Frames > 0 && !some && !opts.Resume && s.SeedEpisodes == 1 && s.HeldOut > 0 {
		return nil, &setting.RangeError{Key: "seed_episodes", Value: "1", Want: "at least 2 where some are held out: the first is"}
	}
	if opts.world == nil {
		opts.world = rssmWorld{}
	}
	return &Trainer{opts: opts}, nil
}

// Run trains until the totals of the settings are reached (nil), ctx ends (its
// error, after saving a checkpoint) or something fails. It may be called once.
// The run folder is claimed meanwhile; if another process trains into it, the
// error is a *BusyError.
// A *DivergedError means the losses are no longer numbers. A full disk does not
// end it: it waits, with Status DiskFull, and tries again when Resume is called
// and every ten seconds.
func (t *Trainer) Run(ctx context.Context) error {
	lock, err := t.lock()
	if err != nil {
		return err
	}
	s, err := t.open(ctx)
	if err != nil {
		return errors.Join(err, lock.Release())
	}
	err = s.loop(ctx)
	return errors.Join(err, s.close(), lock.Release())
}

// lock claims the run folder, which a new run makes first.
func (t *Trainer) lock() (*Lock, error) {
	if !t.opts.Resume {
		if err := os.MkdirAll(t.opts.Out, 0o755); err != nil {
			return nil, writeError(t.opts.Out, err)
		}
	}
	lock, err := LockFolder(t.opts.Out, t.opts.Command)
	if errors.Is(err, fs.ErrNotExist) {
		err = &FileError{Path: t.opts.Out, Reason: ErrNoRun}
	}
	return lock, err
}

// Pause holds the run before its next update or episode, after saving a
// checkpoint. It may be called at any time, from any goroutine.
func (t *Trainer) Pause() { t.gate.close() }

// Resume lets a paused run go on, and one that waits for disk space try again.
func (t *Trainer) Resume() {
	t.gate.open()
	t.room.open()
}

func (t *Trainer) report(p Progress) {
	if t.opts.Progress != nil {
		t.opts.Progress(p)
	}
}
