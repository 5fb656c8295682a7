package rssm

import (
	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/graph"
)

// resets is the workspace of throughResets.
type resets struct {
	through, gate, outer device.Mat // rows·Deter×Deter
	fresh                device.Mat // rows×Deter
}

func (m *Model) layOutResets(rows int) (r resets) {
	c, d := &m.collocation, m.config.Deter
	if m.shape.Dynamics != graph.ResetBefore {
		return r
	}
	r.through, r.gate = c.mat(rows*d, d), c.mat(rows*d, d)
	if c.of.samples > 0 {
		r.outer = c.mat(rows*d, d)
	} else {
		r.fresh = c.mat(rows, d)
	}
	return r
}

// throughResets is what goes through the reset in ∂h′/∂h of groups of k predictions
// (groups·Deter×Deter): the means of diag(gⁿ)·U_n·(diag(r) + diag(b)·U_r), see
// jacobianreset.go.
func (m *Model) throughResets(groups, k int) device.Mat {
	r, d := &m.collocation.resets, m.config.Deter
	through, gate := first(r.through, groups*d), first(r.gate, groups*d)
	back := m.core.Recur.ColRange(d, 2*d)
	fresh, b := first(m.jac.gx, groups*k).ColRange(2*d, 3*d), first(m.jac.gx, groups*k).ColRange(d, 2*d)
	if m.collocation.of.samples > 0 {
		outer := first(r.outer, groups*d)
		m.outerProducts(groups, k, fresh, b, outer)
		m.dev.MulRows(m.freshT, outer, 0, gate)
		m.outerProducts(groups, k, fresh, m.resetGate(groups*k), outer)
		m.dev.MulRows(m.freshT, outer, 0, through)
		m.dev.Gemm(false, true, 1, gate, back, 1, through)
		return through
	}
	m.dev.MulRows(m.freshT, m.resetGate(groups), 0, through)
	m.dev.MulRows(m.freshT, b, 0, gate)
	m.dev.Gemm(false, true, 1, gate, back, 1, through)
	// gⁿ scales rows: a number a row, as if matrices had one column.
	m.dev.CopyMat(first(r.fresh, groups), fresh)
	column := r.through.Buffer.Mat(groups*d*d, 1)
	m.dev.MulRows(column, r.fresh.Buffer.Mat(groups*d, 1), 0, column)
	return through
}

// outerProducts fills dst (groups·Deter×Deter) with the means of x·yᵀ over groups of
// k rows.
func (m *Model) outerProducts(groups, k int, x, y, dst device.Mat) {
	d := m.config.Deter
	for i := range groups {
		m.dev.Gemm(true, false, 1/float32(k), x.RowRange(i*k, (i+1)*k), y.RowRange(i*k, (i+1)*k), 0, dst.RowRange(i*d, (i+1)*d))
	}
}
