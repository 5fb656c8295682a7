package rssm

import (
	"fmt"
	"math/rand"

	"github.com/latco-studio/latco/learning/device"
)

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
// With rng nil every next state is the prior's mean, else one trajectory a
// sequence is sampled; rng then gives the seed of the device's own numbers.
func (m *Model) Score(feature []float64, actions []float32, n, h int, returns []float64, rng *rand.Rand) error {
	if err := firstError(
		need("feature", len(feature), m.config.Feature()),
		need("actions", len(actions), n*h*m.act),
		need("returns", len(returns), n),
	); err != nil {
		return err
	}
	var c chance
	if rng != nil {
		c = chance{sampled: true, seed: rng.Uint64()}
	}
	rows := m.together(n)
	if err := firstError(m.reserveRollout(rows), m.reservePlans(rows*h)); err != nil {
		return err
	}
	if err := m.begin(feature); err != nil {
		return err
	}
	for lo := 0; lo < n; lo += rows {
		hi := min(n, lo+rows)
		if err := m.dev.Upload(m.plans.actions, actions[lo*h*m.act:hi*h*m.act]); err != nil {
			return fmt.Errorf("world model: %w", err)
		}
		c.row = lo
		sum := first(m.step.returns, hi-lo)
		m.rollOut(m.plans.actions.Mat(hi-lo, h*m.act), sum, c)
		if err := m.download(returns[lo:hi], sum.Buffer); err != nil {
			return err
		}
	}
	return m.dev.Sync()
}

// plans is the workspace of the action sequences that are scored together.
type plans struct {
	arena
	actions device.Buffer // rows×H×A
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
