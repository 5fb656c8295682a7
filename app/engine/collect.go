package engine

import (
	"cmp"
	"context"
	"fmt"

	"github.com/latco-studio/latco/learning"
	"github.com/latco-studio/latco/sim"
)

// Collect plays episodes under a policy that needs no model and keeps them as a
// data set. A folder in which the same collection was interrupted is continued.
func Collect(ctx context.Context, o CollectOptions, progress Progress) error {
	parts, err := o.Parts.orReal()
	if err != nil {
		return err
	}
	task, err := parts.task(o.Task)
	if err != nil {
		return err
	}
	if o.Episodes < 1 {
		return fmt.Errorf("%d episodes: want at least 1", o.Episodes)
	}
	name := cmp.Or(o.Policy, "mixed")
	policy, err := newPolicy(name, task)
	if err != nil {
		return err
	}
	inst, err := task.New(o.Settings)
	if err != nil {
		return fmt.Errorf("task %s: %w", task.Name, err)
	}
	defer inst.Close()
	renderer, err := parts.NewRenderer()
	if err != nil {
		return fmt.Errorf("opening the renderer: %w", err)
	}
	defer renderer.Close()
	set, err := learning.ResumeDataset(o.Out, learning.DatasetInfo{
		Task: task.Name, Policy: name, Seed: o.Seed, ActionDim: task.ActionDim,
		Command: o.Command, Version: o.Version,
	})
	if err != nil {
		return err
	}
	player := &policyPlayer{task: task, inst: inst, eye: newEye(renderer, task), name: name, policy: policy}
	for i := len(set.Entries); i < o.Episodes; i++ {
		progress.say(i, o.Episodes, "collecting")
		ep, err := player.play(ctx, learning.EpisodeSeed(o.Seed, i))
		if err != nil {
			return fmt.Errorf("episode %d: %w", i, err)
		}
		if err := set.Append(ep); err != nil {
			return err
		}
	}
	progress.say(o.Episodes, o.Episodes, "collected")
	return nil
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
		if err := rec.add(p.task, p.name, seed, ts, pixels); err != nil {
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
	info.Success = info.Success || ts.Success
	info.Outcome = cmp.Or(ts.Outcome, info.Outcome)
	return err
}
