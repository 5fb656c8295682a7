package rssm

import (
	"fmt"

	"github.com/latco-studio/latco/learning/device"
)

// The GRU that resets before its product, with the diagonals gᶻ, gⁿ of the gates
// behind the products, z, r and b = h∘r′:
//
//	∂h′/∂x = (diag(gᶻ)·W_z + diag(gⁿ)·(W_n + U_n·diag(b)·W_r))·diag(u′)·W₁
//	∂h′/∂h = diag(z) + diag(gᶻ)·U_z + diag(gⁿ)·U_n·(diag(r) + diag(b)·U_r)
//
// The mean of diag(gⁿ)·U_n·diag(v) over samples is U_n times, elementwise, the
// mean of the outer products gⁿvᵀ.

// resetDerivatives fills gx with gᶻ, b, gⁿ and keep with z.
func (m *Model) resetDerivatives(n int, z device.Mat) {
	j, d := &m.jac, m.config.Deter
	h, gates, ones := z.ColRange(m.config.Stoch, z.Cols), first(m.step.cell.Gates, n), first(j.ones, n).ColRange(0, d)
	m.dev.GRUBlendBackward(gates, h, ones, first(j.gx, n), first(j.keep, n))
	direct := first(j.gh, n).ColRange(0, d) // of no use here
	m.dev.CopyMat(direct, ones)
	m.dev.GRUGatesBackward(gates, h, ones, first(j.gx, n), direct)
}

// resetGate is the gate r of n predictions.
func (m *Model) resetGate(n int) device.Mat {
	d := m.config.Deter
	return first(m.step.cell.Gates, n).ColRange(d, 2*d)
}

// backThroughReset takes gradients with respect to h′ (deter) to those of the
// gates' arguments, of r∘h (reset), and of h on the ways without a product
// (keep).
func (m *Model) backThroughReset(n int, deter, gates, reset, keep device.Mat) {
	dev, d, gx := m.dev, m.config.Deter, first(m.jac.gx, n)
	fresh := gates.ColRange(2*d, 3*d)
	dev.MulRows(deter, gx.ColRange(0, d), 0, gates.ColRange(0, d))
	dev.MulRows(deter, gx.ColRange(2*d, 3*d), 0, fresh)
	dev.Gemm(false, true, 1, fresh, m.core.Recur.ColRange(2*d, 3*d), 0, reset)
	dev.MulRows(reset, gx.ColRange(d, 2*d), 0, gates.ColRange(d, 2*d))
	dev.MulRows(deter, first(m.jac.keep, n), 0, keep)
	dev.MulRows(reset, m.resetGate(n), 1, keep)
}

// forwardThroughReset takes tangents of the gates' input side to those of h′.
func (m *Model) forwardThroughReset(n int, gates, out device.Mat) {
	dev, d, gx := m.dev, m.config.Deter, first(m.jac.gx, n)
	reset, fresh := gates.ColRange(d, 2*d), gates.ColRange(2*d, 3*d)
	dev.MulRows(reset, gx.ColRange(d, 2*d), 0, reset)
	dev.Gemm(false, false, 1, reset, m.core.Recur.ColRange(2*d, 3*d), 1, fresh)
	dev.MulRows(gates.ColRange(0, d), gx.ColRange(0, d), 0, out)
	dev.MulRows(fresh, gx.ColRange(2*d, 3*d), 1, out)
}

// meanDeterIn makes deterIn's rows of groups of k samples their means.
func (m *Model) meanDeterIn(groups, k int) {
	if k == 1 {
		return
	}
	j, x, d := &m.jac, m.config.Stoch+m.act, m.config.Deter
	mean := j.inGates.Slice(0, groups*x*d).Mat(groups*x, d) // the tangents there are spent
	m.groupSums(groups, k, j.deterIn, mean)
	m.dev.Axpy(1/float32(k)-1, mean.Slice(0, groups*x*d), mean.Slice(0, groups*x*d))
	m.dev.CopyMat(first(j.deterIn, groups*x), mean)
}

// resetDeterDeter fills the columns of h in the rows of h′ (dz, row stride Z) of
// group i of k; gz and keep are sums over the group.
func (m *Model) resetDeterDeter(dz []float64, i, k int, gz, keep []float32) error {
	dev, j, s, d := m.dev, &m.jac, m.config.Stoch, m.config.Deter
	rows := func(x device.Mat) device.Mat { return x.RowRange(i*k, (i+1)*k) }
	fresh, share := rows(j.gx).ColRange(2*d, 3*d), 1/float32(k)
	dev.Gemm(true, false, share, fresh, rows(m.step.cell.Gates).ColRange(d, 2*d), 0, j.throughReset)
	dev.Gemm(true, false, share, fresh, rows(j.gx).ColRange(d, 2*d), 0, j.throughGate)
	for _, x := range []device.Mat{j.throughReset, j.throughGate} {
		dev.MulRows(x, m.freshT, 0, x)
	}
	dev.Gemm(false, true, 1, j.throughGate, m.core.Recur.ColRange(d, 2*d), 1, j.throughReset)
	host := m.squareStage(d * d)
	if err := dev.Download(host, j.throughReset.Buffer); err != nil {
		return fmt.Errorf("world model, Jacobians: %w", err)
	}
	z := s + d
	for r := range d {
		row, u, x := dz[r*z+s:(r+1)*z], m.recurT[r*d:(r+1)*d], host[r*d:(r+1)*d]
		g := share * gz[r]
		for c, v := range u {
			row[c] = float64(g*v + x[c])
		}
		row[r] += float64(share * keep[r])
	}
	return nil
}

// squareStage is host memory beside stage's.
func (m *Model) squareStage(n int) []float32 {
	if cap(m.square) < n {
		m.square = make([]float32, n)
	}
	return m.square[:n]
}
