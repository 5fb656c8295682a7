package graph

import "github.com/latco-studio/latco/learning/device"

// Cell is what a GRU keeps of n rows for the backward pass.
type Cell struct {
	Gx, Gh, Gates device.Mat // n×3·Deter: input side, recurrent side, gates z, r, n
	Reset         device.Mat // n×Deter: r∘h, of ResetBefore only
}

// NewCell lays a cell out with memory by mat.
func (s ObserveShape) NewCell(n int, mat func(rows, cols int) device.Mat) Cell {
	if !s.Dynamics.Recurrent() {
		return Cell{}
	}
	c := Cell{Gx: mat(n, 3*s.Deter), Gh: mat(n, 3*s.Deter), Gates: mat(n, 3*s.Deter)}
	if s.Dynamics == ResetBefore {
		c.Reset = mat(n, s.Deter)
	}
	return c
}

// Rows is the view of rows [lo, hi).
func (c Cell) Rows(lo, hi int) Cell {
	return Cell{c.Gx.RowRange(lo, hi), c.Gh.RowRange(lo, hi), c.Gates.RowRange(lo, hi), c.Reset.RowRange(lo, hi)}
}

// Recur advances the deterministic state h by in (n×Hidden) to next.
func (s ObserveShape) Recur(dev device.Device, w *ObserveWeights, p *ObserveParams[device.Buffer], c Cell, in, h, next device.Mat) {
	dev.Gemm(false, false, 1, in, w.Gate, 0, c.Gx)
	dev.BiasAct(device.Identity, p.GateB, c.Gx)
	if s.Dynamics == ResetAfter {
		dev.Gemm(false, false, 1, h, w.Recur, 0, c.Gh)
		dev.BiasAct(device.Identity, p.RecurB, c.Gh)
		dev.GRU(c.Gx, c.Gh, h, next, c.Gates)
		return
	}
	d := s.Deter
	gates, fresh := c.Gh.ColRange(0, 2*d), c.Gh.ColRange(2*d, 3*d)
	dev.Gemm(false, false, 1, h, w.Recur.ColRange(0, 2*d), 0, gates)
	dev.GRUGates(c.Gx, gates, h, c.Gates, c.Reset)
	dev.Gemm(false, false, 1, c.Reset, w.Recur.ColRange(2*d, 3*d), 0, fresh)
	dev.GRUBlend(c.Gx, fresh, h, next, c.Gates)
}

// recurBack fills dgx and dgh (of ResetAfter) from dnext, adds to dh unless it
// is empty, and needs two scratch matrices of n×Deter.
func (s ObserveShape) recurBack(dev device.Device, w *ObserveWeights, c Cell, h, dnext, dgx, dgh, dh, direct, dreset device.Mat) {
	d := s.Deter
	if s.Dynamics == ResetAfter {
		dev.GRUBackward(c.Gates, c.Gh, h, dnext, dgx, dgh, direct)
	} else {
		dev.GRUBlendBackward(c.Gates, h, dnext, dgx, direct)
		dev.Gemm(false, true, 1, dgx.ColRange(2*d, 3*d), w.Recur.ColRange(2*d, 3*d), 0, dreset)
		dev.GRUGatesBackward(c.Gates, h, dreset, dgx, direct)
	}
	if dh.Rows == 0 {
		return
	}
	dev.AddMat(dh, direct)
	if s.Dynamics == ResetAfter {
		dev.Gemm(false, true, 1, dgh, w.Recur, 1, dh)
		return
	}
	dev.Gemm(false, true, 1, dgx.ColRange(0, 2*d), w.Recur.ColRange(0, 2*d), 1, dh)
}

// recurWeights puts the gradient of the recurrent kernel into dst = beta·dst + …;
// h are the states before, of the rows of c, dgx and dgh.
func (s ObserveShape) recurWeights(dev device.Device, c Cell, h, dgx, dgh device.Mat, beta float32, dst device.Mat) {
	if s.Dynamics == ResetAfter {
		dev.Gemm(true, false, 1, h, dgh, beta, dst)
		return
	}
	d := s.Deter
	dev.Gemm(true, false, 1, h, dgx.ColRange(0, 2*d), beta, dst.ColRange(0, 2*d))
	dev.Gemm(true, false, 1, c.Reset, dgx.ColRange(2*d, 3*d), beta, dst.ColRange(2*d, 3*d))
}
