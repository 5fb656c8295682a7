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

// Two devices add in different orders, so that the same training drifts apart:
// step for step the losses must agree at first, later their means over a window.
const (
	curveSequences, curveLength = 8, 10
	curveExact                  = 10   // steps compared one by one
	curveExactTolerance         = 1e-3 // of each
	curveWindow                 = 50   // steps of a mean
	curveTolerance              = 0.1  // of each mean
)

// curve trains the class preset on the device and on the CPU, on the same batches
// and noise, and compares the losses.
func (t *selfTest) curve(ctx context.Context) (ok bool, err error) {
	host, err := hostDevice()
	if err != nil {
		return false, err
	}
	defer host.Close()
	fmt.Fprintf(t.out, "reference: %s\n", host.Name())
	mine, err := losses(ctx, t.dev, t.steps)
	if err != nil {
		return false, fmt.Errorf("training on %s: %w", t.dev.Name(), err)
	}
	theirs, err := losses(ctx, host, t.steps)
	if err != nil {
		return false, fmt.Errorf("training on %s: %w", host.Name(), err)
	}
	ok = true
	tw := table(t.out)
	fmt.Fprintln(tw, "steps\timage\treference\treward\treference\tKL\treference")
	worst := 0.0
	for i := range min(curveExact, len(mine)) {
		worst = max(worst, apart(mine[i], theirs[i]))
	}
	for lo := 0; lo+curveWindow <= len(mine); lo += curveWindow {
		a, b := meanLosses(mine[lo:lo+curveWindow]), meanLosses(theirs[lo:lo+curveWindow])
		ok = ok && apart(a, b) <= curveTolerance
		if lo%(4*curveWindow) == 0 || lo+2*curveWindow > len(mine) {
			fmt.Fprintf(tw, "%d-%d\t%.5g\t%.5g\t%.3g\t%.3g\t%.4g\t%.4g\n", lo+1, lo+curveWindow, a.Image, b.Image, a.Reward, b.Reward, a.KL, b.KL)
		}
	}
	tw.Flush()
	fmt.Fprintf(t.out, "first %d steps: total loss and gradient norm within %.2g of the reference (tolerance %g)\n",
		min(curveExact, len(mine)), worst, curveExactTolerance)
	return ok && worst <= curveExactTolerance, nil
}

// apart is the relative distance of the totals and of the gradients' norms.
func apart(a, b rssm.Losses) float64 {
	d := max(math.Abs(a.Total-b.Total)/math.Abs(b.Total), math.Abs(a.GradNorm-b.GradNorm)/math.Abs(b.GradNorm))
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
		m.GradNorm += x.GradNorm / n
	}
	return m
}

// losses are those of a training from fixed seeds.
func losses(ctx context.Context, dev device.Device, steps int) (curve []rssm.Losses, err error) {
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
	defer func() { err = errors.Join(err, trainer.Close()) }()
	rng := rand.New(rand.NewSource(1))
	for range steps {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		l, err := trainer.Update(pushed(rng))
		if err != nil {
			return nil, err
		}
		curve = append(curve, l)
	}
	return curve, nil
}

// pushed is a batch in which a square goes where actions push it, from wall to wall;
// the reward is its height.
func pushed(rng *rand.Rand) *rssm.Batch {
	const size, side = rssm.Size, 12
	n := curveSequences * curveLength
	b := &rssm.Batch{B: curveSequences, T: curveLength, Pixels: make([]uint8, n*rssm.Pixels),
		Actions: make([]float32, 2*n), Rewards: make([]float32, n)}
	for s := range curveSequences {
		x, y := rng.Float64(), rng.Float64()
		hue := uint8(100 + rng.Intn(150))
		for t := range curveLength {
			i := s*curveLength + t
			dx, dy := 0.3*rng.Float64()-0.15, 0.3*rng.Float64()-0.15
			x, y = min(max(x+dx, 0), 1), min(max(y+dy, 0), 1)
			b.Actions[2*i], b.Actions[2*i+1], b.Rewards[i] = float32(dx/0.15), float32(dy/0.15), float32(y)
			picture := b.Pixels[i*rssm.Pixels : (i+1)*rssm.Pixels]
			for p := range picture {
				picture[p] = 30
			}
			left, top := int(x*(size-side)), int(y*(size-side))
			for row := top; row < top+side; row++ {
				for col := left; col < left+side; col++ {
					copy(picture[3*(row*size+col):], []uint8{hue, 200, 255 - hue})
				}
			}
		}
	}
	return b
}
