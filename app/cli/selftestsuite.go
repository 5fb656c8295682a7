package cli

import (
	"context"
	"fmt"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/device/cuda"
	"github.com/latco-studio/latco/learning/device/devicetest"
	"github.com/latco-studio/latco/learning/device/purego"
)

// suite runs the tests that every device passes: on a card by own kernels alone,
// and the products by cuBLAS as well.
func (t *selfTest) suite(ctx context.Context) (v verdict, err error) {
	if t.cards == nil {
		return t.conformance(ctx, t.dev, ""), nil
	}
	err = t.with(cuda.Options{OwnGemm: true}, func(dev device.Device) error {
		v = t.conformance(ctx, dev, "")
		return nil
	})
	if err != nil || v.failed {
		return v, err
	}
	err = t.with(cuda.Options{AllBLAS: true}, func(dev device.Device) error {
		blas := t.conformance(ctx, dev, "Gemm")
		v = verdict{blas.failed, v.done + blas.done, append(v.left, blas.left...)}
		return nil
	})
	return v, err
}

// conformance runs the suite, or one group of it.
func (t *selfTest) conformance(ctx context.Context, dev device.Device, only string) verdict {
	fmt.Fprintf(t.out, "%s\n", dev.Name())
	r := &examiner{ctx: ctx, out: t.out, only: only}
	var groups []devicetest.Group
	r.perform(func() { groups = devicetest.Measure(r, dev, purego.New()) })
	tw := table(t.out)
	fmt.Fprintln(tw, "group\tlargest error\tof its tolerance")
	for _, g := range groups {
		if g.Worst > 0 {
			fmt.Fprintf(tw, "%s\t%.2g\t%.0f %%\n", g.Name, g.Error, 100*g.Worst)
		}
	}
	tw.Flush()
	fmt.Fprintf(t.out, "%d tests\n", *r.count())
	return verdict{r.failed, *r.count(), r.left}
}
