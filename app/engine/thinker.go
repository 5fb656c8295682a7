package engine

import (
	"context"
	"fmt"
	"math/rand"

	"github.com/latco-studio/latco/planning"
)

// thinker is a world model with a belief: it watches an episode and plans from
// what it has seen. It belongs to one goroutine.
type thinker struct {
	mind   Mind
	belief Belief
	// threads bounds the planner's goroutines; 0 is every core. Beside a window
	// some are left to it.
	threads int

	beliefRand *rand.Rand // samples of the posterior
	planRand   *rand.Rand // the planner's
}

// reset forgets everything and starts an episode's streams of random numbers.
func (t *thinker) reset(seed int64) {
	t.belief = t.mind.Initial()
	t.beliefRand = newRand(seed, beliefStream)
	t.planRand = newRand(seed, plannerStream)
}

// watch filters one step: the action that led here and what is seen now.
func (t *thinker) watch(action []float64, pixels []uint8) error {
	b, err := t.mind.Observe(t.belief, action, pixels, t.beliefRand)
	if err != nil {
		return fmt.Errorf("filtering the belief: %w", err)
	}
	t.belief = b
	return nil
}

// plan runs a planner from the present belief. With ctx ended it returns the
// best plan so far, which may be nil, and ctx's error.
func (t *thinker) plan(ctx context.Context, s *setup, record func(planning.Iteration)) (*planning.Plan, error) {
	feature := t.belief.Feature()
	plan, err := s.planner.Plan(ctx, &planning.Problem{
		Model:   t.mind.Model(),
		Feature: append([]float64(nil), feature...),
		Horizon: s.horizon,
		Replan:  s.replan,
		Threads: t.threads,
		Rand:    t.planRand,
		Record:  record,
	})
	if err != nil {
		return plan, fmt.Errorf("planning: %w", err)
	}
	return plan, nil
}
