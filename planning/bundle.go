package planning

import (
	"context"
	"fmt"
)

// bundle is the plans that are optimised side by side. What the model says of
// their transitions lies in common arrays, one plan behind the other, so that it
// is asked for all of them at once: on a device one pass serves all plans.
type bundle struct {
	trs  []*trajectory
	h    int
	from []float64 // P·H×Z: states 0..H−1 of every plan
	to   []float64 // P·H×Z: states 1..H
	a    []float64 // P·H×A

	next, dz, da []float64 // P·H×Z, ×Z×Z, ×Z×A: memory of the trajectories; Jacobians nil with a remote

	remote *remote // nil: steps are taken here
	excuse string  // why not there, for Plan.Solver
}

// newBundle draws the trajectories to be optimised; only the first is warm. Samples
// are those of a moment, 0 for means.
func newBundle(p *Problem, c *Collocation, samples int) *bundle {
	h, z, a := p.Horizon, p.Model.FeatureDim(), p.Model.ActionDim()
	n := c.Plans * h
	b := &bundle{
		h: h, from: make([]float64, n*z), to: make([]float64, n*z), a: make([]float64, n*a),
		next: make([]float64, n*z),
	}
	var why error
	if b.remote, why = newRemote(p, c, samples); why != nil {
		b.excuse = fmt.Sprintf("; not where the model computes: %v", why)
	}
	if b.remote == nil {
		b.dz, b.da = make([]float64, n*z*z), make([]float64, n*z*a)
	}
	warm := p.Warm
	for i := range c.Plans {
		tr := drawTrajectory(p, c.Lambda0, c.Nu0, warm)
		tr.next = part(b.next, i, h*z)
		if b.remote == nil {
			tr.dz, tr.da = part(b.dz, i, h*z*z), part(b.da, i, h*z*a)
		}
		b.trs = append(b.trs, tr)
		warm = nil
	}
	return b
}

// part is the i-th run of n numbers.
func part(x []float64, i, n int) []float64 { return x[i*n : (i+1)*n : (i+1)*n] }

// gather copies the iterates side by side.
func (b *bundle) gather() {
	for i, tr := range b.trs {
		n := tr.h * tr.zdim
		copy(part(b.from, i, n), tr.z)
		copy(part(b.to, i, n), tr.z[tr.zdim:])
		copy(part(b.a, i, tr.h*tr.adim), tr.a)
	}
}

// portions calls do for rows [lo, hi), at most n at a time, until all rows had
// their turn, ctx ends, or it returns an error.
func (b *bundle) portions(ctx context.Context, n int, do func(lo, hi int) error) error {
	rows := len(b.trs) * b.h
	for lo := 0; lo < rows; lo += n {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := do(lo, min(rows, lo+n)); err != nil {
			return err
		}
	}
	return nil
}

// linearizeBatch is the number of transitions for one call of a model that does
// not say: a plan's.
func linearizeBatch(model Model, h int) int {
	if b, ok := model.(LinearizeBatcher); ok {
		return max(1, b.LinearizeBatch())
	}
	return h
}
