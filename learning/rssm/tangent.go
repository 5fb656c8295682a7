package rssm

import (
	"fmt"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/graph"
)

// tangents is the workspace of Jacobians of models without a deterministic
// state, whose inputs are few: every direction of [s, a] goes forward through the
// layers, those of one point in as many rows,
//
//	ds′ = dmean + ε∘std′∘draw,  [dmean, draw] = W₃·diag(p′)·W₂·diag(u′)·W₁·d[s, a]
//
// without the second factor pair in PlaNet's form.
type tangents struct {
	arena
	rows      int        // points with room
	ones      device.Mat // rows×max(Hidden, Stoch)
	in, prior device.Mat // rows×Hidden: u′, p′
	draw      device.Mat // rows×2·Stoch: ∂s′/∂raw

	first, second device.Mat // rows·(Stoch+A)×Hidden: behind u′, behind p′
	raw, stoch    device.Mat // ×2·Stoch, Stoch
}

func (m *Model) reserveTangents(rows int) error {
	t, c := &m.tan, &m.config
	if rows <= t.rows {
		return nil
	}
	t.free()
	s, h, x := c.Stoch, c.Hidden, c.Stoch+m.act
	t.ones = t.mat(rows, max(h, s))
	t.in, t.prior, t.draw = t.mat(rows, h), t.mat(rows, h), t.mat(rows, 2*s)
	t.first, t.second = t.mat(rows*x, h), t.mat(rows*x, h)
	t.raw, t.stoch = t.mat(rows*x, 2*s), t.mat(rows*x, s)
	t.rows = rows
	if err := t.err; err != nil {
		t.free()
		t.rows = 0
		return fmt.Errorf("world model, tangents at %d points: %w", rows, err)
	}
	m.dev.Fill(t.ones.Buffer, 1)
	return nil
}

// pushForward fills out for groups of k of the predictions in the workspace:
// their mean Jacobians.
func (m *Model) pushForward(groups, k int, eps device.Mat, out blocks) error {
	s, x := m.config.Stoch, m.config.Stoch+m.act
	m.push(groups*k, eps)
	host := m.stage(groups * k * x * s)
	if err := m.dev.Download(host, m.tan.stoch.Buffer); err != nil {
		return fmt.Errorf("world model, tangents: %w", err)
	}
	clear(out.dz)
	clear(out.da)
	share := 1 / float64(k)
	for i := range groups * k {
		for dir := range x {
			row := host[(i*x+dir)*s : (i*x+dir+1)*s]
			m.addColumn(out, i/k, dir, share, row)
		}
	}
	return nil
}

// addColumn adds share·row to the column of a direction.
func (m *Model) addColumn(out blocks, group, dir int, share float64, row []float32) {
	dst, stride, s := out.dz, m.config.Stoch, m.config.Stoch
	if dir >= s {
		dst, stride, dir = out.da, m.act, dir-s
	}
	if dst == nil {
		return
	}
	dst = dst[group*s*stride:]
	for r, v := range row {
		dst[r*stride+dir] += share * float64(v)
	}
}

// push fills stoch with ds′ of every direction at n predictions.
func (m *Model) push(n int, eps device.Mat) {
	dev, t, x, c := m.dev, &m.tan, &m.step, &m.config
	ones := func(cols int) device.Mat { return first(t.ones, n).ColRange(0, cols) }
	rows := n * (c.Stoch + m.act)
	dev.ActBackward(m.shape.Act, first(x.in, n), ones(c.Hidden), first(t.in, n))
	last := first(t.first, rows)
	dev.MulRows(m.core.In, first(t.in, n), 0, last)
	if m.shape.Dynamics == graph.DeepMarkov {
		dev.ActBackward(m.shape.PriorAct(), first(x.prior, n), ones(c.Hidden), first(t.prior, n))
		second := first(t.second, rows)
		dev.Gemm(false, false, 1, last, m.core.Prior, 0, second)
		dev.MulRows(second, first(t.prior, n), 0, second)
		last = second
	}
	raw, stoch, s := first(t.raw, rows), first(t.stoch, rows), c.Stoch
	dev.Gemm(false, false, 1, last, m.core.PriorOut, 0, raw)
	dev.CopyMat(stoch, raw.ColRange(0, s))
	if eps.Rows > 0 {
		draw := first(t.draw, n)
		dev.NormalBackward(first(x.raw, n), first(eps, n), device.Mat{}, device.Mat{}, ones(s), draw)
		dev.MulRows(raw.ColRange(s, 2*s), draw.ColRange(s, 2*s), 1, stoch)
	}
}
