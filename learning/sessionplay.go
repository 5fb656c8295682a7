package learning

import (
	"context"
	"fmt"

	"github.com/latco-studio/latco/learning/rssm"
)

// collect runs an episode and adds it to the data set of its task and to the
// buffer. The checkpoint afterwards makes it part of the run: without one a resumed
// run would collect it again.
func (s *session) collect(ctx context.Context, planned bool) error {
	s.tell(Collecting, nil)
	n := s.counters.Episodes
	task, its := s.plan.task(n)
	order := Assignment{Task: task, Noise: s.run.Settings.ExplorationNoise, Seed: EpisodeSeed(s.run.Seed, n)}
	if planned {
		var err error
		if order.Params, err = s.paramsFor(task); err != nil {
			return err
		}
	}
	e, err := s.opts.Collector.Collect(ctx, order)
	if err != nil {
		return fmt.Errorf("collect episode %d: %w", n, err)
	}
	if err := s.persist(ctx, func() error { return s.own[task].Append(e) }); err != nil {
		return err
	}
	entry := s.own[task].Entries[its]
	ref := EpisodeRef{File: entry.File, SHA256: entry.SHA256, HeldOut: heldOut(its, s.run.Settings.HeldOut), Task: task}
	if err := s.persist(ctx, func() error { return s.replay.Add(e, ref) }); err != nil {
		return err
	}
	s.counters = s.plan.due(s.counters, s.counters.collected(e))
	s.episode = obtained(e, s.replay.reward(task))
	s.episode.Task = s.nameOf(task)
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
	task, i := s.plan.evaluation(s.counters)
	params, err := s.paramsFor(task)
	if err != nil {
		return err
	}
	m, err := s.opts.Evaluator.Evaluate(ctx, task, params, i)
	if err != nil {
		return fmt.Errorf("evaluate after %d updates, episode %d: %w", s.counters.Updates, i, err)
	}
	if m.Return = m.ShapedReturn; s.replay.reward(task) == RewardSparse {
		m.Return = m.SparseReturn
	}
	m.Task = s.nameOf(task)
	s.counters, s.evaluation = s.counters.evaluated(), m
	if err := s.log(ctx, Metric{Kind: "evaluation", EpisodeMetric: m}); err != nil {
		return err
	}
	return s.save(ctx)
}

// paramsFor is what to act with on a task: the present parameters, without the
// action dimensions that it does not have.
func (s *session) paramsFor(task int) (*rssm.Params, error) {
	p, err := s.learner.Snapshot()
	if err != nil {
		return nil, err
	}
	if a := s.run.Learns()[task].ActionDim; a < p.ActionDim {
		return p.Narrow(a)
	}
	return p, nil
}

// nameOf is what metrics call a task: "" if there is but one.
func (s *session) nameOf(task int) string {
	if s.run.Tasks == nil {
		return ""
	}
	return s.run.Tasks[task].Name
}
