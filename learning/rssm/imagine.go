package rssm

import (
	"fmt"
	"math/rand"

	"github.com/latco-studio/latco/learning/device"
)

// chunk is the number of rows computed together: enough for the kernels to be
// busy, few enough for the activations to stay in cache.
const chunk = 256

// Imagine rolls actions (H×A) out from the feature (Z): latents ((H+1)×Z, the
// first row is feature) and rewards (H, of the states 1..H). With rng nil every
// next state is the prior's mean, else a sample.
func (m *Model) Imagine(feature, actions, latents, rewards []float64, rng *rand.Rand) error {
	width, h := m.config.Feature(), len(rewards)
	if err := firstError(
		need("feature", len(feature), width),
		need("actions", len(actions), h*m.act),
		need("latents", len(latents), (h+1)*width),
	); err != nil {
		return err
	}
	copy(latents, feature)
	if h == 0 {
		return nil
	}
	if err := firstError(m.reserve(h+1), m.reserveHead(h+1)); err != nil {
		return err
	}
	path, t := m.step.z, &m.step
	if err := firstError(m.upload(path.Buffer, feature), m.upload(t.action.Buffer, actions)); err != nil {
		return err
	}
	noise, err := m.drawNoise(h, rng)
	if err != nil {
		return err
	}
	for i := range h {
		eps := noise
		if noise.Rows > 0 {
			eps = noise.RowRange(i, i+1)
		}
		m.predict(1, path.RowRange(i, i+1), t.action.RowRange(i, i+1), eps, path.RowRange(i+1, i+2))
	}
	states := path.RowRange(1, h+1)
	out := m.rewards(states)
	if err := firstError(
		m.download(latents[width:], states.Buffer.Slice(states.Offset, states.Offset+h*width)),
		m.download(rewards, out.Buffer),
	); err != nil {
		return err
	}
	return m.dev.Sync()
}

// Score rolls out n action sequences (n×h×A) that all start at feature (Z) and
// fills returns (n) with the sum of the predicted rewards of the states 1..h.
// rng as in Imagine, one sampled trajectory a sequence.
func (m *Model) Score(feature []float64, actions []float32, n, h int, returns []float64, rng *rand.Rand) error {
	if err := firstError(
		need("feature", len(feature), m.config.Feature()),
		need("actions", len(actions), n*h*m.act),
		need("returns", len(returns), n),
	); err != nil {
		return err
	}
	for lo := 0; lo < n; lo += chunk {
		hi := min(n, lo+chunk)
		err := m.scoreChunk(feature, actions[lo*h*m.act:hi*h*m.act], h, returns[lo:hi], rng)
		if err != nil {
			return err
		}
	}
	return nil
}

func (m *Model) scoreChunk(feature []float64, actions []float32, h int, returns []float64, rng *rand.Rand) error {
	n := len(returns)
	if err := firstError(m.reserve(chunk), m.reserveHead(chunk), m.reservePlans(chunk*h)); err != nil {
		return err
	}
	t := &m.step
	start := m.stage(n * len(feature))
	for i := range start {
		start[i] = float32(feature[i%len(feature)])
	}
	if err := firstError(m.dev.Upload(t.z.Buffer, start), m.dev.Upload(m.plans.actions, actions)); err != nil {
		return err
	}
	z, next, sum := first(t.z, n), first(t.next, n), first(t.returns, n)
	m.dev.Fill(sum.Slice(0, n), 0)
	for i := range h {
		a := device.Mat{Buffer: m.plans.actions, Offset: i * m.act, Rows: n, Cols: m.act, Stride: h * m.act}
		eps, err := m.drawNoise(n, rng)
		if err != nil {
			return err
		}
		m.predict(n, z, a, eps, next)
		m.dev.AddMat(sum, m.rewards(next))
		z, next = next, z
	}
	if err := m.download(returns, sum.Buffer); err != nil {
		return err
	}
	return m.dev.Sync()
}

// plans is the workspace of the action sequences that are scored together.
type plans struct {
	arena
	actions device.Buffer // chunk×H×A
}

func (m *Model) reservePlans(steps int) error {
	p := &m.plans
	if n := steps * m.act; n > p.actions.Len {
		p.free()
		p.actions = p.buffer(n)
		if err := p.err; err != nil {
			p.free()
			return fmt.Errorf("world model, %d actions: %w", steps, err)
		}
	}
	return nil
}
