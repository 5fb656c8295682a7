package cli

import (
	"context"
	"errors"
	"fmt"
	"math/rand"
	"time"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/rssm"
	"github.com/latco-studio/latco/planning"
)

// planTolerance is what the predicted returns of two plans may differ by, relative
// to that of the reference: both plan with the same chance, but a rounding can
// choose another elite.
const planTolerance = 0.02

// planners plans with every planner on the device and on the CPU, from the same
// state and the same seed, and compares what the plans promise.
func (t *selfTest) planners(ctx context.Context) (v verdict, err error) {
	host, err := hostDevice()
	if err != nil {
		return v, err
	}
	defer func() { err = errors.Join(err, host.Close()) }()
	tw := table(t.out)
	defer tw.Flush()
	fmt.Fprintln(tw, "planner\treturn\treference\tms\treference\tsolver")
	for _, kind := range planning.Kinds() {
		if ctx.Err() != nil {
			v.left = append(v.left, kind.Name)
			continue
		}
		var plans [2]*planning.Plan
		var took [2]time.Duration
		for i, dev := range []device.Device{t.dev, host} {
			if plans[i], took[i], err = planOn(ctx, dev, kind); err != nil {
				break
			}
		}
		if ctx.Err() != nil {
			v.left = append(v.left, kind.Name)
			continue
		}
		if err != nil {
			return v, fmt.Errorf("planning with %s: %w", kind.Name, err)
		}
		mine, theirs := plans[0].Return, plans[1].Return
		v.done++
		v.failed = v.failed || !(apart(mine, theirs) <= planTolerance)
		fmt.Fprintf(tw, "%s\t%.5g\t%.5g\t%.3g\t%.3g\t%s\n", kind.Name, mine, theirs,
			took[0].Seconds()*1e3, took[1].Seconds()*1e3, plans[0].Solver)
	}
	return v, nil
}

// planOn makes a plan by a planner's defaults with a model that has learned nothing.
func planOn(ctx context.Context, dev device.Device, kind planning.Kind) (_ *planning.Plan, took time.Duration, err error) {
	cfg, err := rssm.Preset("class")
	if err != nil {
		return nil, 0, err
	}
	params, err := rssm.NewParams(cfg, 2, 1)
	if err != nil {
		return nil, 0, err
	}
	model, err := rssm.NewModel(params, dev)
	if err != nil {
		return nil, 0, err
	}
	defer func() { err = errors.Join(err, model.Close()) }()
	began := time.Now()
	plan, err := kind.New().Plan(ctx, &planning.Problem{Model: model, Feature: model.Initial().Feature(), Horizon: planned,
		Rand: rand.New(rand.NewSource(1))})
	return plan, time.Since(began), err
}
