package engine

import (
	"cmp"
	"context"
	"fmt"
	"image"
	"runtime"
	"time"

	"github.com/latco-studio/latco/planning"
	"github.com/latco-studio/latco/sim"
)

const defaultAnimation = 40 // strips of plan.gif

// PlanOnce plans from the start of an episode, decodes what was planned, and
// executes it to see what really happens.
func PlanOnce(ctx context.Context, o PlanOptions, progress Progress) (_ *PlanResult, err error) {
	defer func() { err = plannedOn(err) }()
	parts, err := o.Parts.orReal()
	if err != nil {
		return nil, err
	}
	job, err := parts.rehearse(o.Task, o.Planner, o.Model, o.Settings)
	if err != nil {
		return nil, err
	}
	mind, err := job.world.Open(o.Device, cmp.Or(o.Threads, runtime.NumCPU()))
	if err != nil {
		return nil, fmt.Errorf("model %s: %w", job.world.Info().Name, err)
	}
	defer mind.Close()
	if o.Computing != nil {
		o.Computing(mind.Device())
	}
	renderer, err := parts.NewRenderer()
	if err != nil {
		return nil, fmt.Errorf("opening the renderer: %w", err)
	}
	defer renderer.Close()
	inst, ts, err := begin(job.task, job.settings, o.Seed, nil, nil)
	if err != nil {
		return nil, err
	}
	defer inst.Close()

	p := &planJob{inst: inst, eye: newEye(renderer, job.task), thinker: &thinker{mind: mind}, setup: job.setup}
	p.thinker.reset(o.Seed)
	r := &PlanResult{Task: job.task.Name, Planner: job.setup.kind.Name, Model: job.world.Info().Name,
		Reward: learnedReward(job.world, job.task), Device: mind.Device(), Seed: o.Seed, Settings: job.texts()}
	if err := p.optimise(ctx, ts, r, progress); err != nil {
		return nil, err
	}
	progress.say(0, 0, "decoding")
	if err := p.decode(r, cmp.Or(o.Strips, defaultAnimation)); err != nil {
		return nil, err
	}
	progress.say(0, 0, "executing")
	return r, p.execute(ctx, r)
}

// planJob is the state of PlanOnce.
type planJob struct {
	inst    sim.Instance
	eye     *eye
	thinker *thinker
	setup   *setup

	feature []float64 // where the plan starts
	plan    *planning.Plan
	record  thinned[planning.Iteration]
	start   *image.RGBA // observation at the start
}

func (p *planJob) optimise(ctx context.Context, ts sim.Timestep, r *PlanResult, progress Progress) error {
	pixels := make([]uint8, frameBytes)
	if err := p.eye.look(p.inst, pixels); err != nil {
		return err
	}
	p.start = p.eye.snapshot()
	if err := p.thinker.watch(ts.Action, pixels); err != nil {
		return err
	}
	p.feature = append([]float64(nil), p.thinker.belief.Feature()...)
	total := int(p.setup.number("iterations"))
	began := time.Now()
	plan, err := p.thinker.plan(ctx, p.setup, func(it planning.Iteration) {
		r.Iterations = append(r.Iterations, planIteration(it))
		p.record.add(it)
		progress.say(len(r.Iterations), total, fmt.Sprintf("return %.3g", it.Return))
	})
	if err != nil {
		return err
	}
	p.plan = plan
	r.WallMS = milliseconds(time.Since(began))
	r.Actions, r.PredictedReturn, r.Solver = plan.Actions, plan.Return, plan.Solver
	return nil
}

func (p *planJob) decode(r *PlanResult, strips int) error {
	mind := p.thinker.mind
	var err error
	if r.Strip, err = decodeStrip(mind, p.plan.Latents); err != nil {
		return err
	}
	if r.ModelStrip, err = imagineStrip(mind, p.feature, p.plan.Actions); err != nil {
		return err
	}
	for _, i := range spread(len(p.record.kept), strips) {
		it := p.record.kept[i]
		frames, err := decodeStrip(mind, it.Latents)
		if err != nil {
			return err
		}
		r.Animation = append(r.Animation, StripFrame{it.K, frames})
	}
	return nil
}

// execute takes the planned actions, open loop, until they or the episode end.
func (p *planJob) execute(ctx context.Context, r *PlanResult) error {
	r.Real = append(r.Real, p.start)
	pixels := make([]uint8, frameBytes)
	for t, action := range p.plan.Actions {
		if err := ctx.Err(); err != nil {
			return err
		}
		ts, err := p.inst.Step(action)
		if err != nil {
			return fmt.Errorf("executing action %d: %w", t, err)
		}
		if err := p.eye.look(p.inst, pixels); err != nil {
			return err
		}
		r.Real = append(r.Real, p.eye.snapshot())
		reward := rewardOf(ts, r.Reward)
		r.ObtainedReward = append(r.ObtainedReward, reward)
		r.ObtainedReturn += reward
		r.Success = r.Success || ts.Success
		r.Outcome = cmp.Or(ts.Outcome, r.Outcome)
		if ts.Terminated || ts.Truncated {
			break
		}
	}
	return nil
}

// spread picks at most n of the indices 0 … total−1, evenly, with both ends.
func spread(total, n int) []int {
	if total <= n {
		n = total
	}
	out := make([]int, n)
	for i := range out {
		if n > 1 {
			out[i] = i * (total - 1) / (n - 1)
		}
	}
	return out
}
