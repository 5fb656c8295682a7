package purego

import "github.com/latco-studio/latco/learning/device"

var _ device.Scanner = (*Device)(nil)

// Scans: the reference takes every shape.
func (*Device) Scans(device.ScanShape) bool { return true }

// scanned cuts the matrices of a time step out of the device's scratch memory:
// where the GRU's sums go, and two matrices of B×Deter.
type scanned struct{ gx, gh, one, two device.Mat }

func (d *Device) scanned(s device.ScanShape) scanned {
	u := s.Deter
	d.step = grown(d.step, 8*s.B*u)
	whole, lo := device.Buffer{Len: len(d.step), Host: d.step}, 0
	cut := func(cols int) device.Mat {
		lo += s.B * cols
		return whole.Slice(lo-s.B*cols, lo).Mat(s.B, cols)
	}
	return scanned{cut(3 * u), cut(3 * u), cut(u), cut(u)}
}

// Scan: see device.Scanner. Operation by operation.
func (d *Device) Scan(s device.ScanShape, w device.ScanWeights, x device.ScanTrace) {
	s.Check(w, x)
	if s.Rows() == 0 {
		return
	}
	m, u := d.scanned(s), s.Deter
	zero := make([]float32, s.B*max(s.Stoch, u))
	none := device.Buffer{Len: len(zero), Host: zero}
	stoch, deter := none.Mat(s.B, s.Stoch), none.Mat(s.B, u)
	for t := range s.T {
		at := func(v device.Mat) device.Mat { return v.RowRange(t*s.B, (t+1)*s.B) }
		in, post, raw, next, gates, side := at(x.In), at(x.Post), at(x.Raw), at(x.Deter), at(x.Gates), at(x.Side)
		d.Gemm(false, false, 1, stoch, w.InStoch, 1, in)
		d.BiasAct(s.Act, w.InB, in)
		d.Gemm(false, false, 1, in, w.Gate, 0, m.gx)
		d.BiasAct(device.Identity, w.GateB, m.gx)
		if s.ResetBefore {
			zr, n := m.gh.ColRange(0, 2*u), m.gh.ColRange(2*u, 3*u)
			d.Gemm(false, false, 1, deter, w.Recur.ColRange(0, 2*u), 0, zr)
			d.GRUGates(m.gx, zr, deter, gates, side)
			d.Gemm(false, false, 1, side, w.Recur.ColRange(2*u, 3*u), 0, n)
			d.GRUBlend(m.gx, n, deter, next, gates)
		} else {
			d.Gemm(false, false, 1, deter, w.Recur, 0, m.gh)
			d.BiasAct(device.Identity, w.RecurB, m.gh)
			d.GRU(m.gx, m.gh, deter, next, gates)
			d.CopyMat(side, m.gh.ColRange(2*u, 3*u))
		}
		d.Gemm(false, false, 1, next, w.PostState, 1, post)
		d.BiasAct(s.Act, w.PostB, post)
		d.Gemm(false, false, 1, post, w.PostOut, 0, raw)
		d.BiasAct(device.Identity, w.PostOutB, raw)
		d.Normal(raw, s.MinStd, at(x.Noise), at(x.Mean), at(x.Std), at(x.Stoch))
		stoch, deter = at(x.Stoch), next
	}
}

// ScanBackward: see device.Scanner. Operation by operation.
func (d *Device) ScanBackward(s device.ScanShape, w device.ScanWeights, x device.ScanTrace, g device.ScanGradient) {
	s.CheckBackward(w, x, g)
	if s.Rows() == 0 {
		return
	}
	m, u := d.scanned(s), s.Deter
	numbers := make([]float32, s.B*(s.Stoch+2*u))
	whole := device.Buffer{Len: len(numbers), Host: numbers}
	zero, dstoch, dnext := whole.Mat(s.B, u), whole.Slice(s.B*u, whole.Len).Mat(s.B, s.Stoch), whole.Slice(s.B*(u+s.Stoch), whole.Len).Mat(s.B, u)
	at := func(v device.Mat, t int) device.Mat { return v.RowRange(t*s.B, (t+1)*s.B) }
	for t := s.T - 1; t >= 0; t-- {
		if t == s.T-1 {
			d.CopyMat(dstoch, at(g.Stoch, t))
			d.CopyMat(dnext, at(g.Deter, t))
		}
		post, in, old := at(g.Post, t), at(g.In, t), zero
		if t > 0 {
			old = at(x.Deter, t-1)
		}
		d.NormalBackward(at(x.Raw, t), at(x.Noise, t), at(g.Mean, t), at(g.Std, t), dstoch, at(g.Raw, t))
		d.Gemm(false, true, 1, at(g.Raw, t), w.PostOut, 0, post)
		d.ActBackward(s.Act, at(x.Post, t), post, post)
		d.Gemm(false, true, 1, post, w.PostState, 1, dnext)
		dgh, columns := d.cellBack(s, w, m, at(x.Gates, t), at(x.Side, t), old, dnext, at(g.Gx, t), g, t)
		d.Gemm(false, true, 1, at(g.Gx, t), w.Gate, 0, in)
		d.ActBackward(s.Act, at(x.In, t), in, in)
		if t > 0 {
			d.CopyMat(dnext, at(g.Deter, t-1))
			d.AddMat(dnext, m.two)
			d.Gemm(false, true, 1, dgh, w.Recur.ColRange(0, columns), 1, dnext)
			d.CopyMat(dstoch, at(g.Stoch, t-1))
			d.Gemm(false, true, 1, in, w.InStoch, 1, dstoch)
		}
	}
}

// cellBack fills dgx, and m.two with what reaches the old state past the products.
// The rest comes by dgh through that many columns of Recur.
func (d *Device) cellBack(s device.ScanShape, w device.ScanWeights, m scanned, gates, side, old, dnext, dgx device.Mat,
	g device.ScanGradient, t int) (dgh device.Mat, columns int) {
	u := s.Deter
	if !s.ResetBefore {
		dgh = g.Gh.RowRange(t*s.B, (t+1)*s.B)
		d.CopyMat(m.gh.ColRange(2*u, 3*u), side)
		d.GRUBackward(gates, m.gh, old, dnext, dgx, dgh, m.two)
		return dgh, 3 * u
	}
	d.GRUBlendBackward(gates, old, dnext, dgx, m.two)
	d.Gemm(false, true, 1, dgx.ColRange(2*u, 3*u), w.Recur.ColRange(2*u, 3*u), 0, m.one)
	d.GRUGatesBackward(gates, old, m.one, dgx, m.two)
	return dgx.ColRange(0, 2*u), 2 * u
}
