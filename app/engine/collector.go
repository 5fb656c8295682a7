package engine

import (
	"context"
	"fmt"

	"github.com/latco-studio/latco/learning"
	"github.com/latco-studio/latco/learning/rssm"
	"github.com/latco-studio/latco/sim"
)

// collector runs the episodes of Algorithm 1 for the trainer: random ones
// first, then in closed loop with the parameters so far and exploration noise. It
// plays the evaluation episodes too.
// It has its own copy of the one task that it plays and belongs to one goroutine.
type collector struct {
	task    sim.Task
	inst    sim.Instance
	eye     *eye
	setup   *setup
	device  string
	threads int
}

// newCollector opens a copy of the task.
func newCollector(task sim.Task, settings map[string]string, s *setup, draw drawer, device string, threads int) (*collector, error) {
	mine, err := s.clone()
	if err != nil {
		return nil, err
	}
	inst, err := task.New(settings)
	if err != nil {
		return nil, fmt.Errorf("task %s: %w", task.Name, err)
	}
	return &collector{task: task, inst: inst, eye: newEye(draw, task), setup: mine, device: device, threads: threads}, nil
}

// Collect runs one episode.
func (c *collector) Collect(ctx context.Context, a learning.Assignment) (*learning.Episode, error) {
	if a.Params == nil {
		return c.playPolicy(ctx, "random", &sim.RandomPolicy{}, a.Seed)
	}
	var rec episodeRecorder
	record := func(ts sim.Timestep, pixels []uint8) error {
		return rec.add(sim.Paced(c.task, c.inst), c.setup.kind.Name, a.Seed, ts, pixels)
	}
	if _, err := c.playPlanned(ctx, a.Params, a.Seed, a.Noise, record); err != nil {
		return nil, err
	}
	return rec.episode, nil
}

// Evaluate plays an evaluation episode: without noise, from a seed that neither
// training nor latco eval with a seed below the last uses.
func (c *collector) Evaluate(ctx context.Context, _ int, params *rssm.Params, i int) (*learning.EpisodeMetric, error) {
	seed := evaluationSeed(seedStride-1, i)
	ep, err := c.playPlanned(ctx, params, seed, 0, nil)
	if err != nil {
		return nil, err
	}
	return &learning.EpisodeMetric{Policy: c.setup.kind.Name, Seed: seed, ShapedReturn: ep.shaped, SparseReturn: ep.sparse,
		Success: ep.success, Outcome: ep.outcome, Steps: ep.steps}, nil
}

// playPlanned runs one episode in closed loop with these parameters.
func (c *collector) playPlanned(ctx context.Context, params *rssm.Params, seed int64, noise float64, step func(sim.Timestep, []uint8) error) (episode, error) {
	mind, err := (&rssmWorld{params: params}).Open(c.device, c.threads)
	if err != nil {
		return episode{}, fmt.Errorf("opening the model to play with: %w", err)
	}
	defer mind.Close()
	loop := &closedLoop{inst: c.inst, eye: c.eye, thinker: &thinker{mind: mind}, setup: c.setup, noise: noise, step: step}
	return loop.play(ctx, seed)
}

// playPolicy runs one episode of a policy that needs no model.
func (c *collector) playPolicy(ctx context.Context, name string, policy sim.Policy, seed int64) (*learning.Episode, error) {
	p := &policyPlayer{task: c.task, inst: c.inst, eye: c.eye, name: name, policy: policy}
	return p.play(ctx, seed)
}

func (c *collector) close() error { return c.inst.Close() }
