package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"time"

	"github.com/latco-studio/latco/learning"
	"github.com/latco-studio/latco/resources/setting"
	"github.com/latco-studio/latco/sim"
)

// Collect plays episodes under a policy that needs no model and keeps them as a
// data set. A folder in which the same collection was interrupted is continued:
// episode i is a function of the seed and i alone, so neither interruptions nor
// the number of workers show in what comes of it.
func Collect(ctx context.Context, o CollectOptions, progress Progress) (_ *CollectResult, err error) {
	began := time.Now()
	parts, err := o.Parts.orReal()
	if err != nil {
		return nil, err
	}
	task, err := parts.task(o.Task)
	if err != nil {
		return nil, err
	}
	if o.Episodes < 1 {
		return nil, fmt.Errorf("%d episodes: want at least 1", o.Episodes)
	}
	name := dataPolicy(o.Policy, task)
	cast := casting{task: task, settings: o.Settings, policy: name, policySettings: o.PolicySettings}
	info := learning.DatasetInfo{Task: task.Name, Policy: name, Seed: o.Seed, ActionDim: task.ActionDim,
		Command: o.Command, Version: o.Version, Simulator: o.Simulator}
	if info.Settings, info.PolicySettings, err = cast.resolved(); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(o.Out, 0o755); err != nil {
		return nil, err
	}
	lock, err := learning.LockFolder(o.Out, o.Command)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, lock.Release()) }()
	set, err := learning.ResumeDataset(o.Out, info)
	if err != nil {
		return nil, err
	}
	c := crew[*policyPlayer, *learning.PackedEpisode]{
		workers:    cmp.Or(o.Workers, runtime.NumCPU()),
		background: o.Background,
		open: func() (*policyPlayer, func(), error) {
			renderer, err := parts.NewRenderer()
			if err != nil {
				return nil, nil, fmt.Errorf("opening the renderer: %w", err)
			}
			p, err := cast.player(renderer)
			if err != nil {
				return nil, nil, errors.Join(err, renderer.Close())
			}
			return p, func() { p.inst.Close(); renderer.Close() }, nil
		},
		play: func(ctx context.Context, p *policyPlayer, i int) (*learning.PackedEpisode, error) {
			ep, err := p.play(ctx, learning.EpisodeSeed(o.Seed, i))
			if err != nil {
				return nil, err
			}
			return learning.PackEpisode(ep)
		},
		take: func(i int, ep *learning.PackedEpisode) error {
			if err := set.AppendPacked(ep); err != nil {
				return err
			}
			progress.say(i+1, o.Episodes, fmt.Sprintf("%d of %d successful", set.Successes(), i+1))
			return nil
		},
	}
	had := len(set.Entries)
	progress.say(min(had, o.Episodes), o.Episodes, "collecting")
	err = c.run(ctx, had, o.Episodes)
	result := collected(set, task)
	result.Resumed, result.WallS = had, time.Since(began).Seconds()
	return result, err
}

// collected sums up a data set.
func collected(set *learning.Dataset, task sim.Task) *CollectResult {
	r := &CollectResult{Out: set.Dir, DatasetInfo: set.Info, Reward: taskReward(task),
		Episodes: set.Episodes(), Frames: set.Frames(), Outcomes: map[string]int{}}
	var shaped, sparse []float64
	for _, e := range set.Entries {
		if e.Deleted {
			continue
		}
		shaped, sparse = append(shaped, e.Return), append(sparse, e.SparseReturn)
		r.Bytes += e.Bytes
		r.Outcomes[cmp.Or(e.Outcome, "none")]++
		if e.SolvedAtReset {
			r.SolvedAtReset++
		}
	}
	r.Successes = set.Successes()
	r.Failures = r.Episodes - r.Successes
	if r.Episodes > 0 {
		r.SuccessRate = float64(r.Successes) / float64(r.Episodes)
		r.Floor = float64(r.SolvedAtReset) / float64(r.Episodes)
	}
	r.SuccessCI95 = wilson(r.Successes, r.Episodes)
	r.ShapedReturnMean, _ = meanStderr(shaped)
	r.SparseReturnMean, _ = meanStderr(sparse)
	r.ReturnMean = earnings{r.ShapedReturnMean, r.SparseReturnMean}.of(r.Reward)
	return r
}

// casting says which task is played by which policy, and how both are set.
type casting struct {
	task           sim.Task
	settings       map[string]string
	policy         string
	policySettings map[string]string
}

// open makes a task and a policy of one's own.
func (c casting) open() (sim.Instance, sim.Policy, error) {
	policy, err := newPolicy(c.policy, c.task)
	if err == nil {
		err = adjust(policy, c.policy, c.policySettings)
	}
	if err != nil {
		return nil, nil, err
	}
	inst, err := c.task.New(c.settings)
	if err != nil {
		return nil, nil, fmt.Errorf("task %s: %w", c.task.Name, err)
	}
	return inst, policy, nil
}

// resolved is every setting of task and policy, defaults included.
func (c casting) resolved() (task, policy map[string]string, err error) {
	inst, p, err := c.open()
	if err != nil {
		return nil, nil, err
	}
	task, policy = setting.Map(inst.Fields()), setting.Map(policyFields(p))
	return task, policy, inst.Close()
}

func (c casting) player(draw drawer) (*policyPlayer, error) {
	inst, policy, err := c.open()
	if err != nil {
		return nil, err
	}
	return &policyPlayer{task: c.task, inst: inst, eye: newEye(draw, c.task), name: c.policy, policy: policy}, nil
}

// policyPlayer records episodes of a policy. It belongs to one goroutine.
type policyPlayer struct {
	task   sim.Task
	inst   sim.Instance
	eye    *eye
	name   string
	policy sim.Policy
}

func (p *policyPlayer) play(ctx context.Context, seed int64) (*learning.Episode, error) {
	ts, err := p.inst.Reset(seed)
	if err != nil {
		return nil, fmt.Errorf("resetting with seed %d: %w", seed, err)
	}
	p.policy.Reset(seed)
	var rec episodeRecorder
	pixels := make([]uint8, frameBytes)
	action := make([]float64, p.task.ActionDim)
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := p.eye.look(p.inst, pixels); err != nil {
			return nil, err
		}
		if err := rec.add(sim.Paced(p.task, p.inst), p.name, seed, ts, pixels); err != nil {
			return nil, err
		}
		if ts.Terminated || ts.Truncated {
			return rec.episode, nil
		}
		p.policy.Act(ts, action)
		if ts, err = p.inst.Step(action); err != nil {
			return nil, fmt.Errorf("seed %d, after step %d: %w", seed, ts.T, err)
		}
	}
}

// episodeRecorder turns timesteps into a learning.Episode.
type episodeRecorder struct{ episode *learning.Episode }

// add appends a timestep; T = 0 begins the episode.
func (r *episodeRecorder) add(task sim.Task, policy string, seed int64, ts sim.Timestep, pixels []uint8) error {
	if r.episode == nil {
		ep, err := learning.NewEpisode(learning.EpisodeInfo{
			Task: task.Name, Policy: policy, Seed: seed, ActionRepeat: max(1, task.ActionRepeat),
		}, task.ActionDim, pixels, ts.Obs)
		r.episode = ep
		return err
	}
	discount := 1.0
	if ts.Terminated {
		discount = 0
	}
	err := r.episode.Append(learning.Step{
		Action: ts.Action, Pixels: pixels, Reward: ts.Reward, SparseReward: ts.SparseReward,
		Discount: discount, State: ts.Obs,
	})
	info := &r.episode.Info
	info.SolvedAtReset = info.SolvedAtReset || ts.T == 1 && ts.Success
	info.Success = info.Success || ts.Success
	info.Outcome = cmp.Or(ts.Outcome, info.Outcome)
	return err
}
