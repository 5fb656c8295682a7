package engine

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"time"

	"github.com/latco-studio/latco/sim"
)

// ScoreOptions describe episodes of a policy that needs no model, without images.
type ScoreOptions struct {
	Parts          Parts
	Task           string
	Settings       map[string]string // of the task
	Policy         string            // zero, random, scripted or mixed; "" = scripted
	PolicySettings map[string]string
	Episodes       int   // ≥ 1
	Seed           int64 // 0 … 999,999
	Workers        int   // episodes at a time; 0 = all cores. The result does not depend on it
}

// ScoreResult is the JSON document of latco score.
type ScoreResult struct {
	Task           string            `json:"task"`
	Policy         string            `json:"policy"`
	Seed           int64             `json:"seed"`
	Settings       map[string]string `json:"settings"`
	PolicySettings map[string]string `json:"policy_settings"`
	Episodes       []ScoreEpisode    `json:"episodes"`

	SuccessRate   float64        `json:"success_rate"`
	SuccessCI95   [2]float64     `json:"success_ci95"` // Wilson score interval
	SolvedAtReset int            `json:"solved_at_reset"`
	Floor         float64        `json:"floor"` // share solved at the first step, before anything was done
	Outcomes      map[string]int `json:"outcomes"`

	Reward           string  `json:"reward"` // by which the task is defined and return_mean is of: shaped or sparse
	ReturnMean       float64 `json:"return_mean"`
	ReturnStderr     float64 `json:"return_stderr"`
	ShapedReturnMean float64 `json:"shaped_return_mean"`
	SparseReturnMean float64 `json:"sparse_return_mean"`

	StepsPerS float64 `json:"steps_per_s"` // control steps a second of one worker, stepping alone
	WallS     float64 `json:"wall_s"`
}

// ScoreEpisode is one episode of it.
type ScoreEpisode struct {
	Seed          int64   `json:"seed"`
	Return        float64 `json:"return"` // of the task's reward
	ShapedReturn  float64 `json:"shaped_return"`
	SparseReturn  float64 `json:"sparse_return"`
	Success       bool    `json:"success"`
	SuccessStep   int     `json:"success_step"` // first control step at which it was solved, 0 if never
	SolvedAtReset bool    `json:"solved_at_reset"`
	Outcome       string  `json:"outcome"`
	Steps         int     `json:"steps"`

	stepping time.Duration
}

// Score plays episodes of a policy and counts. When ctx ends it returns what is
// finished, and ctx's error.
func Score(ctx context.Context, o ScoreOptions, progress Progress) (*ScoreResult, error) {
	began := time.Now()
	if err := checkEvaluationSeed(o.Seed, o.Episodes); err != nil {
		return nil, err
	}
	parts, err := o.Parts.orReal()
	if err != nil {
		return nil, err
	}
	task, err := parts.task(o.Task)
	if err != nil {
		return nil, err
	}
	cast := casting{task: task, settings: o.Settings, policy: cmp.Or(o.Policy, "scripted"), policySettings: o.PolicySettings}
	r := &ScoreResult{Task: task.Name, Policy: cast.policy, Seed: o.Seed, Reward: taskReward(task), Episodes: []ScoreEpisode{}}
	if r.Settings, r.PolicySettings, err = cast.resolved(); err != nil {
		return nil, err
	}
	wins := 0
	c := crew[*scorer, ScoreEpisode]{
		workers: cmp.Or(o.Workers, runtime.NumCPU()),
		open: func() (*scorer, func(), error) {
			inst, policy, err := cast.open()
			if err != nil {
				return nil, nil, err
			}
			return &scorer{inst, policy, make([]float64, task.ActionDim)}, func() { inst.Close() }, nil
		},
		play: func(ctx context.Context, s *scorer, i int) (ScoreEpisode, error) {
			return s.play(ctx, evaluationSeed(o.Seed, i), r.Reward)
		},
		take: func(i int, ep ScoreEpisode) error {
			r.Episodes = append(r.Episodes, ep)
			if ep.Success {
				wins++
			}
			progress.say(i+1, o.Episodes, fmt.Sprintf("%d of %d successful", wins, i+1))
			return nil
		},
	}
	err = c.run(ctx, 0, o.Episodes)
	r.sum()
	r.WallS = time.Since(began).Seconds()
	return r, err
}

// scorer plays episodes without looking. It belongs to one goroutine.
type scorer struct {
	inst   sim.Instance
	policy sim.Policy
	action []float64
}

func (s *scorer) play(ctx context.Context, seed int64, reward string) (ScoreEpisode, error) {
	ep := ScoreEpisode{Seed: seed}
	ts, err := s.inst.Reset(seed)
	if err != nil {
		return ep, fmt.Errorf("resetting with seed %d: %w", seed, err)
	}
	s.policy.Reset(seed)
	var earned earnings
	for !ts.Terminated && !ts.Truncated {
		if err := ctx.Err(); err != nil {
			return ep, err
		}
		s.policy.Act(ts, s.action)
		began := time.Now()
		ts, err = s.inst.Step(s.action)
		ep.stepping += time.Since(began)
		if err != nil {
			return ep, fmt.Errorf("seed %d, after step %d: %w", seed, ep.Steps, err)
		}
		ep.Steps = ts.T
		earned.add(ts)
		ep.Outcome = cmp.Or(ts.Outcome, ep.Outcome)
		if ts.Success && !ep.Success {
			ep.Success, ep.SuccessStep, ep.SolvedAtReset = true, ts.T, ts.T == 1
		}
	}
	ep.Return, ep.ShapedReturn, ep.SparseReturn = earned.of(reward), earned.shaped, earned.sparse
	return ep, nil
}

// sum fills in what follows from the episodes.
func (r *ScoreResult) sum() {
	var returns, shaped, sparse []float64
	var stepping time.Duration
	wins, steps := 0, 0
	r.Outcomes = map[string]int{}
	for _, ep := range r.Episodes {
		returns, shaped, sparse = append(returns, ep.Return), append(shaped, ep.ShapedReturn), append(sparse, ep.SparseReturn)
		steps += ep.Steps
		stepping += ep.stepping
		r.Outcomes[cmp.Or(ep.Outcome, "none")]++
		if ep.Success {
			wins++
		}
		if ep.SolvedAtReset {
			r.SolvedAtReset++
		}
	}
	if n := len(r.Episodes); n > 0 {
		r.SuccessRate = float64(wins) / float64(n)
		r.Floor = float64(r.SolvedAtReset) / float64(n)
	}
	r.SuccessCI95 = wilson(wins, len(r.Episodes))
	r.ReturnMean, r.ReturnStderr = meanStderr(returns)
	r.ShapedReturnMean, _ = meanStderr(shaped)
	r.SparseReturnMean, _ = meanStderr(sparse)
	if stepping > 0 {
		r.StepsPerS = float64(steps) / stepping.Seconds()
	}
}
