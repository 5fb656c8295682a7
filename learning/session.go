package learning

import (
	"context"
	"errors"
	"fmt"
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

	retention retention

	broken     bool // the learner's state is not worth saving any more
	losses     rssm.Losses
	skipped    []error // episodes that could not be used
	episode    *EpisodeMetric
	evaluation *EpisodeMetric
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
	after := s.run.Settings.due(s.counters, s.counters.updated())
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
	if err := s.persist(ctx, func() error { return s.replay.Add(e, ref) }); err != nil {
		return err
	}
	s.counters = s.run.Settings.due(s.counters, s.counters.collected(e))
	s.episode = obtained(e, s.run.Reward())
	if err := s.log(ctx, Metric{Kind: "episode", EpisodeMetric: s.episode}); err != nil {
		return err
	}
	return s.save(ctx)
}

// heldOut spreads the held-out episodes evenly: the first, then every 1/share-th.
func heldOut(n int, share float64) bool {
	return share > 0 && (n == 0 || int(float64(n)*share) > int(float64(n-1)*share))
}

// evaluate plays one episode of the evaluation that is due. Each is saved, so that
// a run that is interrupted goes on with the next.
func (s *session) evaluate(ctx context.Context) error {
	s.tell(Evaluating, nil)
	params, err := s.learner.Snapshot()
	if err != nil {
		return err
	}
	i := max(0, s.run.Settings.EvalEpisodes-s.counters.EvaluationsDue)
	m, err := s.opts.Evaluator.Evaluate(ctx, params, i)
	if err != nil {
		return fmt.Errorf("evaluate after %d updates, episode %d: %w", s.counters.Updates, i, err)
	}
	if m.Return = m.ShapedReturn; s.run.Reward() == RewardSparse {
		m.Return = m.SparseReturn
	}
	s.counters, s.evaluation = s.counters.evaluated(), m
	if err := s.log(ctx, Metric{Kind: "evaluation", EpisodeMetric: m}); err != nil {
		return err
	}
	return s.save(ctx)
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
