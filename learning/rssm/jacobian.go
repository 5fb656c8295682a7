package rssm

import (
	"fmt"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/graph"
)

// Jacobians in closed form, of models with a GRU; those of the others are in
// tangent.go, what is particular to a GRU that resets before its product in
// jacobianreset.go. With x = [s, a], u = act(W₁x + b₁) and the GRU's
// gates elementwise in its inputs gˣ = Wu + …, gʰ = Uh + …,
//
//	∂h′/∂x = Σ_k diag(∂h′/∂gˣ_k)·W_k·diag(u′)·W₁
//	∂h′/∂h = diag(z) + Σ_k diag(∂h′/∂gʰ_k)·U_k
//	∂s′/∂· = W₃·diag(p′)·W₂·∂h′/∂·
//
// k over the three gates. The diagonals are what the kernels' backward passes
// give for a gradient of ones. The rows of s′ are few and go backward through
// the layers; those of h′ have cheaper ways (linearize.go, moments.go).
//
// Work is in groups of k rows that share one Jacobian, the mean over the group:
// k samples for moments, k = 1 for a plain linearisation.
type jacobian struct {
	arena
	rows            int
	ones            device.Mat // rows×max(Hidden, Deter, Stoch)
	in, prior       device.Mat // rows×Hidden: u′, p′
	gx, gh, keep    device.Mat // rows×3·Deter, 3·Deter, Deter: ∂h′/∂gˣ, ∂h′/∂gʰ, z
	draw            device.Mat // rows×2·Stoch: ∂s′/∂raw
	inputs, inGates device.Mat // rows·(Stoch+A)×Hidden, ×3·Deter
	deterIn         device.Mat // rows·(Stoch+A)×Deter: ∂h′/∂x transposed

	// Stoch rows for every row: gradients of s′ with respect to …
	outRaw, outPrior, outDeter device.Mat // rows·Stoch×2·Stoch, Hidden, Deter
	outGates                   device.Mat // rows·Stoch×3·Deter: gˣ
	outNew, outKeep            device.Mat // rows·Stoch×Deter: gʰ's third gate, the direct path
	outIn                      device.Mat // rows·Stoch×Hidden: before u′

	// Means over the groups.
	meanGates, meanNew, meanIn device.Mat // rows·Stoch×3·Deter, Deter, Hidden
	stochDeter, stochIn        device.Mat // rows·Stoch×Deter, Stoch+A: ∂s′/∂h, ∂s′/∂x
	meanGh, meanKeep           device.Mat // rows×3·Deter, Deter
	mixed                      device.Mat // Hidden×3·Deter

	throughReset, throughGate device.Mat // Deter×Deter, of ResetBefore
}

func (m *Model) reserveJacobian(rows int) error {
	j, c := &m.jac, &m.config
	if rows <= j.rows {
		return nil
	}
	j.free()
	s, d, h, x := c.Stoch, c.Deter, c.Hidden, c.Stoch+m.act
	j.ones = j.mat(rows, max(h, d, s))
	j.in, j.prior = j.mat(rows, h), j.mat(rows, h)
	j.gx, j.gh, j.keep = j.mat(rows, 3*d), j.mat(rows, 3*d), j.mat(rows, d)
	j.draw = j.mat(rows, 2*s)
	j.inputs, j.inGates, j.deterIn = j.mat(rows*x, h), j.mat(rows*x, 3*d), j.mat(rows*x, d)
	j.outRaw, j.outPrior, j.outDeter = j.mat(rows*s, 2*s), j.mat(rows*s, h), j.mat(rows*s, d)
	j.outGates, j.outNew, j.outKeep = j.mat(rows*s, 3*d), j.mat(rows*s, d), j.mat(rows*s, d)
	j.outIn = j.mat(rows*s, h)
	j.meanGates, j.meanNew, j.meanIn = j.mat(rows*s, 3*d), j.mat(rows*s, d), j.mat(rows*s, h)
	j.stochDeter, j.stochIn = j.mat(rows*s, d), j.mat(rows*s, x)
	j.meanGh, j.meanKeep = j.mat(rows, 3*d), j.mat(rows, d)
	j.mixed = j.mat(h, 3*d)
	if m.shape.Dynamics == graph.ResetBefore {
		j.throughReset, j.throughGate = j.mat(d, d), j.mat(d, d)
	}
	j.rows = rows
	m.laid++
	if err := j.err; err != nil {
		j.free()
		j.rows = 0
		return fmt.Errorf("world model, %d Jacobians: %w", rows, err)
	}
	m.dev.Fill(j.ones.Buffer, 1)
	return nil
}

// derivatives fills the diagonals at the n predictions in the workspace, made
// from z.
func (m *Model) derivatives(n int, z device.Mat) {
	dev, j, t, c := m.dev, &m.jac, &m.step, &m.config
	ones := func(cols int) device.Mat { return first(j.ones, n).ColRange(0, cols) }
	dev.ActBackward(m.shape.Act, first(t.in, n), ones(c.Hidden), first(j.in, n))
	dev.ActBackward(m.shape.Act, first(t.prior, n), ones(c.Hidden), first(j.prior, n))
	if m.shape.Dynamics == graph.ResetBefore {
		m.resetDerivatives(n, z)
		return
	}
	dev.GRUBackward(first(t.cell.Gates, n), first(t.cell.Gh, n), z.ColRange(c.Stoch, z.Cols), ones(c.Deter),
		first(j.gx, n), first(j.gh, n), first(j.keep, n))
}

// stochRows fills stochDeter and stochIn for groups of k rows: the rows of s′ in
// the mean Jacobians. With eps the next state is a sample, else the mean.
func (m *Model) stochRows(groups, k int, eps device.Mat) {
	dev, j, c := m.dev, &m.jac, &m.config
	n, s, d := groups*k, c.Stoch, c.Deter
	prior := first(j.outPrior, n*s)
	m.lastLayer(n, eps, prior)

	deter, gates := first(j.outDeter, n*s), first(j.outGates, n*s)
	fresh, keep, in := first(j.outNew, n*s), first(j.outKeep, n*s), first(j.outIn, n*s)
	dev.Gemm(false, true, 1, prior, m.core.Prior, 0, deter)
	if m.shape.Dynamics == graph.ResetBefore {
		m.backThroughReset(n, deter, gates, fresh, keep)
	} else {
		gx := first(j.gx, n)
		for g := 0; g < 3*d; g += d {
			dev.MulRows(deter, gx.ColRange(g, g+d), 0, gates.ColRange(g, g+d))
		}
		dev.MulRows(deter, first(j.gh, n).ColRange(2*d, 3*d), 0, fresh)
		dev.MulRows(deter, first(j.keep, n), 0, keep)
	}
	dev.Gemm(false, true, 1, gates, m.core.Gate, 0, in)
	dev.MulRows(in, first(j.in, n), 0, in)

	r, w := groups*s, 1/float32(k)
	stochDeter := first(j.stochDeter, r)
	gates = m.groupSums(groups, k, gates, first(j.meanGates, r))
	fresh = m.groupSums(groups, k, fresh, first(j.meanNew, r))
	in = m.groupSums(groups, k, in, first(j.meanIn, r))
	keep = m.groupSums(groups, k, keep, stochDeter)
	if k == 1 {
		dev.CopyMat(stochDeter, keep)
	}
	recur := m.core.Recur
	if m.shape.Dynamics == graph.ResetBefore {
		gates, recur = gates.ColRange(0, 2*d), recur.ColRange(0, 2*d)
	} else {
		dev.CopyMat(gates.ColRange(2*d, 3*d), fresh)
	}
	dev.Gemm(false, true, w, gates, recur, w, stochDeter)
	dev.Gemm(false, true, w, in, m.core.In, 0, first(j.stochIn, r))
}

// lastLayer fills dst (n·Stoch×Hidden) with the gradients of every s′ before
// the prior's hidden activation.
func (m *Model) lastLayer(n int, eps, dst device.Mat) {
	dev, j, s := m.dev, &m.jac, m.config.Stoch
	if eps.Rows == 0 {
		dev.MulRows(m.meanT, first(j.prior, n), 0, dst)
		return
	}
	// s′ᵢ = meanᵢ + εᵢ·std(rawᵢ): one non-zero in either half of a row.
	draw, raw := first(j.draw, n), first(j.outRaw, n*s)
	ones := first(j.ones, n).ColRange(0, s)
	dev.NormalBackward(first(m.step.raw, n), eps, device.Mat{}, device.Mat{}, ones, draw)
	dev.MulRows(m.eye, draw.ColRange(0, s), 0, raw.ColRange(0, s))
	dev.MulRows(m.eye, draw.ColRange(s, 2*s), 0, raw.ColRange(s, 2*s))
	dev.Gemm(false, true, 1, raw, m.core.PriorOut, 0, dst)
	dev.MulRows(dst, first(j.prior, n), 0, dst)
}
