package graph

import "github.com/latco-studio/latco/learning/device"

// scan is the work of one Observe: what the forward pass keeps for the backward
// pass, and the gradients that never leave the layer. Only what depends on the
// previous time step runs step by step; everything else is one product over all
// rows.
type scan struct {
	ObserveShape
	dev   device.Device
	whole device.Scanner // nil: the device goes step by step
	zero  device.Mat     // B×max(Stoch, Deter): the state before the first step

	in              device.Mat // Rows×Hidden
	cell            Cell
	side            device.Mat // Rows×Deter: device.ScanTrace.Side, where whole
	prior, priorRaw device.Mat // Rows × Hidden, 2·Stoch
	post, postRaw   device.Mat // Rows × Hidden, 2·Stoch

	din, dgx, dgh     device.Mat
	dprior, dpriorRaw device.Mat
	dpost, dpostRaw   device.Mat
	dstoch, ddeter    device.Mat // Rows × Stoch, Deter: all that reaches s_t, h_t
	direct, dreset    device.Mat // B×Deter
}

func newScan(g *Graph, s ObserveShape) *scan {
	n := s.Rows()
	mat := func(rows, cols int) device.Mat { return g.memory(rows*cols).Mat(rows, cols) }
	c := &scan{
		ObserveShape: s, dev: g.dev,
		in:    mat(n, s.Hidden),
		prior: mat(n, s.Hidden), priorRaw: mat(n, 2*s.Stoch),
		post: mat(n, s.Hidden), postRaw: mat(n, 2*s.Stoch),
	}
	if whole, ok := g.dev.(device.Scanner); ok && whole.Scans(c.scanned()) {
		c.whole = whole
		c.side = mat(n, s.Deter)
		c.cell = Cell{Gates: mat(n, 3*s.Deter)}
		if s.Dynamics == ResetBefore {
			c.cell.Reset = c.side
		}
		return c
	}
	c.zero, c.cell = mat(s.B, max(s.Stoch, s.Deter)), s.NewCell(n, mat)
	return c
}

func (c *scan) makeGradients(g *Graph) {
	n := c.Rows()
	mat := func(rows, cols int) device.Mat { return g.memory(rows*cols).Mat(rows, cols) }
	c.din, c.dgx, c.dgh = mat(n, c.Hidden), mat(n, 3*c.Deter), mat(n, 3*c.Deter)
	c.dprior, c.dpriorRaw = mat(n, c.Hidden), mat(n, 2*c.Stoch)
	c.dpost, c.dpostRaw = mat(n, c.Hidden), mat(n, 2*c.Stoch)
	c.ddeter = mat(n, c.Deter)
	if c.whole != nil {
		return
	}
	c.dstoch = mat(n, c.Stoch)
	c.direct = mat(c.B, c.Deter)
	if c.Dynamics == ResetBefore {
		c.dreset = mat(c.B, c.Deter)
	}
}

// at is the rows of step t.
func (s ObserveShape) at(m device.Mat, t int) device.Mat { return m.RowRange(t*s.B, (t+1)*s.B) }

// cellAt is the cell's rows of step t.
func (c *scan) cellAt(t int) Cell { return c.cell.Rows(t*c.B, (t+1)*c.B) }

// before is the state m had before step t: zero at the start.
func (c *scan) before(m device.Mat, t int) device.Mat {
	if t == 0 {
		return c.zero.ColRange(0, m.Cols)
	}
	return c.at(m, t-1)
}

// forward fills out.
func (c *scan) forward(out Packed, embed, actions, noise device.Buffer, p ObserveParams[device.Buffer]) {
	dev, n, w := c.dev, c.Rows(), c.Weights(p)
	eps := noise.Mat(n, c.Stoch)
	dev.Gemm(false, false, 1, actions.Mat(n, c.Action), w.InAction, 0, c.in)
	dev.Gemm(false, false, 1, embed.Mat(n, c.Embed), w.PostEmbed, 0, c.post)
	if c.whole != nil {
		c.whole.Scan(c.scanned(), c.scanWeights(&w, &p), c.trace(out, eps))
	} else {
		c.stepsForward(out, eps, &w, &p)
	}
	dev.Gemm(false, false, 1, out.Deter, w.Prior, 0, c.prior)
	dev.BiasAct(c.Act, p.PriorB, c.prior)
	dev.Gemm(false, false, 1, c.prior, w.PriorOut, 0, c.priorRaw)
	dev.BiasAct(device.Identity, p.PriorOutB, c.priorRaw)
	dev.Normal(c.priorRaw, c.MinStd, device.Mat{}, out.PriorMean, out.PriorStd, device.Mat{})
}

// stepsForward carries the state through the time steps.
func (c *scan) stepsForward(out Packed, eps device.Mat, w *ObserveWeights, p *ObserveParams[device.Buffer]) {
	dev := c.dev
	for t := range c.T {
		s, h := c.before(out.Stoch, t), c.before(out.Deter, t)
		in, post := c.at(c.in, t), c.at(c.post, t)
		dev.Gemm(false, false, 1, s, w.InStoch, 1, in)
		dev.BiasAct(c.Act, p.InB, in)
		next := c.at(out.Deter, t)
		c.Recur(dev, w, p, c.cellAt(t), in, h, next)
		dev.Gemm(false, false, 1, next, w.PostState, 1, post)
		dev.BiasAct(c.Act, p.PostB, post)
		raw := c.at(c.postRaw, t)
		dev.Gemm(false, false, 1, post, w.PostOut, 0, raw)
		dev.BiasAct(device.Identity, p.PostOutB, raw)
		dev.Normal(raw, c.MinStd, c.at(eps, t), c.at(out.PostMean, t), c.at(out.PostStd, t), c.at(out.Stoch, t))
	}
}

// backward fills dembed and dp from dout, the gradient of out.
func (c *scan) backward(out, dout Packed, embed, actions, noise device.Buffer,
	p ObserveParams[device.Buffer], dembed device.Buffer, dp ObserveParams[device.Buffer]) {
	dev, n, w, dw := c.dev, c.Rows(), c.Weights(p), c.Weights(dp)
	dev.CopyMat(c.ddeter, dout.Deter)

	dev.NormalBackward(c.priorRaw, device.Mat{}, dout.PriorMean, dout.PriorStd, device.Mat{}, c.dpriorRaw)
	dev.Gemm(false, true, 1, c.dpriorRaw, w.PriorOut, 0, c.dprior)
	dev.ActBackward(c.Act, c.prior, c.dprior, c.dprior)
	dev.Gemm(false, true, 1, c.dprior, w.Prior, 1, c.ddeter)

	eps := noise.Mat(n, c.Stoch)
	if c.whole != nil {
		c.whole.ScanBackward(c.scanned(), c.scanWeights(&w, &p), c.trace(out, eps), c.gradient(dout))
	} else {
		dev.CopyMat(c.dstoch, dout.Stoch)
		for t := c.T - 1; t >= 0; t-- {
			c.stepBack(t, out, dout, eps, w)
		}
	}
	c.weightGradients(out, embed.Mat(n, c.Embed), actions.Mat(n, c.Action), dw)
	dev.Gemm(false, true, 1, c.dpost, w.PostEmbed, 0, dembed.Mat(n, c.Embed))
	for _, b := range []struct {
		dpre device.Mat
		db   device.Buffer
	}{
		{c.din, dp.InB}, {c.dgx, dp.GateB}, {c.dgh, dp.RecurB}, {c.dprior, dp.PriorB},
		{c.dpriorRaw, dp.PriorOutB}, {c.dpost, dp.PostB}, {c.dpostRaw, dp.PostOutB},
	} {
		if b.db.Len > 0 { // PlaNet's cell has no recurrent bias
			dev.ColSum(b.dpre, 0, b.db)
		}
	}
}

// stepBack carries the gradients of s_t and h_t to those of s_{t−1}, h_{t−1}.
func (c *scan) stepBack(t int, out, dout Packed, eps device.Mat, w ObserveWeights) {
	dev := c.dev
	raw, draw := c.at(c.postRaw, t), c.at(c.dpostRaw, t)
	dev.NormalBackward(raw, c.at(eps, t), c.at(dout.PostMean, t), c.at(dout.PostStd, t), c.at(c.dstoch, t), draw)
	dpost, dnext := c.at(c.dpost, t), c.at(c.ddeter, t)
	dev.Gemm(false, true, 1, draw, w.PostOut, 0, dpost)
	dev.ActBackward(c.Act, c.at(c.post, t), dpost, dpost)
	dev.Gemm(false, true, 1, dpost, w.PostState, 1, dnext)

	dgx, dgh, din := c.at(c.dgx, t), c.at(c.dgh, t), c.at(c.din, t)
	var prev device.Mat
	if t > 0 {
		prev = c.at(c.ddeter, t-1)
	}
	c.recurBack(dev, &w, c.cellAt(t), c.before(out.Deter, t), dnext, dgx, dgh, prev, c.direct, c.dreset)
	dev.Gemm(false, true, 1, dgx, w.Gate, 0, din)
	dev.ActBackward(c.Act, c.at(c.in, t), din, din)
	if t > 0 {
		dev.Gemm(false, true, 1, din, w.InStoch, 1, c.at(c.dstoch, t-1))
	}
}

// weightGradients are products over all rows. The rows of the first step meet a
// zero state and add nothing to the recurrent ones.
func (c *scan) weightGradients(out Packed, embed, actions device.Mat, dw ObserveWeights) {
	dev, n := c.dev, c.Rows()
	product := func(x, dpre, dst device.Mat) { dev.Gemm(true, false, 1, x, dpre, 0, dst) }
	product(actions, c.din, dw.InAction)
	product(c.in, c.dgx, dw.Gate)
	product(out.Deter, c.dprior, dw.Prior)
	product(c.prior, c.dpriorRaw, dw.PriorOut)
	product(out.Deter, c.dpost, dw.PostState)
	product(embed, c.dpost, dw.PostEmbed)
	product(c.post, c.dpostRaw, dw.PostOut)
	if c.T > 1 {
		product(out.Stoch.RowRange(0, n-c.B), c.din.RowRange(c.B, n), dw.InStoch)
		c.recurWeights(dev, c.cell.Rows(c.B, n), out.Deter.RowRange(0, n-c.B), c.dgx.RowRange(c.B, n), c.dgh.RowRange(c.B, n), 0, dw.Recur)
		return
	}
	for _, m := range []device.Mat{dw.InStoch, dw.Recur} {
		dev.Fill(m.Buffer.Slice(m.Offset, m.Offset+m.Rows*m.Cols), 0)
	}
}
