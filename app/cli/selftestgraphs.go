package cli

import (
	"context"
	"fmt"
	"math/rand"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/device/cuda"
	"github.com/latco-studio/latco/learning/rssm"
)

// graphSteps are enough for a graph to be recorded and repeated.
const graphSteps = 10

// graphs trains with recorded steps and without: the losses must be the same to the
// bit.
func (t *selfTest) graphs(ctx context.Context) (v verdict, err error) {
	if t.cards == nil {
		fmt.Fprintln(t.out, "a CPU records nothing")
		return v, nil
	}
	var curves [2][]rssm.Losses
	for i, plain := range []bool{false, true} {
		err := t.with(cuda.Options{Plain: plain}, func(dev device.Device) error {
			r, err := newRace(dev, graphSteps)
			if err != nil {
				return err
			}
			defer r.close()
			rng := rand.New(rand.NewSource(1))
			for range graphSteps {
				if ctx.Err() != nil {
					v.left = []string{"the comparison"}
					return nil
				}
				l, err := r.trainer.Update(pushed(rng))
				if err != nil {
					return err
				}
				curves[i] = append(curves[i], l)
			}
			if !plain {
				fmt.Fprintf(t.out, "%s\n", dev.Name())
			}
			return nil
		})
		if err != nil || len(v.left) > 0 {
			return v, err
		}
	}
	v.done = len(curves[0])
	for i, l := range curves[0] {
		if l != curves[1][i] {
			v.failed = true
			fmt.Fprintf(t.out, "step %d: as a graph %+v, kernel by kernel %+v\n", i+1, l, curves[1][i])
		}
	}
	if !v.failed {
		fmt.Fprintf(t.out, "%d steps are the same to the bit\n", graphSteps)
	}
	return v, nil
}
