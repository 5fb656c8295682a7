package rssm

import "math"

// Expect is the prior of the next stochastic state before it is corrected by an
// image: mean and standard deviation (Stoch each) after taking the action (A) in b.
func (m *Model) Expect(b Belief, action []float64) (mean, std []float32, err error) {
	c := &m.config
	if err := firstError(
		need("belief", len(b.Stoch)+len(b.Deter), c.Feature()),
		need("action", len(action), m.act),
		m.reserve(1),
	); err != nil {
		return nil, nil, err
	}
	t := &m.step
	if err := firstError(m.upload(t.z.Buffer, b.Feature()), m.upload(t.action.Buffer, action)); err != nil {
		return nil, nil, err
	}
	next := first(t.next, 1)
	m.advance(1, first(t.z, 1), first(t.action, 1), next)
	raw := m.priorRaw(1, m.hidden(1, next))
	m.draw(raw, first(t.eps, 0), next.ColRange(0, c.Stoch))
	mean, std = make([]float32, c.Stoch), make([]float32, c.Stoch)
	return mean, std, firstError(
		m.dev.Download(mean, t.mean.Buffer),
		m.dev.Download(std, t.std.Buffer),
		m.dev.Sync(),
	)
}

// Samples says that the model's states are random: all but the deterministic
// one's, which pays no KL and whose deviations mean nothing.
func (m *Model) Samples() bool { return m.config.samples() }

// Divergence is KL(b's posterior ‖ N(mean, std²)) in nats, summed over the
// dimensions of the stochastic state: what an image told beyond the prior.
func (b Belief) Divergence(mean, std []float32) float64 {
	sum := 0.0
	for i := range b.Mean {
		s, p := float64(b.Std[i]), float64(std[i])
		d := float64(b.Mean[i]) - float64(mean[i])
		sum += math.Log(p/s) + (s*s+d*d)/(2*p*p) - 0.5
	}
	return sum
}
