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
	dev, n := u.dev, u.T*u.B
	dev.CopyMat(u.dpredicted.Mat(u.Rows(), u.Predicted()), whole(dout, u.Predicted()))
	dev.Fill(u.dfirst.Buffer, 0)
	w, dw := u.Weights(p), u.Weights(dp)
	for k := u.Distance; k >= 1; k-- {
		b := u.block(packed, dpacked, out, k)
		dev.NormalBackward(b.raw, noise.RowRange(n+b.lo, n+b.hi), b.to.mean, b.to.std, b.to.stoch, b.draw)
		u.product(b.prior, b.draw, dw.PriorOut, dp.PriorOutB)
		dev.Gemm(false, true, 1, b.draw, w.PriorOut, 0, b.dprior)
		u.hiddenBack(b, out.deter.RowRange(b.lo, b.hi), &w, &dw, &dp)
		dev.ActBackward(u.Act, b.in, b.din, b.din)
		u.product(b.stoch, b.din, dw.InStoch, dp.InB)
		dev.Gemm(true, false, 1, actions.RowRange(k*u.B, n), b.din, 1, dw.InAction)
		dev.Gemm(false, true, 1, b.din, w.InStoch, 1, b.dstoch)
	}
	dev.CopyMat(dpacked.PriorMean, u.dfirst)
	dev.MulRows(u.dfirst, noise.RowRange(0, n), 0, dpacked.PriorStd)
}

// block is what the backward pass of one block works on.
type block struct {
	lo, hi         int
	stoch, deter   device.Mat // where it started
	dstoch, ddeter device.Mat // their gradients, added to
	in, prior, raw device.Mat
	din, dprior    device.Mat
	draw, dgx, dgh device.Mat
	direct, dreset device.Mat
	to             predicted // gradients of its predictions
}

func (u *unroll) block(packed, dpacked Packed, out predicted, k int) block {
	lo, hi := u.start(k), u.start(k+1)
	rows, d := hi-lo, u.view(u.dpredicted)
	b := block{lo: lo, hi: hi, to: d.rows(lo, hi),
		in: u.in.RowRange(lo, hi), prior: u.prior.RowRange(lo, hi), raw: u.raw.RowRange(lo, hi),
		din: u.din.RowRange(0, rows), dprior: u.dprior.RowRange(0, rows), draw: u.draw.RowRange(0, rows),
		dgx: u.dgx.RowRange(0, rows), dgh: u.dgh.RowRange(0, rows),
		direct: u.direct.RowRange(0, rows), dreset: u.dreset.RowRange(0, rows),
	}
	b.stoch, b.deter = u.before(packed, out, k)
	b.dstoch, b.ddeter = u.dfirst.RowRange(0, rows), dpacked.Deter.RowRange(0, rows)
	if k > 1 {
		back := u.start(k - 1)
		b.dstoch, b.ddeter = d.stoch.RowRange(back, back+rows), d.deter.RowRange(back, back+rows)
	}
	return b
}

// hiddenBack takes dprior, the gradient of the prior's layer, to din and, where
// there is a deterministic state, to that of the block before.
func (u *unroll) hiddenBack(b block, deter device.Mat, w, dw *ObserveWeights, dp *ObserveParams[device.Buffer]) {
	dev := u.dev
	if u.Dynamics == Markov {
		return // the layer is in itself
	}
	dev.ActBackward(u.PriorAct(), b.prior, b.dprior, b.dprior)
	if u.Dynamics == DeepMarkov {
		u.product(b.in, b.dprior, dw.Prior, dp.PriorB)
		dev.Gemm(false, true, 1, b.dprior, w.Prior, 0, b.din)
		return
	}
	u.product(deter, b.dprior, dw.Prior, dp.PriorB)
	dev.Gemm(false, true, 1, b.dprior, w.Prior, 1, b.to.deter)
	cell := u.cell.Rows(b.lo, b.hi)
	u.recurBack(dev, w, cell, b.deter, b.to.deter, b.dgx, b.dgh, b.ddeter, b.direct, b.dreset)
	u.recurWeights(dev, cell, b.deter, b.dgx, b.dgh, 1, dw.Recur)
	if dp.RecurB.Len > 0 {
		dev.ColSum(b.dgh, 1, dp.RecurB)
	}
	u.product(b.in, b.dgx, dw.Gate, dp.GateB)
	dev.Gemm(false, true, 1, b.dgx, w.Gate, 0, b.din)
}

// product adds xᵀ·dpre and the column sums of dpre to a kernel's and a bias's
// gradient.
func (u *unroll) product(x, dpre, dw device.Mat, db device.Buffer) {
	u.dev.Gemm(true, false, 1, x, dpre, 1, dw)
	u.dev.ColSum(dpre, 1, db)
}

// whole is all columns of p.
func whole(p predicted, cols int) device.Mat {
	m := p.stoch
	m.Cols = cols
	return m
}
