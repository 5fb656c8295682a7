package learning

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/latco-studio/latco/learning/rssm"
)

// open loads the run, or begins it.
func (t *Trainer) open(ctx context.Context) (_ *session, err error) {
	s := &session{Trainer: t, run: t.opts.Run, resumedAt: time.Now()}
	defer func() {
		if err != nil && s.replay != nil {
			err = errors.Join(err, s.replay.Close())
		}
	}()
	var from *Checkpoint
	if t.opts.Resume {
		if from, err = s.openOld(); err != nil {
			return nil, err
		}
	} else if err = s.openNew(); err != nil {
		return nil, err
	}
	if err := s.openData(ctx, from); err != nil {
		return nil, err
	}
	cfg := s.run.Config
	s.next = newPrefetch(s.replay, cfg.Batch, cfg.Length)
	s.batch = &rssm.Batch{B: cfg.Batch, T: cfg.Length}
	s.metrics, err = openMetrics(t.opts.disk, filepath.Join(t.opts.Out, MetricsName), s.counters)
	if err != nil {
		return nil, err
	}
	if s.metrics.flaw != nil {
		s.skipped = append(s.skipped, s.metrics.flaw)
	}
	if err := errors.Join(s.openLapse(), s.openLearner(from)); err != nil {
		return nil, errors.Join(err, s.metrics.close())
	}
	s.showLapse()
	if from != nil && s.counters.Updates > 0 {
		err = s.publish()
	} else if from == nil {
		err = s.saveNow()
	}
	if err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

func (s *session) openNew() error {
	s.resolve()
	old, err := Checkpoints(s.opts.Out)
	if err != nil {
		return err
	}
	if len(old) > 0 {
		return &FileError{s.opts.Out, fs.ErrExist, "holds a run already; resume it or choose another folder"}
	}
	if stat, err := os.Stat(filepath.Join(s.opts.Out, MetricsName)); err == nil && stat.Size() > 0 {
		return &FileError{s.opts.Out, fs.ErrExist, "holds the " + MetricsName + " of a run without a checkpoint"}
	}
	return sweep(s.opts.Out)
}

// resolve fills in the defaults. Offline the preset knows how long to train.
func (s *session) resolve() {
	_, data := s.run.hasData()
	set := s.run.Settings.resolved(data)
	if set.Frames == 0 && set.Updates == 0 {
		set.Updates = s.run.Config.Updates
	}
	s.run.Settings = set
	s.plan = s.run.schedule()
}

func (s *session) openOld() (*Checkpoint, error) {
	if err := sweep(s.opts.Out); err != nil {
		return nil, err
	}
	c, path, damaged, err := newestSound(s.opts.Out)
	if err != nil {
		return nil, err
	}
	if err := c.Run.eachData(s.within); err != nil {
		return nil, err
	}
	s.run = c.adopt(s.run)
	s.resolve()
	if err := c.compatible(path, s.run); err != nil {
		return nil, err
	}
	s.run.recordAs(c.Run)
	if s.run.Settings.Frames > c.Frames && s.opts.Collector == nil {
		return nil, errNoCollector
	}
	if s.run.Settings.Evaluates() && s.opts.Evaluator == nil {
		return nil, errNoEvaluator
	}
	if err := s.setAside(damaged, path); err != nil {
		return nil, err
	}
	s.counters, s.checkpoint, s.saved = c.Counters, path, time.Now()
	if !s.run.Settings.Evaluates() {
		s.counters.EvaluationsDue = 0
	}
	s.wallBefore, s.doneBefore, s.framesBefore = c.WallS, c.Updates, c.Frames
	return c, nil
}

// setAside keeps damaged checkpoints from being counted among the newest, and
// reports each. Their files stay, under another name.
func (s *session) setAside(damaged []*FileError, used string) error {
	for _, d := range damaged {
		aside := d.Path + damagedSuffix
		if err := os.Rename(d.Path, aside); err != nil {
			return err
		}
		s.skipped = append(s.skipped, &FileError{d.Path, d.Reason, fmt.Sprintf("%s; kept as %s, going on from %s",
			d.Detail, filepath.Base(aside), filepath.Base(used))})
	}
	return nil
}

func (s *session) openLearner(from *Checkpoint) error {
	seed := int64(learnerStream.draw(s.run.Seed, 0) >> 1)
	var params *rssm.Params
	var err error
	if from != nil {
		params = from.State.Params
	} else if params, err = s.opts.world.Params(s.run.Config, s.run.ActionDim, seed); err != nil {
		return err
	}
	if s.learner, err = s.opts.world.Learner(params, s.opts.Device, seed); err != nil {
		return err
	}
	if from == nil {
		return nil
	}
	if err := s.learner.Restore(from.State); err != nil {
		return errors.Join(fmt.Errorf("restore %s: %w", s.checkpoint, err), s.learner.Close())
	}
	return nil
}
