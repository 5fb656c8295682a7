package rssm

import "github.com/latco-studio/latco/learning/device"

// sampled is what moments need beside means.
type sampled struct {
	noise, eps   device.Mat    // n·K×Z, ×Stoch: standard normals of samples and transitions
	ones, shares device.Buffer // max(Z, A); K times 1/K
}

func (m *Model) layOutSamples() sampled {
	c := &m.collocation
	n, w := c.of.rows()*c.of.samples, m.config.Feature()
	if n == 0 {
		return sampled{}
	}
	s := sampled{noise: c.mat(n, w), ones: c.buffer(max(w, m.act)), shares: c.buffer(c.of.samples)}
	if m.config.samples() {
		s.eps = c.mat(n, m.config.Stoch)
	}
	return s
}

// CollocateMoments fills nextMean and nextStd (P·H×Z) as LinearizeMoments does with
// mean, std (P·H×Z) and a (P·H×A), and keeps the Jacobians. Row i has the noise of
// number i in the streams of seed.
func (m *Model) CollocateMoments(mean, std, a, nextMean, nextStd []float64, seed uint64) error {
	c, w := &m.collocation, m.config.Feature()
	n := c.of.rows()
	if err := firstError(need("mean", len(mean), n*w), need("std", len(std), n*w), need("a", len(a), n*m.act),
		need("nextMean", len(nextMean), n*w), need("nextStd", len(nextStd), n*w), m.reserveEvaluation()); err != nil {
		return err
	}
	c.state.put(0, mean)
	c.state.put(1, a)
	c.state.put(2, std)
	m.dev.Normals(seed, 0, 0, c.sampled.noise)
	if m.config.samples() {
		m.dev.Normals(seed, 1, 0, c.sampled.eps)
	}
	if err := m.collocate(); err != nil {
		return err
	}
	c.values.get(0, nextMean)
	c.values.get(1, nextStd)
	return nil
}

// evaluateMoments computes values from state and noise.
func (m *Model) evaluateMoments() error {
	c := &m.collocation
	k, w := c.of.samples, m.config.Feature()
	m.portions(func(lo, hi int) {
		m.predictSamples(lo, hi)
		for i := lo; i < hi; i++ {
			m.dev.Fit(c.sampled.shares, m.step.next.RowRange((i-lo)*k, (i-lo+1)*k), 0,
				c.values.part(0).Slice(i*w, (i+1)*w), c.values.part(1).Slice(i*w, (i+1)*w))
		}
	})
	return nil
}

// predictSamples draws the samples of rows [lo, hi) into the workspace and predicts
// their next states.
func (m *Model) predictSamples(lo, hi int) {
	c, t := &m.collocation, &m.step
	w, k, all := m.config.Feature(), c.of.samples, c.of.rows()
	n := (hi - lo) * k
	ones := func(cols int) device.Mat { return c.sampled.ones.Slice(0, cols).Mat(1, cols) }
	z, action := first(t.z, n), first(t.action, n)
	m.dev.MulRows(c.sampled.noise.RowRange(lo*k, hi*k), c.state.part(2).Mat(all, w).RowRange(lo, hi), 0, z)
	m.dev.MulRows(ones(w), m.stateRows(lo, hi), 1, z)
	m.dev.MulRows(ones(m.act), c.state.part(1).Mat(all, m.act).RowRange(lo, hi), 0, action)
	m.predict(n, z, action, m.epsRows(lo, hi), first(t.next, n))
}

// epsRows is the noise in the transitions of rows [lo, hi), without rows where there
// is no chance.
func (m *Model) epsRows(lo, hi int) device.Mat {
	if !m.config.samples() {
		return device.Mat{}
	}
	k := m.collocation.of.samples
	return m.collocation.sampled.eps.RowRange(lo*k, hi*k)
}

// deriveMoments puts the Jacobians together; see deriveMeans.
func (m *Model) deriveMoments() error {
	c := &m.collocation
	k, all := c.of.samples, c.of.rows()
	m.portions(func(lo, hi int) {
		if hi-lo < all {
			m.predictSamples(lo, hi)
		}
		gates, keep := m.meanParts(hi-lo, k, m.epsRows(lo, hi))
		m.joinParts(lo, hi, k, gates, keep)
	})
	return nil
}
