package rssm

import (
	"fmt"
	"math/rand"

	"github.com/latco-studio/latco/learning/device"
)

// transition is the workspace of simultaneous one-step predictions. What a
// layer computes stays here until the next prediction, for Jacobians.
type transition struct {
	arena
	rows        int
	z, next     device.Mat // rows×Z
	action, eps device.Mat // rows×A, rows×Stoch
	in, gx, gh  device.Mat // rows×Hidden, 3·Deter, 3·Deter
	gates       device.Mat // rows×3·Deter
	prior, raw  device.Mat // rows×Hidden, 2·Stoch
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
	t.in, t.gx, t.gh = t.mat(rows, c.Hidden), t.mat(rows, 3*c.Deter), t.mat(rows, 3*c.Deter)
	t.gates = t.mat(rows, 3*c.Deter)
	t.prior, t.raw = t.mat(rows, c.Hidden), t.mat(rows, 2*c.Stoch)
	t.mean, t.std = t.mat(rows, c.Stoch), t.mat(rows, c.Stoch)
	t.returns = t.mat(rows, 1)
	t.rows = rows
	if err := t.err; err != nil {
		t.free()
		t.rows = 0
		return fmt.Errorf("world model, %d predictions: %w", rows, err)
	}
	return nil
}

// first is the view of the first n rows.
func first(m device.Mat, n int) device.Mat { return m.RowRange(0, n) }

// advance computes the next deterministic state of n rows: z (n×Z) and action
// (n×A) give next's columns from Stoch on.
func (m *Model) advance(n int, z, action, next device.Mat) {
	dev, t, s, p := m.dev, &m.step, m.config.Stoch, &m.net.Core
	in, gx, gh := first(t.in, n), first(t.gx, n), first(t.gh, n)
	deter := z.ColRange(s, z.Cols)
	dev.Gemm(false, false, 1, z.ColRange(0, s), m.core.InStoch, 0, in)
	dev.Gemm(false, false, 1, action, m.core.InAction, 1, in)
	dev.BiasAct(device.ELU, p.InB, in)
	dev.Gemm(false, false, 1, in, m.core.Gate, 0, gx)
	dev.BiasAct(device.Identity, p.GateB, gx)
	dev.Gemm(false, false, 1, deter, m.core.Recur, 0, gh)
	dev.BiasAct(device.Identity, p.RecurB, gh)
	dev.GRU(gx, gh, deter, next.ColRange(s, next.Cols), first(t.gates, n))
}

// predict computes the next feature of n rows. Without rows in eps the next
// stochastic state is the prior's mean, else mean + std∘eps.
func (m *Model) predict(n int, z, action, eps, next device.Mat) {
	m.advance(n, z, action, next)
	dev, t, s, p := m.dev, &m.step, m.config.Stoch, &m.net.Core
	prior, stoch := first(t.prior, n), next.ColRange(0, s)
	dev.Gemm(false, false, 1, next.ColRange(s, next.Cols), m.core.Prior, 0, prior)
	dev.BiasAct(device.ELU, p.PriorB, prior)
	if eps.Rows == 0 {
		dev.Gemm(false, false, 1, prior, m.core.PriorOut.ColRange(0, s), 0, stoch)
		dev.BiasAct(device.Identity, p.PriorOutB.Slice(0, s), stoch)
		return
	}
	raw := first(t.raw, n)
	dev.Gemm(false, false, 1, prior, m.core.PriorOut, 0, raw)
	dev.BiasAct(device.Identity, p.PriorOutB, raw)
	dev.Normal(raw, m.shape.MinStd, eps, first(t.mean, n), first(t.std, n), stoch)
}

// drawNoise fills the first n rows of the workspace's eps with standard normals
// and returns them; with rng nil it returns a view without rows: take means.
func (m *Model) drawNoise(n int, rng *rand.Rand) (device.Mat, error) {
	if rng == nil {
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
