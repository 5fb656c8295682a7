package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// Evaluate plays episodes in closed loop and counts. Every worker computes with
// one thread, so that the result does not depend on the number of workers. When
// ctx ends it returns what is finished, and ctx's error.
func Evaluate(ctx context.Context, o EvalOptions, progress Progress) (*EvalResult, error) {
	began := time.Now()
	if err := checkEvaluationSeed(o.Seed, o.Episodes); err != nil {
		return nil, err
	}
	parts, err := o.Parts.orReal()
	if err != nil {
		return nil, err
	}
	r, err := parts.rehearse(o.Task, o.Planner, o.Model, o.Settings)
	if err != nil {
		return nil, err
	}
	renderer, err := parts.NewRenderer()
	if err != nil {
		return nil, fmt.Errorf("opening the renderer: %w", err)
	}
	defer renderer.Close()
	shared := &lockedDrawer{draw: renderer}

	run := &evaluation{seed: o.Seed, reward: learnedReward(r.world, r.task), progress: progress, done: make([]*EvalEpisode, o.Episodes)}
	group, gctx := errgroup.WithContext(ctx)
	workers := min(o.Episodes, cmp.Or(o.Workers, min(2, runtime.NumCPU())))
	for range workers {
		group.Go(func() error {
			loop, closeLoop, err := newLoop(r, o.Device, shared)
			if err != nil {
				return err
			}
			defer closeLoop()
			run.setDevice(loop.thinker.mind.Device(), o.Computing)
			return run.work(gctx, loop)
		})
	}
	err = group.Wait()
	if ctx.Err() != nil {
		err = ctx.Err() // not how a planner happened to word it
	}
	result := run.result()
	result.Task, result.Planner, result.Model = r.task.Name, r.setup.kind.Name, r.world.Info().Name
	result.Settings = r.texts()
	result.WallS = time.Since(began).Seconds()
	return result, plannedOn(err)
}

// newLoop opens everything one worker needs of its own.
func newLoop(r rehearsed, device string, draw drawer) (*closedLoop, func(), error) {
	mine, err := r.setup.clone()
	if err != nil {
		return nil, nil, err
	}
	inst, err := r.task.New(r.settings)
	if err != nil {
		return nil, nil, fmt.Errorf("task %s: %w", r.task.Name, err)
	}
	mind, err := r.world.Open(device, 1)
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("model %s: %w", r.world.Info().Name, err), inst.Close())
	}
	loop := &closedLoop{inst: inst, eye: newEye(draw, r.task), thinker: &thinker{mind: mind}, setup: mine}
	return loop, func() { mind.Close(); inst.Close() }, nil
}

// evaluation hands out episodes to workers and keeps their results.
type evaluation struct {
	seed     int64
	reward   string // which of the two rewards counts
	progress Progress

	mu     sync.Mutex
	next   int
	ended  int
	wins   int
	device string
	done   []*EvalEpisode // by episode; nil until it has ended
}

// setDevice is called by every worker; all have the same.
func (e *evaluation) setDevice(name string, tell func(device string)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if tell != nil && e.device != name {
		tell(name)
	}
	e.device = name
}

func (e *evaluation) take() (int, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	i := e.next
	e.next++
	return i, i < len(e.done)
}

func (e *evaluation) put(i int, ep EvalEpisode) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.done[i] = &ep
	e.ended++
	if ep.Success {
		e.wins++
	}
	e.progress.say(e.ended, len(e.done), fmt.Sprintf("%d of %d successful", e.wins, e.ended))
}

func (e *evaluation) work(ctx context.Context, loop *closedLoop) error {
	for {
		i, ok := e.take()
		if !ok {
			return nil
		}
		seed := evaluationSeed(e.seed, i)
		ep, err := loop.play(ctx, seed)
		if err != nil {
			return fmt.Errorf("episode %d: %w", i, err)
		}
		e.put(i, EvalEpisode{Seed: seed, Return: ep.of(e.reward), ShapedReturn: ep.shaped, SparseReturn: ep.sparse,
			Success: ep.success, Outcome: ep.outcome, Steps: ep.steps, PlanMS: ep.planMS})
	}
}

// result sums up the episodes that have ended.
func (e *evaluation) result() *EvalResult {
	r := &EvalResult{Device: e.device, Reward: e.reward, Episodes: []EvalEpisode{}, Outcomes: map[string]int{}}
	var returns, shaped, sparse, planMS []float64
	wins := 0
	for _, ep := range e.done {
		if ep == nil {
			continue
		}
		r.Episodes = append(r.Episodes, *ep)
		returns = append(returns, ep.Return)
		shaped, sparse = append(shaped, ep.ShapedReturn), append(sparse, ep.SparseReturn)
		planMS = append(planMS, ep.PlanMS...)
		if ep.Success {
			wins++
		}
		r.Outcomes[cmp.Or(ep.Outcome, "none")]++
	}
	if n := len(r.Episodes); n > 0 {
		r.SuccessRate = float64(wins) / float64(n)
	}
	r.SuccessCI95 = wilson(wins, len(r.Episodes))
	r.ReturnMean, r.ReturnStderr = meanStderr(returns)
	r.ShapedReturnMean, _ = meanStderr(shaped)
	r.SparseReturnMean, _ = meanStderr(sparse)
	r.PlanMSMedian = median(planMS)
	return r
}
