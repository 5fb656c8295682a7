package engine

import (
	"cmp"
	"context"
	"fmt"

	"github.com/latco-studio/latco/sim"
)

// Rollout plays an episode under a policy or given actions and hands every step
// to emit, the reset first.
func Rollout(ctx context.Context, o RolloutOptions, emit func(RolloutStep) error) error {
	parts, err := o.Parts.orReal()
	if err != nil {
		return err
	}
	task, err := parts.task(o.Task)
	if err != nil {
		return err
	}
	name := cmp.Or(o.Policy, "zero")
	policy, err := newPolicy(name, task)
	if err == nil {
		err = adjust(policy, name, o.PolicySettings)
	}
	if err != nil {
		return err
	}
	for t, a := range o.Actions {
		if len(a) != task.ActionDim {
			return fmt.Errorf("action %d has %d numbers, task %s wants %d", t+1, len(a), task.Name, task.ActionDim)
		}
	}
	inst, ts, err := begin(task, o.Settings, o.Seed, o.QPos, o.QVel)
	if err != nil {
		return err
	}
	defer inst.Close()
	announce(inst, o.Notice)
	steps := o.Steps
	switch {
	case steps < 0:
		return fmt.Errorf("%d steps: want 0 or more", steps)
	case steps == 0 && len(o.Actions) > 0:
		steps = len(o.Actions)
	case steps == 0:
		steps = sim.Paced(task, inst).EpisodeSteps
	}
	policy.Reset(o.Seed)
	action := make([]float64, task.ActionDim)
	for t := 0; ; t++ {
		if err := emit(rolloutStep(ts, inst.State())); err != nil {
			return err
		}
		if t == steps || ts.Terminated || ts.Truncated {
			return nil
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if t < len(o.Actions) {
			copy(action, o.Actions[t])
		} else {
			policy.Act(ts, action)
		}
		if ts, err = inst.Step(action); err != nil {
			return fmt.Errorf("step %d: %w", t+1, err)
		}
	}
}

// begin makes an instance and puts it at the start: of a seed, or at an exact
// position and velocity.
func begin(task sim.Task, settings map[string]string, seed int64, qpos, qvel []float64) (sim.Instance, sim.Timestep, error) {
	inst, err := task.New(settings)
	if err != nil {
		return nil, sim.Timestep{}, fmt.Errorf("task %s: %w", task.Name, err)
	}
	ts, err := inst.Reset(seed)
	if err == nil && (qpos != nil || qvel != nil) {
		ts, err = start(inst, ts, qpos, qvel)
	}
	if err != nil {
		inst.Close()
		return nil, sim.Timestep{}, fmt.Errorf("starting task %s with seed %d: %w", task.Name, seed, err)
	}
	return inst, ts, nil
}

// announce tells what a user should know of a scene.
func announce(inst sim.Instance, notice func(string)) {
	n, ok := inst.(sim.Noticer)
	if !ok || notice == nil {
		return
	}
	for _, sentence := range n.Notices() {
		notice(sentence)
	}
}

// start puts an instance that was reset at an exact position and velocity; nil
// leaves one as it is.
func start(inst sim.Instance, reset sim.Timestep, qpos, qvel []float64) (sim.Timestep, error) {
	if s, ok := inst.(sim.Starter); ok {
		return s.Start(qpos, qvel)
	}
	return reset, place(inst, qpos, qvel)
}

// place sets position and velocity exactly; nil leaves one as it is.
func place(inst sim.Instance, qpos, qvel []float64) error {
	s := inst.State()
	for _, part := range []struct {
		name     string
		dst, src []float64
	}{{"qpos", s.QPos, qpos}, {"qvel", s.QVel, qvel}} {
		if part.src == nil {
			continue
		}
		if len(part.src) != len(part.dst) {
			return fmt.Errorf("%s has %d numbers, want %d", part.name, len(part.src), len(part.dst))
		}
		copy(part.dst, part.src)
	}
	return inst.SetState(s)
}

func rolloutStep(ts sim.Timestep, s sim.State) RolloutStep {
	return RolloutStep{
		T: ts.T, QPos: s.QPos, QVel: s.QVel, Ctrl: s.Ctrl, Action: append([]float64(nil), ts.Action...),
		Obs: append([]float64(nil), ts.Obs...), Reward: ts.Reward, SparseReward: ts.SparseReward,
		Success: ts.Success, Terminated: ts.Terminated, Truncated: ts.Truncated, Outcome: ts.Outcome,
	}
}
