package graph

import "github.com/latco-studio/latco/learning/device"

// unroll is the work of one Overshoot: block after block, each from the first
// rows of the one before.
type unroll struct {
	OvershootShape
	dev   device.Device
	first device.Mat // T·B×Stoch: samples of Observe's priors

	in, prior, raw device.Mat // Rows × Hidden, Hidden, 2·Stoch
	cell           Cell

	dpredicted     device.Buffer // Rows×Predicted: all that reaches the predictions
	dfirst         device.Mat    // T·B×Stoch
	din, dprior    device.Mat    // of one block, at most T·B rows
	draw, dgx, dgh device.Mat
	direct, dreset device.Mat
}

func newUnroll(g *Graph, s OvershootShape) *unroll {
	mat := func(rows, cols int) device.Mat { return g.memory(rows*cols).Mat(rows, cols) }
	m := s.Rows()
	u := &unroll{
		OvershootShape: s, dev: g.dev, first: mat(s.T*s.B, s.Stoch),
		in: mat(m, s.Hidden), raw: mat(m, 2*s.Stoch), cell: s.NewCell(m, mat),
	}
	u.prior = u.in
	if s.Dynamics != Markov {
		u.prior = mat(m, s.Hidden)
	}
	return u
}

func (u *unroll) makeGradients(g *Graph) {
	mat := func(rows, cols int) device.Mat { return g.memory(rows*cols).Mat(rows, cols) }
	n := u.T * u.B
	u.dpredicted = g.memory(u.Rows() * u.Predicted())
	u.dfirst = mat(n, u.Stoch)
	u.din, u.draw = mat(n, u.Hidden), mat(n, 2*u.Stoch)
	u.dprior = u.din
	if u.Dynamics != Markov {
		u.dprior = mat(n, u.Hidden)
	}
	if u.Dynamics.Recurrent() {
		u.dgx, u.dgh = mat(n, 3*u.Deter), mat(n, 3*u.Deter)
		u.direct, u.dreset = mat(n, u.Deter), mat(n, u.Deter)
	}
}

// before is the state that block k starts from.
func (u *unroll) before(packed Packed, out predicted, k int) (stoch, deter device.Mat) {
	n := (u.T - k) * u.B
	if k == 1 {
		return u.first.RowRange(0, n), packed.Deter.RowRange(0, n)
	}
	lo := u.start(k - 1)
	return out.stoch.RowRange(lo, lo+n), out.deter.RowRange(lo, lo+n)
}

func (u *unroll) forward(packed Packed, out predicted, actions, noise device.Mat, p ObserveParams[device.Buffer]) {
	dev, w, n := u.dev, u.Weights(p), u.T*u.B
	u.sample(packed.PriorMean, packed.PriorStd, noise.RowRange(0, n), u.first)
	for k := 1; k <= u.Distance; k++ {
		lo, hi := u.start(k), u.start(k+1)
		to, in, prior, raw := out.rows(lo, hi), u.in.RowRange(lo, hi), u.prior.RowRange(lo, hi), u.raw.RowRange(lo, hi)
		stoch, deter := u.before(packed, out, k)
		dev.Gemm(false, false, 1, stoch, w.InStoch, 0, in)
		dev.Gemm(false, false, 1, actions.RowRange(k*u.B, n), w.InAction, 1, in)
		dev.BiasAct(u.Act, p.InB, in)
		switch {
		case u.Dynamics.Recurrent():
			u.Recur(dev, &w, &p, u.cell.Rows(lo, hi), in, deter, to.deter)
			dense(dev, u.PriorAct(), to.deter, w.Prior, p.PriorB, prior)
		case u.Dynamics == DeepMarkov:
			dense(dev, u.PriorAct(), in, w.Prior, p.PriorB, prior)
		}
		dense(dev, device.Identity, prior, w.PriorOut, p.PriorOutB, raw)
		dev.Normal(raw, u.MinStd, noise.RowRange(n+lo, n+hi), to.mean, to.std, to.stoch)
	}
}

// sample is dst = mean + std∘eps.
func (u *unroll) sample(mean, std, eps, dst device.Mat) {
	u.dev.MulRows(std, eps, 0, dst)
	u.dev.AddMat(dst, mean)
}

// backward adds to the gradients dpacked and dp, which are zero before.
func (u *unroll) backward(packed, dpacked Packed, out, dout predicted, actions, noise device.Mat,
	p, dp ObserveParams[device.Buffer]) {
	dev, w, dw, n := u.dev, u.Weights(p), u.Weights(dp), u.T*u.B
	d := u.view(u.dpredicted)
	dev.CopyMat(u.dpredicted.Mat(u.Rows(), u.Predicted()), whole(dout, u.Predicted()))
	dev.Fill(u.dfirst.Buffer, 0)
	for k := u.Distance; k >= 1; k-- {
		lo, hi := u.start(k), u.start(k+1)
		rows := hi - lo
		g, c := d.rows(lo, hi), u.cellRows(lo, hi)
		in, prior, raw := u.in.RowRange(lo, hi), u.prior.RowRange(lo, hi), u.raw.RowRange(lo, hi)
		din, dprior, draw := u.din.RowRange(0, rows), u.dprior.RowRange(0, rows), u.draw.RowRange(0, rows)
		stoch, deter := u.before(packed, out, k)
		dstoch, ddeter := u.dfirst.RowRange(0, rows), dpacked.Deter.RowRange(0, rows)
		if k > 1 {
			back := u.start(k - 1)
			dstoch, ddeter = d.stoch.RowRange(back, back+rows), d.deter.RowRange(back, back+rows)
		}

		dev.NormalBackward(raw, noise.RowRange(n+lo, n+hi), g.mean, g.std, g.stoch, draw)
		u.product(prior, draw, dw.PriorOut, dp.PriorOutB)
		dev.Gemm(false, true, 1, draw, w.PriorOut, 0, dprior)
		switch {
		case u.Dynamics.Recurrent():
			dev.ActBackward(u.PriorAct(), prior, dprior, dprior)
			u.product(out.deter.RowRange(lo, hi), dprior, dw.Prior, dp.PriorB)
			dev.Gemm(false, true, 1, dprior, w.Prior, 1, g.deter)
			dgx, dgh := u.dgx.RowRange(0, rows), u.dgh.RowRange(0, rows)
			u.recurBack(dev, &w, c, deter, g.deter, dgx, dgh, ddeter, u.direct.RowRange(0, rows), u.dreset.RowRange(0, rows))
			u.recurWeights(dev, c, deter, dgx, dgh, 1, dw.Recur)
			if dp.RecurB.Len > 0 {
				dev.ColSum(dgh, 1, dp.RecurB)
			}
			u.product(in, dgx, dw.Gate, dp.GateB)
			dev.Gemm(false, true, 1, dgx, w.Gate, 0, din)
		case u.Dynamics == DeepMarkov:
			dev.ActBackward(u.PriorAct(), prior, dprior, dprior)
			u.product(in, dprior, dw.Prior, dp.PriorB)
			dev.Gemm(false, true, 1, dprior, w.Prior, 0, din)
		}
		dev.ActBackward(u.Act, in, din, din)
		u.product(stoch, din, dw.InStoch, dp.InB)
		dev.Gemm(true, false, 1, actions.RowRange(k*u.B, n), din, 1, dw.InAction)
		dev.Gemm(false, true, 1, din, w.InStoch, 1, dstoch)
	}
	dev.CopyMat(dpacked.PriorMean, u.dfirst)
	dev.MulRows(u.dfirst, noise.RowRange(0, n), 0, dpacked.PriorStd)
}

// product adds xᵀ·dpre and the column sums of dpre to a kernel's and a bias's
// gradient.
func (u *unroll) product(x, dpre, dw device.Mat, db device.Buffer) {
	u.dev.Gemm(true, false, 1, x, dpre, 1, dw)
	u.dev.ColSum(dpre, 1, db)
}

func (u *unroll) cellRows(lo, hi int) Cell {
	if !u.Dynamics.Recurrent() {
		return Cell{}
	}
	return u.cell.Rows(lo, hi)
}

// whole is all columns of p.
func whole(p predicted, cols int) device.Mat {
	m := p.stoch
	m.Cols = cols
	return m
}
