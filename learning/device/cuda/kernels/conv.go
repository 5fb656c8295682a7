package kernels

import (
	"fmt"

	"github.com/latco-studio/latco/learning/device"
)

// geometryOf is s for a kernel.
func geometryOf(s device.ConvShape) geometry {
	outH, outW := s.OutH(), s.OutW()
	aH, aW := ceil(s.H, s.Stride), ceil(s.W, s.Stride)
	return geometry{
		h: int32(s.H), w: int32(s.W), in: int32(s.In), outH: int32(outH), outW: int32(outW), out: int32(s.Out),
		k: int32(s.K), s: int32(s.Stride), aH: int32(aH), aW: int32(aW), images: int32(s.N), side: 1, merged: bit(s.K%s.Stride == 0),
		byRun: divideBy(s.K * s.In), byOutW: divideBy(outW), byPositions: divideBy(outH * outW),
		byOut: divideBy(s.Out), byAW: divideBy(aW), byA: divideBy(aH * aW), byIn: divideBy(s.In), byS: divideBy(s.Stride),
	}
}

// volumes are the numbers of the image side, the other side and the weights.
func volumes(s device.ConvShape) (image, small, weights int) {
	return s.N * s.H * s.W * s.In, s.N * s.OutH() * s.OutW() * s.Out, s.K * s.K * s.In * s.Out
}

// images is a factor read from images of `channels` channels, derived by y if
// there is an activation.
func images(x, y device.Buffer, act device.Activation, channels int) operand {
	o := operand{x: start(x), act: int32(act)}
	if act != device.Identity {
		o.y = start(y)
	}
	o.vector = bit(channels%4 == 0 && aligned(o.x) && aligned(o.y))
	return o
}

// flat is such a factor with a row for every position.
func flat(x, y device.Buffer, act device.Activation, channels int) operand {
	o := images(x, y, act, channels)
	o.stride = int64(channels)
	return o
}

// output is where a layer's result goes.
func output(y, b device.Buffer, act device.Activation, channels int) result {
	c := result{c: start(y), bias: start(b), stride: int64(channels), alpha: 1, act: int32(act)}
	c.vector = bit(channels%4 == 0 && aligned(c.c) && aligned(c.bias))
	return c
}

// quads says that all of a product is aligned.
func (p *convParams) quads() bool { return p.a.vector+p.b.vector+p.c.vector == 3 }

// Conv: see device.Conv.
func (m *Math) Conv(s device.ConvShape, act device.Activation, x, w, b, y device.Buffer) {
	image, small, weights := checkConv("Conv", s, act)
	atLeast("Conv", x, image)
	atLeast("Conv", w, weights)
	atLeast("Conv", y, small)
	if b.Len > 0 {
		atLeast("Conv", b, s.Out)
	}
	m.patches(s, images(x, device.Buffer{}, device.Identity, s.In), w, output(y, b, act, s.Out))
}

// ConvBackward: see device.Conv.
func (m *Math) ConvBackward(s device.ConvShape, act device.Activation, x, w, y, dy, dx, dw, db device.Buffer) {
	image, small, weights := checkConv("ConvBackward", s, act)
	atLeast("ConvBackward", x, image)
	atLeast("ConvBackward", y, small)
	atLeast("ConvBackward", dy, small)
	checkGradients("ConvBackward", w, dx, dw, db, weights, image, s.Out)
	g := flat(dy, y, act, s.Out)
	m.colSum(g, s.N*s.OutH()*s.OutW(), s.Out, 0, uint64(db.Addr))
	m.weights(s, images(x, device.Buffer{}, device.Identity, s.In), g, dw)
	if dx.Len > 0 {
		m.pixels(s, g, w, output(dx, device.Buffer{}, device.Identity, s.In))
	}
}

// Deconv: see device.Conv.
func (m *Math) Deconv(s device.ConvShape, act device.Activation, x, w, b, y device.Buffer) {
	image, small, weights := checkConv("Deconv", s, act)
	atLeast("Deconv", x, small)
	atLeast("Deconv", w, weights)
	atLeast("Deconv", y, image)
	if b.Len > 0 {
		atLeast("Deconv", b, s.In)
	}
	if s.OutH() == 1 && s.OutW() == 1 && s.H == s.K && s.W == s.K && s.N > 0 {
		// One position, whose patch is the image: a plain product. By pixels all but
		// one of the taps of each would be looked up beyond the border.
		m.Gemm(false, true, 1, x.Mat(s.N, s.Out), w.Mat(s.K*s.K*s.In, s.Out), 0, y.Mat(s.N, s.K*s.K*s.In))
		m.BiasAct(act, b.Slice(0, min(b.Len, s.In)), y.Slice(0, image).Mat(s.N*s.H*s.W, s.In))
		return
	}
	m.pixels(s, images(x, device.Buffer{}, device.Identity, s.Out), w, output(y, b, act, s.In))
}

// DeconvBackward: see device.Conv.
func (m *Math) DeconvBackward(s device.ConvShape, act device.Activation, x, w, y, dy, dx, dw, db device.Buffer) {
	image, small, weights := checkConv("DeconvBackward", s, act)
	atLeast("DeconvBackward", x, small)
	atLeast("DeconvBackward", y, image)
	atLeast("DeconvBackward", dy, image)
	checkGradients("DeconvBackward", w, dx, dw, db, weights, small, s.In)
	g := flat(dy, y, act, s.In)
	m.colSum(g, s.N*s.H*s.W, s.In, 0, uint64(db.Addr))
	m.weights(s, g, flat(x, device.Buffer{}, device.Identity, s.Out), dw)
	if dx.Len > 0 {
		m.patches(s, g, w, output(dx, device.Buffer{}, device.Identity, s.Out))
	}
}

func checkConv(kernel string, s device.ConvShape, act device.Activation) (image, small, weights int) {
	known(kernel, act)
	if positions := s.N * s.H * s.W; positions*s.Stride*s.Stride >= 1<<30 {
		panic(fmt.Sprintf("kernels: %s of %d positions: more than 30 bits count", kernel, positions))
	}
	return volumes(s)
}

func checkGradients(kernel string, w, dx, dw, db device.Buffer, weights, in, bias int) {
	atLeast(kernel, w, weights)
	atLeast(kernel, dw, weights)
	atLeast(kernel, db, bias)
	if dx.Len > 0 {
		atLeast(kernel, dx, in)
	}
}

// patches: c = patches of a × weights, a row for every output position.
func (m *Math) patches(s device.ConvShape, a operand, w device.Buffer, c result) {
	p := convParams{a: a, b: flat(w, device.Buffer{}, device.Identity, s.Out), c: c, g: geometryOf(s),
		m: int32(s.N * s.OutH() * s.OutW()), n: int32(s.Out), k: int32(s.K * s.K * s.In)}
	if p.m == 0 {
		return
	}
	p.depth = p.k
	t, kernel := narrow, convPatchesNarrow
	switch {
	case p.quads() && s.Out > 64:
		t, kernel = large, convPatchesLarge
	case p.quads() && s.Out > 32:
		t, kernel = tall, convPatchesTall
	}
	launch(m, m.by(kernel), line(t.count(int(p.m), int(p.n))), line(t.threads), p)
}

// weights: dw = patches of aᵀ × b, summed over all positions of all images.
func (m *Math) weights(s device.ConvShape, a, b operand, dw device.Buffer) {
	rows, cols, positions := s.K*s.K*s.In, s.Out, s.N*s.OutH()*s.OutW()
	if rows == 0 || cols == 0 {
		return
	}
	b.stride = int64(s.Out)
	p := convParams{a: a, b: b, c: output(dw, device.Buffer{}, device.Identity, cols), g: geometryOf(s),
		m: int32(rows), n: int32(cols), k: int32(positions)}
	t, kernel := little, convWeightsLittle
	switch {
	case p.quads() && cols > 64 && rows > 64:
		t, kernel = large, convWeightsLarge
	case p.quads() && cols > 32 && rows > 64:
		t, kernel = tall, convWeightsTall
	}
	tiles := t.count(rows, cols)
	parts, depth := t.split(tiles, positions)
	p.depth = int32(depth)
	end := m.parts(&p.c, rows, cols, parts)
	launch(m, m.by(kernel), Dim{uint32(tiles), 1, uint32(parts)}, line(t.threads), p)
	m.sumParts(end, rows, cols, parts)
}

// pixels: every pixel of the image from the taps that reach it.
func (m *Math) pixels(s device.ConvShape, a operand, w device.Buffer, c result) {
	p := convParams{a: a, b: images(w, device.Buffer{}, device.Identity, s.Out), c: c, g: geometryOf(s), n: int32(s.In)}
	if s.N == 0 || p.g.aH == 0 || p.g.aW == 0 {
		return
	}
	phases := s.Stride * s.Stride
	if p.g.merged == 1 {
		p.n *= int32(phases)
		phases = 1
	}
	t, kernel := slim, convPixelsSlim
	switch {
	case p.quads() && p.n > 64:
		t, kernel = large, convPixelsLarge
	case p.quads() && p.n > 16:
		t, kernel = tall, convPixelsTall
	}
	positions, side := int(p.g.aH*p.g.aW), beside(s.N, t.rows)
	p.g.side, p.g.bySide = int32(side), divideBy(side)
	p.m = int32(ceil(s.N, side) * side * positions)
	launch(m, m.by(kernel), Dim{uint32(t.count(int(p.m), int(p.n))), 1, uint32(phases)}, line(t.threads), p)
}

// beside is how many of n images have the same pixel in neighbouring rows of a
// product, a power of two: so many rows of a tile lose the same taps to the border,
// and those are left out. Images that are not there cost a sixteenth at most.
func beside(n, rows int) int {
	side := rows
	for side > 1 && 16*ceil(n, side)*side > 17*n {
		side /= 2
	}
	return side
}
