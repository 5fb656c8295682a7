package rssm

import (
	"fmt"
	"math/rand"

	"github.com/latco-studio/latco/learning/device"
)

// Belief is what the filter knows after an observation. It is plain data; a new
// one comes out of every Observe.
type Belief struct {
	Mean, Std []float32 // Stoch: the posterior
	Stoch     []float32 // Stoch: its sample, or its mean
	Deter     []float32 // Deter
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
		Stoch: make([]float32, c.Stoch), Deter: make([]float32, c.Deter),
	}
}

// encoder is the workspace that reads one image.
type encoder struct {
	arena
	ready  bool
	image  device.Buffer
	layers [4]device.Buffer
	post   device.Mat // 1×Hidden
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
		m.dev.UploadPixels(m.eyes.image, pixels),
	); err != nil {
		return Belief{}, err
	}
	eps, err := m.drawNoise(1, rng)
	if err != nil {
		return Belief{}, err
	}
	next := first(t.next, 1)
	m.advance(1, first(t.z, 1), first(t.action, 1), next)
	m.correct(next, eps)
	return m.belief(next)
}

// correct reads the posterior from next's deterministic state and the uploaded
// image.
func (m *Model) correct(next, eps device.Mat) {
	dev, t, s, e := m.dev, &m.step, m.config.Stoch, &m.eyes
	x := e.image
	for i, shape := range m.config.encoder(1) {
		l := m.net.Encoder[i]
		dev.Conv(shape, device.ReLU, x, l.W, l.B, e.layers[i])
		x = e.layers[i]
	}
	p, raw := &m.net.Core, first(t.raw, 1)
	dev.Gemm(false, false, 1, x.Mat(1, x.Len), m.core.PostEmbed, 0, e.post)
	dev.Gemm(false, false, 1, next.ColRange(s, next.Cols), m.core.PostDeter, 1, e.post)
	dev.BiasAct(device.ELU, p.PostB, e.post)
	dev.Gemm(false, false, 1, e.post, m.core.PostOut, 0, raw)
	dev.BiasAct(device.Identity, p.PostOutB, raw)
	mean, stoch := first(t.mean, 1), next.ColRange(0, s)
	if eps.Rows == 0 {
		dev.Normal(raw, m.shape.MinStd, eps, mean, first(t.std, 1), device.Mat{})
		dev.CopyMat(stoch, mean)
		return
	}
	dev.Normal(raw, m.shape.MinStd, eps, mean, first(t.std, 1), stoch)
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
