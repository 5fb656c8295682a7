package learning

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/latco-studio/latco/learning/graph"
	"github.com/latco-studio/latco/learning/rssm"
)

// session is one call of Trainer.Run: the run as loaded, and how far it is.
type session struct {
	*Trainer
	run      Run
	counters Counters

	learner learner
	replay  *Replay
	own     *Dataset // episodes the run collects, nil if offline
	offline *Dataset // nil if there is none
	metrics *metricsLog

	next  *prefetch
	batch *rssm.Batch // the used one

	broken     bool // the learner's state is not worth saving any more
	losses     rssm.Losses
	episode    *EpisodeMetric
	checkpoint string
	saved      time.Time

	speed        speed
	resumedAt    time.Time // start of this session's clock
	wallBefore   float64   // seconds of earlier sessions
	doneBefore   int       // updates of earlier sessions
	framesBefore int
}

// loop is the whole run. Between two turns everything that matters is in the
// counters, the learner's state and the replay buffer: what a checkpoint holds.
func (s *session) loop(ctx context.Context) error {
	err := s.turns(ctx)
	if err == nil || s.broken {
		return err
	}
	return errors.Join(err, s.stop())
}

func (s *session) turns(ctx context.Context) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		if s.gate.closed() {
			if err := s.pause(ctx); err != nil {
				return err
			}
			continue
		}
		var err error
		switch what := s.run.Settings.next(s.counters); what {
		case finish:
			return s.finish(ctx)
		case update:
			err = s.update(ctx)
		default:
			err = s.collect(ctx, what == collectPlanned)
		}
		if err != nil {
			return err
		}
	}
}

// update is one gradient step, and what is due after it.
func (s *session) update(ctx context.Context) error {
	began := time.Now()
	number := int64(s.counters.Updates)
	batch, err := s.next.take(number, s.batch)
	if err != nil {
		return fmt.Errorf("update %d: %w", number+1, err)
	}
	s.batch = batch
	after := s.counters.updated()
	if s.run.Settings.next(after) == update {
		s.next.start(number + 1)
	}
	losses, err := s.learner.Update(batch)
	var bad *graph.NonFiniteError
	if errors.As(err, &bad) {
		s.broken = true
		return &DivergedError{after.Updates, bad.Term, bad.Value, s.checkpoint}
	}
	if err != nil {
		s.broken = true
		return fmt.Errorf("update %d (the last good checkpoint is %s): %w", number+1, s.checkpoint, err)
	}
	if term, value, bad := diverged(losses); bad {
		s.broken = true
		return &DivergedError{after.Updates, term, value, s.checkpoint}
	}
	s.counters, s.losses = after, losses
	s.speed.add(time.Since(began))
	return s.afterUpdate(ctx)
}

func (s *session) afterUpdate(ctx context.Context) error {
	n, set := s.counters.Updates, s.run.Settings
	s.tell(Updating, nil)
	if n%set.LogEvery == 0 {
		if err := s.log(ctx, Metric{Kind: "update", LossMetric: lossMetric(s.losses)}); err != nil {
			return err
		}
	}
	if n%set.PublishEvery == 0 {
		if err := s.publish(); err != nil {
			return err
		}
	}
	if n%set.OpenLoopEvery == 0 {
		if err := s.predict(); err != nil {
			return err
		}
	}
	if time.Since(s.saved).Seconds() >= set.CheckpointSeconds {
		return s.save(ctx)
	}
	return nil
}

// collect runs an episode and adds it to the data set and the buffer. The
// checkpoint afterwards makes it part of the run: without one a resumed run
// would collect it again.
func (s *session) collect(ctx context.Context, planned bool) error {
	s.tell(Collecting, nil)
	var params *rssm.Params
	if planned {
		p, err := s.learner.Snapshot()
		if err != nil {
			return err
		}
		params = p
	}
	n := s.counters.Episodes
	e, err := s.opts.Collector.Collect(ctx, params, EpisodeSeed(s.run.Seed, n))
	if err != nil {
		return fmt.Errorf("collect episode %d: %w", n, err)
	}
	if err := s.persist(ctx, func() error { return s.own.Append(e) }); err != nil {
		return err
	}
	entry := s.own.Entries[n]
	ref := EpisodeRef{File: entry.File, SHA256: entry.SHA256, HeldOut: heldOut(n, s.run.Settings.HeldOut)}
	if err := s.replay.Add(e, ref); err != nil {
		return err
	}
	s.counters = s.counters.collected(e)
	s.episode = &EpisodeMetric{e.Info.Policy, e.Return(), e.Info.Success, e.Info.Outcome}
	if err := s.log(ctx, Metric{Kind: "episode", EpisodeMetric: s.episode}); err != nil {
		return err
	}
	return s.save(ctx)
}

// heldOut spreads the held-out episodes evenly: the first, then every 1/share-th.
func heldOut(n int, share float64) bool {
	return share > 0 && (n == 0 || int(float64(n)*share) > int(float64(n-1)*share))
}

func (s *session) publish() error {
	if s.opts.Publish == nil {
		return nil
	}
	p, err := s.learner.Snapshot()
	if err != nil {
		return err
	}
	s.opts.Publish(p)
	return nil
}

// finish saves what the run came to.
func (s *session) finish(ctx context.Context) error {
	if err := s.save(ctx); err != nil {
		return err
	}
	if err := s.persist(ctx, s.saveModel); err != nil {
		return err
	}
	if err := s.publish(); err != nil {
		return err
	}
	s.tell(Done, nil)
	return nil
}

func (s *session) close() error {
	s.next.wait()
	return errors.Join(s.metrics.close(), s.learner.Close())
}

// open loads the run, or begins it.
func (t *Trainer) open(ctx context.Context) (_ *session, err error) {
	s := &session{Trainer: t, run: t.opts.Run, resumedAt: time.Now()}
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
	s.metrics, err = openMetrics(t.opts.disk, filepath.Join(t.opts.Out, MetricsName), s.counters.Updates, s.counters.Episodes)
	if err != nil {
		return nil, err
	}
	if err := s.openLearner(from); err != nil {
		return nil, errors.Join(err, s.metrics.close())
	}
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
	if err := os.MkdirAll(s.opts.Out, 0o755); err != nil {
		return writeError(s.opts.Out, err)
	}
	if stat, err := os.Stat(filepath.Join(s.opts.Out, MetricsName)); err == nil && stat.Size() > 0 {
		return &FileError{s.opts.Out, fs.ErrExist, "holds the " + MetricsName + " of a run without a checkpoint"}
	}
	return sweep(s.opts.Out)
}

// resolve fills in the defaults. Offline the preset knows how long to train.
func (s *session) resolve() {
	set := s.run.Settings.resolved(s.run.Data != "")
	if set.Frames == 0 && set.Updates == 0 {
		set.Updates = s.run.Config.Updates
	}
	s.run.Settings = set
}

func (s *session) openOld() (*Checkpoint, error) {
	if err := sweep(s.opts.Out); err != nil {
		return nil, err
	}
	c, path, err := LoadNewest(s.opts.Out)
	if err != nil {
		return nil, err
	}
	if s.run.Data == "" {
		s.run.Data = c.Data
	}
	s.resolve()
	if err := c.compatible(path, s.run); err != nil {
		return nil, err
	}
	s.counters, s.checkpoint, s.saved = c.Counters, path, time.Now()
	s.wallBefore, s.doneBefore, s.framesBefore = c.WallS, c.Updates, c.Frames
	return c, nil
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
