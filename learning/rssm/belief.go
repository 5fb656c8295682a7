package rssm

import (
	"fmt"
	"math/rand"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/graph"
)

// Belief is what the filter knows after an observation. It is plain data; a new
// one comes out of every Observe.
type Belief struct {
	Mean, Std []float32 // Stoch: the posterior
	Stoch     []float32 // Stoch: its sample, or its mean
	Deter     []float32 // Deter; empty without a deterministic state
}

// Feature is [stoch, deter].
func (b Belief) Feature() []float64 {
	f := make([]float64, 0, len(b.Stoch)+len(b.Deter))
	for _, part := range [][]float32{b.Stoch, b.Deter} {
		for _, v := range part {
			f = append(f, float64(v))
		}
	}
	return f
}

// Initial is the belief before the first observation: all zeros.
func (m *Model) Initial() Belief {
	c := &m.config
	return Belief{
		Mean: make([]float32, c.Stoch), Std: make([]float32, c.Stoch),
		Stoch: make([]float32, c.Stoch), Deter: make([]float32, c.deter()),
	}
}

// encoder is the workspace that reads one image.
type encoder struct {
	arena
	ready  bool
	image  device.Buffer
	layers [4]device.Buffer
	state  device.Mat // 1×PostState: what the posterior reads of the prior, of stochastic models
	post   device.Mat // 1×Hidden
	deep   device.Mat // 1×Hidden: its second layer, of LatCo's stochastic model
}

func (m *Model) reserveEncoder() error {
	e := &m.eyes
	if e.ready {
		return nil
	}
	e.image = e.buffer(Pixels)
	for i, s := range m.config.encoder(1) {
		e.layers[i] = e.buffer(s.OutH() * s.OutW() * s.Out)
	}
	e.post = e.mat(1, m.config.Hidden)
	if d := m.shape.Dynamics; !d.Recurrent() {
		e.state, e.deep = e.mat(1, m.shape.PostState()), e.mat(1, m.config.Hidden)
	}
	if err := e.err; err != nil {
		e.free()
		return fmt.Errorf("world model, encoder: %w", err)
	}
	e.ready = true
	return nil
}

// Observe advances b by the action (A; zero before the first observation) and
// corrects it by the image (64×64×3). With rng nil the state is the posterior's
// mean, else a sample.
func (m *Model) Observe(b Belief, action []float64, pixels []uint8, rng *rand.Rand) (Belief, error) {
	c := &m.config
	if err := firstError(
		need("belief", len(b.Stoch)+len(b.Deter), c.Feature()),
		need("action", len(action), m.act),
		need("image", len(pixels), Pixels),
	); err != nil {
		return Belief{}, err
	}
	if err := firstError(m.reserve(1), m.reserveEncoder()); err != nil {
		return Belief{}, err
	}
	t := &m.step
	if err := firstError(
		m.upload(t.z.Buffer, b.Feature()),
		m.upload(t.action.Buffer, action),
		m.look(pixels, rng),
	); err != nil {
		return Belief{}, err
	}
	next, act := first(t.next, 1), first(t.action, 1)
	m.advance(1, first(t.z, 1), act, next)
	state := next.ColRange(c.Stoch, next.Cols)
	if !m.shape.Dynamics.Recurrent() {
		var err error
		if state, err = m.expect(next, rng); err != nil {
			return Belief{}, err
		}
	}
	eps, err := m.drawNoise(1, rng)
	if err != nil {
		return Belief{}, err
	}
	m.correct(state, act, next, eps)
	return m.belief(next)
}

// look uploads an image. The noise between the levels of quantised images is
// drawn with rng; without, pixels lie in the middle of their level.
func (m *Model) look(pixels []uint8, rng *rand.Rand) error {
	bits, seed := m.config.ImageBits, uint64(0)
	if bits < 8 && rng != nil {
		seed = rng.Uint64() | 1
	}
	return uploadImage(m.dev, m.eyes.image, pixels, bits, seed)
}

// expect is what the posterior of a stochastic model reads of the prior: its
// mean and deviation, or (LatCo's model) a sample.
func (m *Model) expect(next device.Mat, rng *rand.Rand) (device.Mat, error) {
	s, state := m.config.Stoch, m.eyes.state
	raw := m.priorRaw(1, m.hidden(1, next))
	if m.shape.Dynamics == graph.Markov {
		m.dev.Normal(raw, m.shape.MinStd, device.Mat{}, state.ColRange(0, s), state.ColRange(s, 2*s), device.Mat{})
		return state, nil
	}
	eps, err := m.drawNoise(1, rng)
	m.draw(raw, eps, state)
	return state, err
}

// draw fills stoch with a sample of the Gaussian of raw, or with its mean.
func (m *Model) draw(raw, eps, stoch device.Mat) {
	mean, std := first(m.step.mean, 1), first(m.step.std, 1)
	if eps.Rows == 0 {
		m.dev.Normal(raw, m.shape.MinStd, eps, mean, std, device.Mat{})
		m.dev.CopyMat(stoch, mean)
		return
	}
	m.dev.Normal(raw, m.shape.MinStd, eps, mean, std, stoch)
}

// correct reads the posterior from the prior's side and the uploaded image.
func (m *Model) correct(state, action, next, eps device.Mat) {
	dev, e := m.dev, &m.eyes
	x := e.image
	for i, shape := range m.config.encoder(1) {
		l := m.net.Encoder[i]
		dev.Conv(shape, device.ReLU, x, l.W, l.B, e.layers[i])
		x = e.layers[i]
	}
	p, raw, last := &m.net.Core, first(m.step.raw, 1), e.post
	dev.Gemm(false, false, 1, x.Mat(1, x.Len), m.core.PostEmbed, 0, e.post)
	dev.Gemm(false, false, 1, state, m.core.PostState, 1, e.post)
	if m.core.PostAction.Rows > 0 {
		dev.Gemm(false, false, 1, action, m.core.PostAction, 1, e.post)
	}
	dev.BiasAct(m.shape.Act, p.PostB, e.post)
	if m.shape.Dynamics == graph.DeepMarkov {
		last = e.deep
		dev.Gemm(false, false, 1, e.post, m.core.PostDeep, 0, last)
		dev.BiasAct(m.shape.PriorAct(), p.PostDeepB, last)
	}
	dev.Gemm(false, false, 1, last, m.core.PostOut, 0, raw)
	dev.BiasAct(device.Identity, p.PostOutB, raw)
	m.draw(raw, eps, next.ColRange(0, m.config.Stoch))
}

// belief reads the workspace.
func (m *Model) belief(next device.Mat) (Belief, error) {
	b, t, s := m.Initial(), &m.step, m.config.Stoch
	if err := firstError(
		m.dev.Download(b.Mean, t.mean.Buffer),
		m.dev.Download(b.Std, t.std.Buffer),
		m.dev.Download(b.Stoch, next.Buffer),
		m.dev.Download(b.Deter, next.Slice(s, next.Cols)),
		m.dev.Sync(),
	); err != nil {
		return Belief{}, fmt.Errorf("world model: %w", err)
	}
	return b, nil
}
