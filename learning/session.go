package learning

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/graph"
	"github.com/latco-studio/latco/learning/rssm"
)

// session is one call of Trainer.Run: the run as loaded, and how far it is.
type session struct {
	*Trainer
	run      Run
	plan     schedule // of run
	counters Counters

	learner learner
	replay  *Replay
	own     []*Dataset // of each task, the episodes that the run collects; nil if offline
	offline []*Dataset // of each task, nil where there is none
	metrics *metricsLog

	next  *prefetch
	batch *rssm.Batch // the used one

	retention retention
	lapse     *TimeLapse
	foresight foresight

	broken     bool // the learner's state is not worth saving any more
	losses     rssm.Losses
	skipped    []error // episodes that could not be used
	episode    *EpisodeMetric
	evaluation *EpisodeMetric
	checkpoint string
	saved      time.Time
	savedAt    Counters // of the checkpoint
	rescue     rescue

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
	if isLost(err) {
		return s.lost(err)
	}
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
		s.move()
		var err error
		switch what := s.plan.next(s.counters); what {
		case finish:
			return s.finish(ctx)
		case update:
			err = s.update(ctx)
		case evaluate:
			err = s.evaluate(ctx)
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
	after := s.plan.due(s.counters, s.counters.updated())
	if s.plan.next(after) == update {
		s.next.start(number + 1)
		if l, ok := s.learner.(looksAhead); ok {
			l.Ahead(s.next.ahead)
		}
	}
	losses, err := s.learner.Update(batch)
	var bad *graph.NonFiniteError
	if errors.As(err, &bad) {
		s.broken = true
		return &DivergedError{after.Updates, bad.Term, bad.Value, s.checkpoint}
	}
	if isLost(err) {
		return fmt.Errorf("update %d: %w", number+1, err)
	}
	if err != nil {
		// A device without room has done nothing yet: the state is worth saving.
		var full *device.OutOfMemoryError
		s.broken = !errors.As(err, &full)
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
	if err := s.predict(ctx); err != nil {
		return err
	}
	if time.Since(s.saved).Seconds() >= set.CheckpointSeconds {
		return s.save(ctx)
	}
	return s.remember()
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
	return errors.Join(s.metrics.close(), s.learner.Close(), s.replay.Close())
}
