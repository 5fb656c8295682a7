package cli

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/rssm"
)

// Two devices add in different orders, so that the same training drifts apart while
// the loss falls: what one learns at step 200 the other learns at step 220, and both
// end at the same loss. Step for step the losses must agree at first, later their
// means over a window.
//
// The tolerances are twice what devices that are right were apart in such trainings.
// One CPU from eight seeds, its parameters once multiplied by 1 + 2·10⁻⁷·N(0, 1): means
// of 50 totals by up to 13 %, of the last 200 by up to 3 %. The CPU and the pure Go
// device from three seeds: 7·10⁻⁴ in one of the first five steps, 10 % and 1 %. The CPU
// and the emulated GPU with a small network: 3·10⁻⁷, 3 % and 3 %. Gradient norms are no
// measure later: their means were apart by up to 104 %.
const (
	curveSequences, curveLength = 8, 10
	curveExact                  = 5    // steps compared one by one
	curveExactTolerance         = 2e-3 // of each total and gradient norm
	curveWindow                 = 50   // steps of a mean
	curveTolerance              = 0.25 // of the total's mean over each window
	curveEnd                    = 200  // steps at the end of curveWhole
	curveEndTolerance           = 0.06 // of the total's mean over them
	curveWhole                  = 1000 // steps after which devices have come together again
)

// training trains the class preset on the device and on the CPU, step by step on the
// same batches and noise, and compares the losses.
func (t *selfTest) training(ctx context.Context) (v verdict, err error) {
	host, err := hostDevice()
	if err != nil {
		return v, err
	}
	defer func() { err = errors.Join(err, host.Close()) }()
	fmt.Fprintf(t.out, "%s\nreference: %s\n", t.dev.Name(), host.Name())
	mine, theirs, err := compete(ctx, t.dev, host, t.steps)
	if err != nil {
		return v, err
	}
	if n := t.steps - len(mine); n > 0 {
		v.left = []string{fmt.Sprintf("%d of %d steps", n, t.steps)}
	}
	if v.done = len(mine); v.done == 0 {
		return v, nil
	}
	v.failed = !t.alike(mine, theirs)
	return v, nil
}

// compete trains on both devices until the steps are done or the time is up.
func compete(ctx context.Context, dev, host device.Device, steps int) (mine, theirs []rssm.Losses, err error) {
	var pair [2]*race
	for i, d := range []device.Device{dev, host} {
		if pair[i], err = newRace(d, steps); err != nil {
			return nil, nil, err
		}
		defer func() { err = errors.Join(err, pair[i].close()) }()
	}
	rng := rand.New(rand.NewSource(1))
	for range steps {
		if ctx.Err() != nil {
			break
		}
		batch := pushed(rng)
		var l [2]rssm.Losses
		for i, r := range pair {
			if l[i], err = r.trainer.Update(batch); err != nil {
				return nil, nil, fmt.Errorf("training on %s: %w", r.dev.Name(), err)
			}
		}
		mine, theirs = append(mine, l[0]), append(theirs, l[1])
	}
	return mine, theirs, nil
}

// alike compares two curves and prints them side by side.
func (t *selfTest) alike(mine, theirs []rssm.Losses) bool {
	exact, worst := 0.0, 0.0
	for i := range min(curveExact, len(mine)) {
		exact = max(exact, apart(mine[i].Total, theirs[i].Total), apart(mine[i].GradNorm, theirs[i].GradNorm))
	}
	ok := exact <= curveExactTolerance
	fmt.Fprintf(t.out, "first %d steps: total loss and gradient norm within %.2g of the reference (tolerance %g)\n",
		min(curveExact, len(mine)), exact, curveExactTolerance)
	tw := table(t.out)
	fmt.Fprintln(tw, "steps\ttotal\treference\timage\treference\treward\treference\tKL\treference")
	for lo := 0; lo+curveWindow <= len(mine); lo += curveWindow {
		a, b := meanLosses(mine[lo:lo+curveWindow]), meanLosses(theirs[lo:lo+curveWindow])
		worst = max(worst, apart(a.Total, b.Total))
		if lo%(4*curveWindow) == 0 || lo+2*curveWindow > len(mine) {
			fmt.Fprintf(tw, "%d-%d\t%.5g\t%.5g\t%.5g\t%.5g\t%.3g\t%.3g\t%.4g\t%.4g\n", lo+1, lo+curveWindow,
				a.Total, b.Total, a.Image, b.Image, a.Reward, b.Reward, a.KL, b.KL)
		}
	}
	tw.Flush()
	if len(mine) >= curveWindow {
		ok = ok && worst <= curveTolerance
		fmt.Fprintf(t.out, "means of %d steps: total loss within %.2g (tolerance %g)\n", curveWindow, worst, curveTolerance)
	}
	if len(mine) >= curveWhole {
		end := apart(meanLosses(mine[len(mine)-curveEnd:]).Total, meanLosses(theirs[len(mine)-curveEnd:]).Total)
		ok = ok && end <= curveEndTolerance
		fmt.Fprintf(t.out, "last %d steps: total loss within %.2g (tolerance %g)\n", curveEnd, end, curveEndTolerance)
	}
	return ok
}

// apart is a relative distance; infinite where one is not a number.
func apart(a, b float64) float64 {
	d := math.Abs(a-b) / math.Abs(b)
	if math.IsNaN(d) {
		return math.Inf(1)
	}
	return d
}

func meanLosses(l []rssm.Losses) (m rssm.Losses) {
	n := float64(len(l))
	for _, x := range l {
		m.Total += x.Total / n
		m.Image += x.Image / n
		m.Reward += x.Reward / n
		m.KL += x.KL / n
	}
	return m
}

// race is a training from fixed seeds.
type race struct {
	dev     device.Device
	trainer *rssm.Trainer
}

func newRace(dev device.Device, steps int) (*race, error) {
	cfg, err := rssm.Preset("class")
	if err != nil {
		return nil, err
	}
	cfg.Batch, cfg.Length, cfg.Updates = curveSequences, curveLength, steps
	params, err := rssm.NewParams(cfg, 2, 1)
	if err != nil {
		return nil, err
	}
	trainer, err := rssm.NewTrainer(params, dev, 1)
	if err != nil {
		return nil, err
	}
	return &race{dev, trainer}, nil
}

func (r *race) close() error { return r.trainer.Close() }
