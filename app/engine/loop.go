package engine

import (
	"context"
	"fmt"
	"math/rand"
	"time"

	"github.com/latco-studio/latco/sim"
)

// closedLoop plays episodes: watch, plan, execute the first actions of the
// plan, watch each step, plan again (model-predictive control as in LatCo,
// Algorithm 1). It belongs to one goroutine.
type closedLoop struct {
	inst    sim.Instance
	eye     *eye
	thinker *thinker
	setup   *setup

	// noise is added to every action, N(0, noise²), then clipped to ±1. It is
	// for collecting training data only and 0 in evaluation.
	noise float64
	// step, if not nil, sees the reset and every step with its pixels, which
	// are valid during the call.
	step func(ts sim.Timestep, pixels []uint8) error

	pixels []uint8
}

// episode is how one went.
type episode struct {
	earnings
	success bool   // at any step
	outcome string // the last that was not empty
	steps   int
	planMS  []float64 // wall time of each plan
}

func (e *episode) add(ts sim.Timestep) {
	e.earnings.add(ts)
	e.success = e.success || ts.Success
	if ts.Outcome != "" {
		e.outcome = ts.Outcome
	}
	e.steps = ts.T
}

// play runs the episode that starts from a seed to its end.
func (c *closedLoop) play(ctx context.Context, seed int64) (episode, error) {
	var ep episode
	if c.pixels == nil {
		c.pixels = make([]uint8, frameBytes)
	}
	c.thinker.reset(seed)
	noise := newRand(seed, noiseStream)
	ts, err := c.inst.Reset(seed)
	if err != nil {
		return ep, fmt.Errorf("resetting with seed %d: %w", seed, err)
	}
	if err := c.see(ts, &ep); err != nil {
		return ep, err
	}
	for !ts.Terminated && !ts.Truncated {
		began := time.Now()
		plan, err := c.thinker.plan(ctx, c.setup, nil)
		if err != nil {
			return ep, fmt.Errorf("seed %d, step %d: %w", seed, ts.T, err)
		}
		ep.planMS = append(ep.planMS, milliseconds(time.Since(began)))
		for _, action := range plan.Actions[:min(c.setup.replan, len(plan.Actions))] {
			if err := ctx.Err(); err != nil {
				return ep, err
			}
			action = explore(action, c.noise, noise)
			if c.step != nil {
				asRecorded(action)
			}
			if ts, err = c.inst.Step(action); err != nil {
				return ep, fmt.Errorf("seed %d, after step %d: %w", seed, ep.steps, err)
			}
			if err := c.see(ts, &ep); err != nil {
				return ep, err
			}
			if ts.Terminated || ts.Truncated {
				break
			}
		}
	}
	return ep, nil
}

// see renders, filters and reports one timestep.
func (c *closedLoop) see(ts sim.Timestep, ep *episode) error {
	ep.add(ts)
	if err := c.eye.look(c.inst, c.pixels); err != nil {
		return err
	}
	if err := c.thinker.watch(ts.Action, c.pixels); err != nil {
		return err
	}
	if c.step == nil {
		return nil
	}
	return c.step(ts, c.pixels)
}

// asRecorded rounds an action to what an episode keeps of it, so that playing the
// episode again executes the same.
func asRecorded(action []float64) {
	for i, x := range action {
		action[i] = float64(float32(x))
	}
}

// explore is a clipped copy of an action with exploration noise.
func explore(action []float64, std float64, rng *rand.Rand) []float64 {
	out := make([]float64, len(action))
	for i, a := range action {
		if std > 0 {
			a += std * rng.NormFloat64()
		}
		out[i] = min(1, max(-1, a))
	}
	return out
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
