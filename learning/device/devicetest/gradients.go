package devicetest

import (
	"math"
	"math/rand"

	"github.com/latco-studio/latco/learning/device"
)

// gradients compares every backward kernel with central differences of its
// forward kernel, for the loss Σ c∘output with random c.
func (s *suite) gradients(t T) {
	for name, act := range activations {
		t.Run(name, func(t T) { s.activationGradient(t, act) })
	}
	smooth := []device.ConvShape{
		{N: 2, H: 8, W: 8, In: 3, Out: 4, K: 4, Stride: 2},
		{N: 1, H: 9, W: 7, In: 3, Out: 5, K: 6, Stride: 2},
		{N: 3, H: 5, W: 5, In: 4, Out: 6, K: 5, Stride: 2},
	}
	for _, z := range smooth {
		t.Run("Conv", func(t T) { s.convGradient(t, z) })
		t.Run("Deconv", func(t T) { s.deconvGradient(t, z) })
	}
	t.Run("LayerNorm", s.layerNormGradient)
	t.Run("GRU", s.gruGradient)
	t.Run("GRUReset", s.gruResetGradient)
	t.Run("Normal", s.normalGradient)
	t.Run("KL", s.klGradient)
	t.Run("KLRows", s.klRowsGradient)
	t.Run("SquaredError", s.squaredErrorGradient)
}

func (s *suite) world(t T) *world {
	w := &world{t: t, Device: s.dev, Rand: rand.New(rand.NewSource(4))}
	t.Cleanup(w.free)
	return w
}

// slope compares the gradient grad of loss with respect to x in some places.
// float32 limits central differences at step 1e-2 to some 1e-3 of the loss.
func (w *world) slope(name string, x, grad device.Buffer, loss func() float64) {
	w.t.Helper()
	const step = 1e-2
	host, g := w.read(x), w.read(grad)
	for range 12 {
		i := w.Intn(len(host))
		old := host[i]
		host[i] = old + step
		w.write(x, host)
		up := loss()
		host[i] = old - step
		w.write(x, host)
		down := loss()
		host[i] = old
		w.write(x, host)
		want := (up - down) / (2 * step)
		if math.Abs(want-float64(g[i])) > 5e-3*math.Max(1, math.Abs(want)) {
			w.t.Errorf("%s[%d]: gradient %v, finite difference %v", name, i, g[i], want)
		}
	}
}

// dot is Σ c∘y.
func (w *world) dot(c, y device.Buffer) float64 {
	sum, b := 0.0, w.read(y)
	for i, v := range w.read(c) {
		sum += float64(v) * float64(b[i])
	}
	return sum
}

func (s *suite) activationGradient(t T, act device.Activation) {
	w := s.world(t)
	const rows, cols = 6, 9
	x := w.filled(rows*cols, func() float32 { // away from the kink at 0
		return float32(math.Copysign(0.1+2*w.Float64(), w.Float64()-0.5))
	})
	c, y, dx := w.buffer(rows*cols), w.buffer(rows*cols), w.buffer(rows*cols)
	forward := func() float64 {
		w.Copy(y, x)
		w.BiasAct(act, w.empty(), y.Mat(rows, cols))
		return w.dot(c, y)
	}
	forward()
	w.ActBackward(act, y.Mat(rows, cols), c.Mat(rows, cols), dx.Mat(rows, cols))
	w.slope("x", x, dx, forward)
}

func (s *suite) convGradient(t T, z device.ConvShape) {
	w := s.world(t)
	in, out, weights := sizes(z)
	x, k, b, y, c := w.buffer(in), w.small(weights), w.buffer(z.Out), w.buffer(out), w.buffer(out)
	dx, dk, db := w.buffer(in), w.buffer(weights), w.buffer(z.Out)
	forward := func() float64 {
		w.Conv(z, device.Tanh, x, k, b, y)
		return w.dot(c, y)
	}
	forward()
	w.ConvBackward(z, device.Tanh, x, k, y, c, dx, dk, db)
	w.slope("x", x, dx, forward)
	w.slope("w", k, dk, forward)
	w.slope("b", b, db, forward)
}

func (s *suite) deconvGradient(t T, z device.ConvShape) {
	w := s.world(t)
	in, out, weights := sizes(z)
	x, k, b, y, c := w.buffer(out), w.small(weights), w.buffer(z.In), w.buffer(in), w.buffer(in)
	dx, dk, db := w.buffer(out), w.buffer(weights), w.buffer(z.In)
	forward := func() float64 {
		w.Deconv(z, device.Tanh, x, k, b, y)
		return w.dot(c, y)
	}
	forward()
	w.DeconvBackward(z, device.Tanh, x, k, y, c, dx, dk, db)
	w.slope("x", x, dx, forward)
	w.slope("w", k, dk, forward)
	w.slope("b", b, db, forward)
}

func (s *suite) gruGradient(t T) {
	w := s.world(t)
	const n, u = 3, 5
	gx, gh, h := w.buffer(n*3*u), w.buffer(n*3*u), w.buffer(n*u)
	next, gates, c := w.buffer(n*u), w.buffer(n*3*u), w.buffer(n*u)
	dgx, dgh, dh := w.buffer(n*3*u), w.buffer(n*3*u), w.buffer(n*u)
	forward := func() float64 {
		w.GRU(gx.Mat(n, 3*u), gh.Mat(n, 3*u), h.Mat(n, u), next.Mat(n, u), gates.Mat(n, 3*u))
		return w.dot(c, next)
	}
	forward()
	w.GRUBackward(gates.Mat(n, 3*u), gh.Mat(n, 3*u), h.Mat(n, u), c.Mat(n, u),
		dgx.Mat(n, 3*u), dgh.Mat(n, 3*u), dh.Mat(n, u))
	w.slope("gx", gx, dgx, forward)
	w.slope("gh", gh, dgh, forward)
	w.slope("h", h, dh, forward)
}

// gruResetGradient: reset is taken for a copy of gn, so that one loss passes
// through both halves of the cell.
func (s *suite) gruResetGradient(t T) {
	w := s.world(t)
	const n, u = 3, 5
	gx, gh, h := w.buffer(n*3*u), w.buffer(n*2*u), w.buffer(n*u)
	next, gates, reset, c := w.buffer(n*u), w.buffer(n*3*u), w.buffer(n*u), w.buffer(n*u)
	dgx, dh := w.buffer(n*3*u), w.buffer(n*u)
	forward := func() float64 {
		w.GRUGates(gx.Mat(n, 3*u), gh.Mat(n, 2*u), h.Mat(n, u), gates.Mat(n, 3*u), reset.Mat(n, u))
		w.GRUBlend(gx.Mat(n, 3*u), reset.Mat(n, u), h.Mat(n, u), next.Mat(n, u), gates.Mat(n, 3*u))
		return w.dot(c, next)
	}
	forward()
	g := dgx.Mat(n, 3*u)
	w.GRUBlendBackward(gates.Mat(n, 3*u), h.Mat(n, u), c.Mat(n, u), g, dh.Mat(n, u))
	w.GRUGatesBackward(gates.Mat(n, 3*u), h.Mat(n, u), g.ColRange(2*u, 3*u), g, dh.Mat(n, u))
	w.slope("gx", gx, dgx, forward)
	w.slope("h", h, dh, forward)
	dgh := w.buffer(n * 2 * u)
	w.CopyMat(dgh.Mat(n, 2*u), g.ColRange(0, 2*u))
	w.slope("gh", gh, dgh, forward)
}

func (s *suite) normalGradient(t T) {
	w := s.world(t)
	const n, d = 4, 6
	raw, eps := w.buffer(n*2*d), w.buffer(n*d)
	mean, std, sample := w.buffer(n*d), w.buffer(n*d), w.buffer(n*d)
	cm, cs, cx, draw := w.buffer(n*d), w.buffer(n*d), w.buffer(n*d), w.buffer(n*2*d)
	forward := func() float64 {
		w.Normal(raw.Mat(n, 2*d), 0.1, eps.Mat(n, d), mean.Mat(n, d), std.Mat(n, d), sample.Mat(n, d))
		return w.dot(cm, mean) + w.dot(cs, std) + w.dot(cx, sample)
	}
	forward()
	w.NormalBackward(raw.Mat(n, 2*d), eps.Mat(n, d), cm.Mat(n, d), cs.Mat(n, d), cx.Mat(n, d), draw.Mat(n, 2*d))
	w.slope("raw", raw, draw, forward)
}

func (s *suite) klGradient(t T) {
	w := s.world(t)
	const n, d, weight = 4, 6, 0.7
	wide := func() float32 { return 0.7 + w.Float32() }
	m1, s1, m2, s2 := w.buffer(n*d), w.filled(n*d, wide), w.buffer(n*d), w.filled(n*d, wide)
	dm1, ds1, dm2, ds2, out := w.buffer(n*d), w.buffer(n*d), w.buffer(n*d), w.buffer(n*d), w.buffer(n)
	forward := func() float64 {
		w.KL(m1.Mat(n, d), s1.Mat(n, d), m2.Mat(n, d), s2.Mat(n, d), out)
		sum := 0.0
		for _, v := range w.read(out) {
			sum += weight * float64(v)
		}
		return sum
	}
	w.KLBackward(weight, m1.Mat(n, d), s1.Mat(n, d), m2.Mat(n, d), s2.Mat(n, d),
		dm1.Mat(n, d), ds1.Mat(n, d), dm2.Mat(n, d), ds2.Mat(n, d))
	w.slope("m1", m1, dm1, forward)
	w.slope("s1", s1, ds1, forward)
	w.slope("m2", m2, dm2, forward)
	w.slope("s2", s2, ds2, forward)
}

func (s *suite) klRowsGradient(t T) {
	w := s.world(t)
	const n, d = 4, 6
	wide := func() float32 { return 0.7 + w.Float32() }
	m1, s1, m2, s2 := w.buffer(n*d), w.filled(n*d, wide), w.buffer(n*d), w.filled(n*d, wide)
	weights, out := w.buffer(n), w.buffer(n)
	w.Fill(weights.Slice(1, 2), 0)
	grads := []device.Buffer{w.buffer(n * d), w.buffer(n * d), w.buffer(n * d), w.buffer(n * d)}
	forward := func() float64 {
		w.KL(m1.Mat(n, d), s1.Mat(n, d), m2.Mat(n, d), s2.Mat(n, d), out)
		return w.dot(weights, out)
	}
	w.KLBackwardRows(weights, m1.Mat(n, d), s1.Mat(n, d), m2.Mat(n, d), s2.Mat(n, d),
		grads[0].Mat(n, d), grads[1].Mat(n, d), grads[2].Mat(n, d), grads[3].Mat(n, d))
	for i, x := range []device.Buffer{m1, s1, m2, s2} {
		w.slope([]string{"m1", "s1", "m2", "s2"}[i], x, grads[i], forward)
	}
}

func (s *suite) squaredErrorGradient(t T) {
	w := s.world(t)
	const n, weight = 37, 0.3
	x, y, diff := w.buffer(n), w.buffer(n), w.buffer(n)
	w.SquaredError(x, y, weight, diff)
	w.slope("x", x, diff, func() float64 { return weight * w.SquaredError(x, y, 1, w.empty()) })
}
