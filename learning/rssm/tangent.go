package rssm

import (
	"fmt"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/graph"
)

// tangentPoints is the number of transitions whose tangents are pushed forward
// together.
const tangentPoints = 16

// tangents is the workspace of Jacobians in forward mode, for the dynamics that
// jacobian.go does not know: every direction of the input goes through the
// layers beside the state. With the diagonals that the kernels' backward passes
// give for a gradient of ones, for a GRU that resets before its product
//
//	d(r∘h) = r∘dh + h∘r′∘(dgʳ + U_r dh)
//	dh′    = z∘dh + gᶻ∘(dgᶻ + U_z dh) + gⁿ∘(dgⁿ + U_n d(r∘h))
//	ds′    = dmean + ε∘std′∘draw
//
// dg the tangents of the input side, zero in the directions of h.
type tangents struct {
	arena
	rows       int        // points with room for their diagonals
	ones       device.Mat // rows×max(Hidden, Deter, Stoch)
	in, prior  device.Mat // rows×Hidden: u′, p′
	gx, direct device.Mat // rows×3·Deter (gᶻ, h∘r′, gⁿ), Deter (not used)
	draw       device.Mat // rows×2·Stoch: ∂s′/∂raw

	inputs, states tangentBlock // directions of [s, a], of h
}

// tangentBlock is one kind of directions at tangentPoints points, a row each.
type tangentBlock struct {
	dims       int        // directions a point
	in, gx     device.Mat // ×Hidden, 3·Deter; of inputs only
	reset, new device.Mat // ×Deter: d(r∘h), gⁿ's argument
	next       device.Mat // ×(Stoch + Deter): the result
	prior, raw device.Mat // ×Hidden, 2·Stoch
}

func (m *Model) reserveTangents(rows int) error {
	t, c := &m.tan, &m.config
	if rows <= t.rows {
		return nil
	}
	t.free()
	s, d, h := c.Stoch, c.deter(), c.Hidden
	t.ones = t.mat(rows, max(h, d, s))
	t.in, t.prior, t.draw = t.mat(rows, h), t.mat(rows, h), t.mat(rows, 2*s)
	t.gx, t.direct = t.mat(rows, 3*d), t.mat(rows, d)
	block := func(dims int) tangentBlock {
		n := dims * tangentPoints
		return tangentBlock{dims: dims, in: t.mat(n, h), gx: t.mat(n, 3*d), reset: t.mat(n, d), new: t.mat(n, d),
			next: t.mat(n, s+d), prior: t.mat(n, h), raw: t.mat(n, 2*s)}
	}
	t.inputs, t.states = block(s+m.act), block(d)
	t.rows = rows
	if err := t.err; err != nil {
		t.free()
		t.rows = 0
		return fmt.Errorf("world model, tangents at %d points: %w", rows, err)
	}
	m.dev.Fill(t.ones.Buffer, 1)
	return nil
}

// pushForward fills out for groups of k of the predictions in the workspace,
// made from z: their mean Jacobians.
func (m *Model) pushForward(groups, k int, z, eps device.Mat, out blocks) error {
	n, w := groups*k, m.config.Feature()
	m.diagonals(n, z, eps)
	clear(out.dz)
	clear(out.da)
	for lo := 0; lo < n; lo += tangentPoints {
		hi := min(n, lo+tangentPoints)
		m.pushInputs(lo, hi)
		if err := m.collect(&m.tan.inputs, lo, hi, k, func(group, dir int) ([]float64, int) {
			if s := m.config.Stoch; dir >= s {
				return column(out.da, group, w, m.act, dir-s)
			}
			return column(out.dz, group, w, w, dir)
		}); err != nil {
			return err
		}
		if !m.shape.Dynamics.Recurrent() {
			continue
		}
		m.pushStates(lo, hi)
		if err := m.collect(&m.tan.states, lo, hi, k, func(group, dir int) ([]float64, int) {
			return column(out.dz, group, w, w, m.config.Stoch+dir)
		}); err != nil {
			return err
		}
	}
	return nil
}

// column is column dir of a group's rows×cols block, and its stride.
func column(m []float64, group, rows, cols, dir int) ([]float64, int) {
	if m == nil {
		return nil, 0
	}
	return m[group*rows*cols+dir : (group+1)*rows*cols], cols
}

// diagonals fills the derivatives of what is elementwise at n predictions.
func (m *Model) diagonals(n int, z, eps device.Mat) {
	dev, t, x, c := m.dev, &m.tan, &m.step, &m.config
	ones := func(cols int) device.Mat { return first(t.ones, n).ColRange(0, cols) }
	dev.ActBackward(m.shape.Act, first(x.in, n), ones(c.Hidden), first(t.in, n))
	if m.shape.Dynamics != graph.Markov {
		dev.ActBackward(m.shape.PriorAct(), first(x.prior, n), ones(c.Hidden), first(t.prior, n))
	}
	if m.shape.Dynamics.Recurrent() {
		h, gates := z.ColRange(c.Stoch, z.Cols), first(x.cell.Gates, n)
		dev.GRUBlendBackward(gates, h, ones(c.deter()), first(t.gx, n), first(t.direct, n))
		dev.GRUGatesBackward(gates, h, ones(c.deter()), first(t.gx, n), first(t.direct, n))
	}
	if eps.Rows > 0 {
		dev.NormalBackward(first(x.raw, n), first(eps, n), device.Mat{}, device.Mat{}, ones(c.Stoch), first(t.draw, n))
		return
	}
	dev.Fill(t.draw.Buffer, 0)
}

// pushInputs pushes the directions of [s, a] at the points [lo, hi).
func (m *Model) pushInputs(lo, hi int) {
	dev, t, b, d := m.dev, &m.tan, &m.tan.inputs, m.config.deter()
	n := (hi - lo) * b.dims
	in := first(b.in, n)
	dev.MulRows(m.core.In, t.in.RowRange(lo, hi), 0, in)
	if !m.shape.Dynamics.Recurrent() {
		m.pushPrior(b, lo, hi, in)
		return
	}
	gx, reset, fresh := first(b.gx, n), first(b.reset, n), first(b.new, n)
	dev.Gemm(false, false, 1, in, m.core.Gate, 0, gx)
	scale := t.gx.RowRange(lo, hi)
	dev.MulRows(gx.ColRange(d, 2*d), scale.ColRange(d, 2*d), 0, reset)
	dev.CopyMat(fresh, gx.ColRange(2*d, 3*d))
	dev.Gemm(false, false, 1, reset, m.core.Recur.ColRange(2*d, 3*d), 1, fresh)
	next := first(b.next, n).ColRange(m.config.Stoch, b.next.Cols)
	dev.MulRows(gx.ColRange(0, d), scale.ColRange(0, d), 0, next)
	dev.MulRows(fresh, scale.ColRange(2*d, 3*d), 1, next)
	m.pushPrior(b, lo, hi, next)
}

// pushStates pushes the directions of h.
func (m *Model) pushStates(lo, hi int) {
	dev, t, b, d := m.dev, &m.tan, &m.tan.states, m.config.deter()
	n := (hi - lo) * b.dims
	reset, fresh := first(b.reset, n), first(b.new, n)
	scale, gates := t.gx.RowRange(lo, hi), m.step.cell.Gates.RowRange(lo, hi)
	dev.MulRows(m.core.Recur.ColRange(d, 2*d), scale.ColRange(d, 2*d), 0, reset)
	dev.MulRows(m.eye, gates.ColRange(d, 2*d), 1, reset)
	dev.Gemm(false, false, 1, reset, m.core.Recur.ColRange(2*d, 3*d), 0, fresh)
	next := first(b.next, n).ColRange(m.config.Stoch, b.next.Cols)
	dev.MulRows(m.core.Recur.ColRange(0, d), scale.ColRange(0, d), 0, next)
	dev.MulRows(m.eye, gates.ColRange(0, d), 1, next)
	dev.MulRows(fresh, scale.ColRange(2*d, 3*d), 1, next)
	m.pushPrior(b, lo, hi, next)
}

// pushPrior takes tangents of what the prior is read from to those of s′.
func (m *Model) pushPrior(b *tangentBlock, lo, hi int, x device.Mat) {
	dev, t, s := m.dev, &m.tan, m.config.Stoch
	n := x.Rows
	prior, raw := x, first(b.raw, n)
	if m.shape.Dynamics != graph.Markov {
		prior = first(b.prior, n)
		dev.Gemm(false, false, 1, x, m.core.Prior, 0, prior)
		dev.MulRows(prior, t.prior.RowRange(lo, hi), 0, prior)
	}
	dev.Gemm(false, false, 1, prior, m.core.PriorOut, 0, raw)
	stoch := first(b.next, n).ColRange(0, s)
	dev.CopyMat(stoch, raw.ColRange(0, s))
	dev.MulRows(raw.ColRange(s, 2*s), t.draw.RowRange(lo, hi).ColRange(s, 2*s), 1, stoch)
}

// collect adds a block's results at the points [lo, hi) to the columns of the
// groups' Jacobians, where there are any.
func (m *Model) collect(b *tangentBlock, lo, hi, k int, column func(group, dir int) ([]float64, int)) error {
	w := m.config.Feature()
	host := m.stage((hi - lo) * b.dims * w)
	if err := m.dev.Download(host, b.next.Buffer); err != nil {
		return fmt.Errorf("world model, tangents: %w", err)
	}
	share := 1 / float64(k)
	for i := lo; i < hi; i++ {
		for dir := range b.dims {
			row := host[:w]
			host = host[w:]
			dst, stride := column(i/k, dir)
			if dst == nil {
				continue
			}
			for r, v := range row {
				dst[r*stride] += share * float64(v)
			}
		}
	}
	return nil
}
