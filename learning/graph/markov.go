package graph

import "github.com/latco-studio/latco/learning/device"

// markov is the scan of the models without a deterministic state. Here the
// posterior reads the prior, so that both are made step by step.
type markov struct {
	ObserveShape
	dev  device.Device
	zero device.Mat // B×Stoch: the state before the first step

	in, prior, priorRaw      device.Mat // Rows × Hidden, Hidden (DeepMarkov), 2·Stoch
	post, postDeep, postRaw  device.Mat // Rows × Hidden, Hidden (DeepMarkov), 2·Stoch
	guess                    device.Mat // Rows×Stoch: the prior's sample (DeepMarkov)
	din, dprior, dpriorRaw   device.Mat
	dpost, dpostDeep, draw   device.Mat
	dstoch, dguess, dmoments device.Mat // Rows × Stoch, Stoch (DeepMarkov), 2·Stoch
}

func newMarkov(g *Graph, s ObserveShape) *markov {
	n := s.Rows()
	mat := func(rows, cols int) device.Mat { return g.memory(rows*cols).Mat(rows, cols) }
	c := &markov{
		ObserveShape: s, dev: g.dev,
		zero: mat(s.B, s.Stoch),
		in:   mat(n, s.Hidden), priorRaw: mat(n, 2*s.Stoch),
		post: mat(n, s.Hidden), postRaw: mat(n, 2*s.Stoch),
	}
	c.prior, c.postDeep = c.in, c.post
	if s.Dynamics == DeepMarkov {
		c.prior, c.postDeep, c.guess = mat(n, s.Hidden), mat(n, s.Hidden), mat(n, s.Stoch)
	}
	return c
}

func (c *markov) makeGradients(g *Graph) {
	n := c.Rows()
	mat := func(rows, cols int) device.Mat { return g.memory(rows*cols).Mat(rows, cols) }
	c.din, c.dpriorRaw = mat(n, c.Hidden), mat(n, 2*c.Stoch)
	c.dpost, c.draw = mat(n, c.Hidden), mat(n, 2*c.Stoch)
	c.dstoch, c.dmoments = mat(n, c.Stoch), mat(n, 2*c.Stoch)
	c.dprior, c.dpostDeep = c.din, c.dpost
	if c.Dynamics == DeepMarkov {
		c.dprior, c.dpostDeep, c.dguess = mat(n, c.Hidden), mat(n, c.Hidden), mat(n, c.Stoch)
	}
}

func (c *markov) deep() bool { return c.Dynamics == DeepMarkov }

// noise cuts the columns of the posterior's and the prior's noise.
func (c *markov) noise(b device.Buffer) (post, prior device.Mat) {
	m := b.Mat(c.Rows(), c.Noise())
	if c.deep() {
		prior = m.ColRange(c.Stoch, 2*c.Stoch)
	}
	return m.ColRange(0, c.Stoch), prior
}

// rowsOf is at, of a matrix that may be empty.
func (c *markov) rowsOf(m device.Mat, t int) device.Mat {
	if m.Rows == 0 {
		return m
	}
	return c.at(m, t)
}

// moments are the columns [prior mean, prior std] together.
func moments(p Packed) device.Mat {
	m := p.PriorMean
	m.Cols *= 2
	return m
}

// before is the state before step t.
func (c *markov) before(stoch device.Mat, t int) device.Mat {
	if t == 0 {
		return c.zero
	}
	return c.at(stoch, t-1)
}

// forward fills out.
func (c *markov) forward(out Packed, embed, actions, noise device.Buffer, p ObserveParams[device.Buffer]) {
	dev, n, w := c.dev, c.Rows(), c.Weights(p)
	a := actions.Mat(n, c.Action)
	dev.Gemm(false, false, 1, a, w.InAction, 0, c.in)
	dev.Gemm(false, false, 1, embed.Mat(n, c.Embed), w.PostEmbed, 0, c.post)
	if c.deep() {
		dev.Gemm(false, false, 1, a, w.PostAction, 1, c.post)
	}
	epsPost, epsPrior := c.noise(noise)
	for t := range c.T {
		in, raw := c.at(c.in, t), c.at(c.priorRaw, t)
		dev.Gemm(false, false, 1, c.before(out.Stoch, t), w.InStoch, 1, in)
		dev.BiasAct(c.Act, p.InB, in)
		prior := c.at(c.prior, t)
		if c.deep() {
			dense(dev, c.PriorAct(), in, w.Prior, p.PriorB, prior)
		}
		dense(dev, device.Identity, prior, w.PriorOut, p.PriorOutB, raw)
		dev.Normal(raw, c.MinStd, c.rowsOf(epsPrior, t), c.at(out.PriorMean, t), c.at(out.PriorStd, t), c.rowsOf(c.guess, t))

		post, state := c.at(c.post, t), c.at(moments(out), t)
		if c.deep() {
			state = c.at(c.guess, t)
		}
		dev.Gemm(false, false, 1, state, w.PostState, 1, post)
		dev.BiasAct(c.Act, p.PostB, post)
		last := c.at(c.postDeep, t)
		if c.deep() {
			dense(dev, c.PriorAct(), post, w.PostDeep, p.PostDeepB, last)
		}
		raw = c.at(c.postRaw, t)
		dense(dev, device.Identity, last, w.PostOut, p.PostOutB, raw)
		dev.Normal(raw, c.MinStd, c.at(epsPost, t), c.at(out.PostMean, t), c.at(out.PostStd, t), c.at(out.Stoch, t))
	}
}

// dense is y = act(x·w + b).
func dense(dev device.Device, act device.Activation, x, w device.Mat, b device.Buffer, y device.Mat) {
	dev.Gemm(false, false, 1, x, w, 0, y)
	dev.BiasAct(act, b, y)
}

// backward fills dembed and dp from dout, the gradient of out.
func (c *markov) backward(out, dout Packed, embed, actions, noise device.Buffer,
	p ObserveParams[device.Buffer], dembed device.Buffer, dp ObserveParams[device.Buffer]) {
	dev, n, w, dw := c.dev, c.Rows(), c.Weights(p), c.Weights(dp)
	dev.CopyMat(c.dstoch, dout.Stoch)
	dev.CopyMat(c.dmoments, moments(dout))
	epsPost, epsPrior := c.noise(noise)
	for t := c.T - 1; t >= 0; t-- {
		c.posteriorBack(t, dout, c.at(epsPost, t), &w)
		c.priorBack(t, c.rowsOf(epsPrior, t), &w)
	}
	c.weightGradients(out, embed.Mat(n, c.Embed), actions.Mat(n, c.Action), dw)
	dev.Gemm(false, true, 1, c.dpost, w.PostEmbed, 0, dembed.Mat(n, c.Embed))
	for _, b := range []struct {
		dpre device.Mat
		db   device.Buffer
	}{
		{c.din, dp.InB}, {c.dprior, dp.PriorB}, {c.dpriorRaw, dp.PriorOutB},
		{c.dpost, dp.PostB}, {c.dpostDeep, dp.PostDeepB}, {c.draw, dp.PostOutB},
	} {
		if b.db.Len > 0 {
			dev.ColSum(b.dpre, 0, b.db)
		}
	}
}

// posteriorBack takes the gradient of s_t to what the posterior read of the
// prior.
func (c *markov) posteriorBack(t int, dout Packed, eps device.Mat, w *ObserveWeights) {
	dev := c.dev
	draw, dlast, dpost := c.at(c.draw, t), c.at(c.dpostDeep, t), c.at(c.dpost, t)
	dev.NormalBackward(c.at(c.postRaw, t), eps, c.at(dout.PostMean, t), c.at(dout.PostStd, t), c.at(c.dstoch, t), draw)
	dev.Gemm(false, true, 1, draw, w.PostOut, 0, dlast)
	if c.deep() {
		dev.ActBackward(c.PriorAct(), c.at(c.postDeep, t), dlast, dlast)
		dev.Gemm(false, true, 1, dlast, w.PostDeep, 0, dpost)
	}
	dev.ActBackward(c.Act, c.at(c.post, t), dpost, dpost)
	if c.deep() {
		dev.Gemm(false, true, 1, dpost, w.PostState, 0, c.at(c.dguess, t))
		return
	}
	dev.Gemm(false, true, 1, dpost, w.PostState, 1, c.at(c.dmoments, t))
}

// priorBack takes the gradient of the prior to s_{t−1}.
func (c *markov) priorBack(t int, eps device.Mat, w *ObserveWeights) {
	dev, s := c.dev, c.Stoch
	d := c.at(c.dmoments, t)
	draw, dlast, din := c.at(c.dpriorRaw, t), c.at(c.dprior, t), c.at(c.din, t)
	dev.NormalBackward(c.at(c.priorRaw, t), eps, d.ColRange(0, s), d.ColRange(s, 2*s), c.rowsOf(c.dguess, t), draw)
	dev.Gemm(false, true, 1, draw, w.PriorOut, 0, dlast)
	if c.deep() {
		dev.ActBackward(c.PriorAct(), c.at(c.prior, t), dlast, dlast)
		dev.Gemm(false, true, 1, dlast, w.Prior, 0, din)
	}
	dev.ActBackward(c.Act, c.at(c.in, t), din, din)
	if t > 0 {
		dev.Gemm(false, true, 1, din, w.InStoch, 1, c.at(c.dstoch, t-1))
	}
}

// weightGradients are products over all rows.
func (c *markov) weightGradients(out Packed, embed, actions device.Mat, dw ObserveWeights) {
	dev, n := c.dev, c.Rows()
	product := func(x, dpre, dst device.Mat) { dev.Gemm(true, false, 1, x, dpre, 0, dst) }
	product(actions, c.din, dw.InAction)
	product(c.prior, c.dpriorRaw, dw.PriorOut)
	product(embed, c.dpost, dw.PostEmbed)
	product(c.postDeep, c.draw, dw.PostOut)
	if c.deep() {
		product(c.in, c.dprior, dw.Prior)
		product(c.post, c.dpostDeep, dw.PostDeep)
		product(c.guess, c.dpost, dw.PostState)
		product(actions, c.dpost, dw.PostAction)
	} else {
		product(moments(out), c.dpost, dw.PostState)
	}
	if c.T > 1 {
		product(out.Stoch.RowRange(0, n-c.B), c.din.RowRange(c.B, n), dw.InStoch)
		return
	}
	dev.Fill(dw.InStoch.Slice(dw.InStoch.Offset, dw.InStoch.Offset+c.Stoch*c.Hidden), 0)
}
