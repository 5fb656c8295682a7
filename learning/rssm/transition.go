package rssm

import (
	"fmt"
	"math/rand"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/graph"
)

// transition is the workspace of simultaneous one-step predictions. What a
// layer computes stays here until the next prediction, for Jacobians.
type transition struct {
	arena
	rows        int
	z, next     device.Mat // rows×Z
	action, eps device.Mat // rows×A, rows×Stoch
	in          device.Mat // rows×Hidden
	cell        graph.Cell
	prior, raw  device.Mat // rows×Hidden (in itself where there is one layer), 2·Stoch
	mean, std   device.Mat // rows×Stoch
	returns     device.Mat // rows×1
}

// reserve makes room for rows predictions. What the workspace held is lost when
// it has to grow.
func (m *Model) reserve(rows int) error {
	t, c := &m.step, &m.config
	if rows <= t.rows {
		return nil
	}
	t.free()
	t.z, t.next = t.mat(rows, c.Feature()), t.mat(rows, c.Feature())
	t.action, t.eps = t.mat(rows, m.act), t.mat(rows, c.Stoch)
	t.in, t.cell = t.mat(rows, c.Hidden), m.shape.NewCell(rows, t.mat)
	t.prior = t.in
	if m.shape.Dynamics != graph.Markov {
		t.prior = t.mat(rows, c.Hidden)
	}
	t.raw = t.mat(rows, 2*c.Stoch)
	t.mean, t.std = t.mat(rows, c.Stoch), t.mat(rows, c.Stoch)
	t.returns = t.mat(rows, 1)
	t.rows = rows
	m.laid++
	if err := t.err; err != nil {
		t.free()
		t.rows = 0
		return fmt.Errorf("world model, %d predictions: %w", rows, err)
	}
	return nil
}

// first is the view of the first n rows.
func first(m device.Mat, n int) device.Mat { return m.RowRange(0, n) }

// advance computes what the prior is read from, for n rows: z (n×Z) and action
// (n×A) give the next deterministic state, next's columns from Stoch on, or
// without one the hidden layer.
func (m *Model) advance(n int, z, action, next device.Mat) {
	dev, t, s, p := m.dev, &m.step, m.config.Stoch, &m.net.Core
	in := first(t.in, n)
	dev.Gemm(false, false, 1, z.ColRange(0, s), m.core.InStoch, 0, in)
	dev.Gemm(false, false, 1, action, m.core.InAction, 1, in)
	dev.BiasAct(m.shape.Act, p.InB, in)
	if m.shape.Dynamics.Recurrent() {
		m.shape.Recur(dev, &m.core, p, t.cell.Rows(0, n), in, z.ColRange(s, z.Cols), next.ColRange(s, next.Cols))
	}
}

// hidden computes the prior's own layer behind an advance.
func (m *Model) hidden(n int, next device.Mat) device.Mat {
	t, prior := &m.step, first(m.step.prior, n)
	if m.shape.Dynamics == graph.Markov {
		return prior
	}
	x := first(t.in, n)
	if m.shape.Dynamics.Recurrent() {
		x = next.ColRange(m.config.Stoch, next.Cols)
	}
	m.dev.Gemm(false, false, 1, x, m.core.Prior, 0, prior)
	m.dev.BiasAct(m.shape.PriorAct(), m.net.Core.PriorB, prior)
	return prior
}

// priorRaw reads the prior's raw mean and deviation from its layer.
func (m *Model) priorRaw(n int, hidden device.Mat) device.Mat {
	raw := first(m.step.raw, n)
	m.dev.Gemm(false, false, 1, hidden, m.core.PriorOut, 0, raw)
	m.dev.BiasAct(device.Identity, m.net.Core.PriorOutB, raw)
	return raw
}

// predict computes the next feature of n rows. Without rows in eps the next
// stochastic state is the prior's mean, else mean + std∘eps.
func (m *Model) predict(n int, z, action, eps, next device.Mat) {
	m.advance(n, z, action, next)
	t, s := &m.step, m.config.Stoch
	prior, stoch := m.hidden(n, next), next.ColRange(0, s)
	if eps.Rows == 0 {
		m.dev.Gemm(false, false, 1, prior, m.core.PriorOut.ColRange(0, s), 0, stoch)
		m.dev.BiasAct(device.Identity, m.net.Core.PriorOutB.Slice(0, s), stoch)
		return
	}
	m.dev.Normal(m.priorRaw(n, prior), m.shape.MinStd, eps, first(t.mean, n), first(t.std, n), stoch)
}

// drawNoise fills the first n rows of the workspace's eps with standard normals
// and returns them; with rng nil, or a model without chance, it returns a view
// without rows: take means.
func (m *Model) drawNoise(n int, rng *rand.Rand) (device.Mat, error) {
	if rng == nil || !m.config.samples() {
		return device.Mat{}, nil
	}
	v := m.stage(n * m.config.Stoch)
	for i := range v {
		v[i] = float32(rng.NormFloat64())
	}
	eps := first(m.step.eps, n)
	if err := m.dev.Upload(eps.Buffer, v); err != nil {
		return eps, fmt.Errorf("world model: %w", err)
	}
	return eps, nil
}
