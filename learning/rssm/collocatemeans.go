package rssm

import (
	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/graph"
)

// Collocate fills next (P·H×Z), the mean transition at z (P·H×Z) and a (P·H×A), of
// which it keeps the Jacobians, and at the states to (P·H×Z) reward (P·H) and drdz
// (P·H×Z). Sizes are those of StartCollocation.
func (m *Model) Collocate(z, a, next, to, reward, drdz []float64) error {
	c, w := &m.collocation, m.config.Feature()
	n := c.of.rows()
	if err := firstError(need("z", len(z), n*w), need("a", len(a), n*m.act), need("next", len(next), n*w),
		need("to", len(to), n*w), need("reward", len(reward), n), need("drdz", len(drdz), n*w),
		m.reserveEvaluation()); err != nil {
		return err
	}
	c.state.put(0, z)
	c.state.put(1, a)
	c.state.put(2, to)
	if err := m.collocate(); err != nil {
		return err
	}
	c.values.get(0, next)
	c.values.get(1, drdz)
	c.values.get(2, reward)
	return nil
}

// collocate sends the state, receives the values, and leaves the device at work on
// the Jacobians.
func (m *Model) collocate() error {
	c := &m.collocation
	err := firstError(c.state.send(m.dev), c.evaluate.Do(), c.values.receive(m.dev))
	if err == nil {
		err = c.derive.Do()
	}
	if err != nil {
		_ = m.dev.Sync() // forgets the failure, which is err
	}
	return err
}

// evaluateMeans computes values from state.
func (m *Model) evaluateMeans() error {
	c, w := &m.collocation, m.config.Feature()
	n := c.of.rows()
	m.portions(m.predictMeans)
	m.dev.CopyMat(c.values.part(2).Mat(n, 1), m.rewards(c.state.part(2).Mat(n, w)))
	m.rewardGradient(first(m.head.ones, n), c.values.part(1).Mat(n, w))
	return nil
}

func (m *Model) predictMeans(lo, hi int) {
	c := &m.collocation
	m.predict(hi-lo, m.stateRows(lo, hi), c.state.part(1).Mat(c.of.rows(), m.act).RowRange(lo, hi), device.Mat{}, m.nextRows(lo, hi))
}

// stateRows are rows of z, or the means.
func (m *Model) stateRows(lo, hi int) device.Mat {
	return m.collocation.state.part(0).Mat(m.collocation.of.rows(), m.config.Feature()).RowRange(lo, hi)
}

// nextRows are rows of the next states, or their means.
func (m *Model) nextRows(lo, hi int) device.Mat {
	return m.collocation.values.part(0).Mat(m.collocation.of.rows(), m.config.Feature()).RowRange(lo, hi)
}

// deriveMeans puts the Jacobians together. Of portions that do not fit into the
// workspace at once, the predictions are made again.
func (m *Model) deriveMeans() error {
	all := m.collocation.of.rows()
	m.portions(func(lo, hi int) {
		if hi-lo < all {
			m.predictMeans(lo, hi)
		}
		n := hi - lo
		m.derivatives(n, m.stateRows(lo, hi))
		m.stochRows(n, 1, device.Mat{})
		m.deterRows(n)
		m.joinParts(lo, hi, 1, m.deterDiagonals(), m.jac.keep)
	})
	return nil
}

// joinParts puts the Jacobians of rows [lo, hi), each of k samples, together; gates
// and keep are sums over the samples.
func (m *Model) joinParts(lo, hi, k int, gates, keep device.Mat) {
	c, j, s, x, w := &m.collocation, &m.jac, m.config.Stoch, m.config.Stoch+m.act, m.config.Feature()
	n, block := hi-lo, w*(m.act+w)
	parts := device.GRUParts{
		StochDeter: first(j.stochDeter, n*s), StochIn: first(j.stochIn, n*s), DeterIn: first(j.deterIn, n*x),
		Gates: first(gates, n), Keep: first(keep, n), Recur: m.core.Recur, Scale: 1 / float32(k),
	}
	if m.shape.Dynamics == graph.ResetBefore {
		parts.Gates = parts.Gates.ColRange(0, m.config.Deter)
		parts.Through = m.throughResets(n, k)
	}
	c.chain.GRUJacobian(n, parts, c.jacobian.Slice(lo*block, hi*block))
}
