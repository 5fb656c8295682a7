package rssm

import (
	"fmt"

	"github.com/latco-studio/latco/learning/device"
)

// StepChains fills step (P×H·(A+Z)) with the Levenberg-Marquardt steps (LatCo, Eq.
// 9) of the plans collocated last, and corrected (P) with the relative size of their
// last correction; see device.ChainSystem for the rest, which is P·H×Z of defect and
// dcost, P·H×A of excess, P·H of cost, dyn and act, P of kappa.
func (m *Model) StepChains(defect, excess, cost, dcost, dyn, act, kappa, step, corrected []float64) error {
	c, w := &m.collocation, m.config.Feature()
	n, p := c.of.rows(), c.of.plans
	if err := firstError(need("defect", len(defect), n*w), need("excess", len(excess), n*m.act), need("cost", len(cost), n),
		need("dcost", len(dcost), n*w), need("dyn", len(dyn), n), need("act", len(act), n), need("kappa", len(kappa), p),
		need("step", len(step), p*m.chainShape(c.of).Unknowns()), need("corrected", len(corrected), p)); err != nil {
		return err
	}
	for i, v := range [][]float64{defect, dcost, excess, cost, dyn, act, kappa} {
		c.weights.put(i, v)
	}
	if err := firstError(c.weights.send(m.dev), c.solve.Do(), c.answer.receive(m.dev)); err != nil {
		_ = m.dev.Sync() // forgets the failure, which is err
		return err
	}
	c.answer.get(0, step)
	c.answer.get(1, corrected)
	return nil
}

// solveChains fills answer from weights and the Jacobians.
func (m *Model) solveChains() error {
	c := &m.collocation
	w := c.weights.part
	c.chain.SolveChains(m.chainShape(c.of), device.ChainSystem{
		Jacobian: c.jacobian, Defect: w(0), CostGradient: w(1), Excess: w(2), Cost: w(3), Dyn: w(4), Act: w(5), Kappa: w(6),
		Damping: c.of.damping,
	}, c.work, c.answer.part(0), c.answer.part(1))
	return nil
}

// ChainJacobians fills dz (H×Z×Z) and da (H×Z×A) with the Jacobians of one plan that
// was collocated last.
func (m *Model) ChainJacobians(plan int, dz, da []float64) error {
	c, w := &m.collocation, m.config.Feature()
	h, cols := c.of.h, w+m.act
	if plan < 0 || plan >= c.of.plans {
		return fmt.Errorf("world model: Jacobians of plan %d of %d", plan, c.of.plans)
	}
	if err := firstError(need("dz", len(dz), h*w*w), need("da", len(da), h*w*m.act)); err != nil {
		return err
	}
	host := m.stage(h * w * cols)
	if err := m.dev.Download(host, c.jacobian.Slice(plan*len(host), (plan+1)*len(host))); err != nil {
		return fmt.Errorf("world model, Jacobians of plan %d: %w", plan, err)
	}
	for i := range h * w {
		row := host[i*cols : (i+1)*cols]
		widen(da[i*m.act:(i+1)*m.act], row[:m.act])
		widen(dz[i*w:(i+1)*w], row[m.act:])
	}
	return nil
}
