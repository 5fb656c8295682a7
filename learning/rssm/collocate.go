package rssm

import (
	"errors"
	"fmt"

	"github.com/latco-studio/latco/learning/device"
)

// collocation is collocation of several plans whose Jacobians never leave the
// device. An iteration is two or three recorded sequences and two waits: values
// come back, Jacobians follow while the planner looks at them, weights go, steps
// come back.
type collocation struct {
	arena
	of      collocated
	chain   device.Chain
	laid    int    // Model.laid when the sequences were recorded
	state   parcel // n×Z of z or mean, n×A of a, n×Z of to or std
	values  parcel // n×Z of next or its mean, n×Z of drdz or std, n of reward
	weights parcel // n×Z of defect, n×Z of dcost, n×A of excess, n of cost, dyn, act, P of kappa
	answer  parcel // P×unknowns of steps, P of corrections

	jacobian, work device.Buffer // n×Z×(A+Z)
	sampled        sampled
	resets         resets

	evaluate, derive, solve *device.Repeated
}

// collocated is what room was made for.
type collocated struct {
	plans, h, samples int
	damping           float32
}

func (c collocated) rows() int { return c.plans * c.h }

// StartCollocation makes room for plans of h actions, for moments of so many
// samples, 0 for means, and for steps of damping δ. It names what solves their
// systems. After an error nothing is held.
func (m *Model) StartCollocation(plans, h, samples int, damping float64) (solver string, err error) {
	of := collocated{plans, h, samples, float32(damping)}
	if err := m.collocates(of); err != nil {
		return "", fmt.Errorf("world model, collocation: %w", err)
	}
	if of != m.collocation.of {
		if err := m.beginCollocation(of); err != nil {
			return "", errors.Join(fmt.Errorf("world model, collocation of %d plans of %d actions: %w", plans, h, err), m.endCollocation())
		}
	}
	return m.solver(), nil
}

func (m *Model) beginCollocation(of collocated) error {
	if err := m.endCollocation(); err != nil {
		return err
	}
	m.collocation.of, m.collocation.chain = of, m.dev.(device.Chain)
	if err := m.reserveCollocation(); err != nil {
		return err
	}
	return m.rehearse()
}

// endCollocation frees everything.
func (m *Model) endCollocation() error {
	err := m.forgetSequences()
	m.collocation.free()
	m.collocation.of = collocated{}
	return err
}

// forgetSequences frees what is recorded of the model's workspaces.
func (m *Model) forgetSequences() error {
	var errs []error
	c := &m.collocation
	for _, r := range []*device.Repeated{c.evaluate, c.derive, c.solve} {
		if r != nil {
			errs = append(errs, r.Close())
		}
	}
	c.laid = m.laid
	return errors.Join(errs...)
}

func (m *Model) reserveCollocation() error {
	c, w := &m.collocation, m.config.Feature()
	n := c.of.rows()
	shape := m.chainShape(c.of)
	c.state, c.values = c.parcel(n*w, n*m.act, n*w), c.parcel(n*w, n*w, n)
	c.weights = c.parcel(n*w, n*w, n*m.act, n, n, n, c.of.plans)
	c.answer = c.parcel(c.of.plans*shape.Unknowns(), c.of.plans)
	c.jacobian, c.work = c.buffer(n*w*(m.act+w)), c.buffer(c.chain.ChainWork(shape))
	c.sampled, c.resets = m.layOutSamples(), m.layOutResets(m.derivedTogether())
	if c.err != nil {
		return c.err
	}
	c.evaluate, c.derive = device.Repeat(m.dev, m.evaluateMeans), device.Repeat(m.dev, m.deriveMeans)
	if k := c.of.samples; k > 0 {
		c.evaluate, c.derive = device.Repeat(m.dev, m.evaluateMoments), device.Repeat(m.dev, m.deriveMoments)
		m.dev.Fill(c.sampled.ones, 1)
		m.dev.Fill(c.sampled.shares, 1/float32(k))
	}
	c.solve = device.Repeat(m.dev, m.solveChains)
	return m.reserveEvaluation()
}

// reserveEvaluation makes room in the workspaces shared with everything else that
// the model does, and forgets what was recorded of them if they moved.
func (m *Model) reserveEvaluation() error {
	rows := m.derivedTogether() * max(1, m.collocation.of.samples)
	err := firstError(m.reserve(rows), m.reserveDerivatives(rows))
	if m.collocation.of.samples == 0 {
		err = firstError(err, m.reserveHead(m.collocation.of.rows()))
	} else {
		err = firstError(err, m.reserveClouds(m.derivedTogether()))
	}
	if err == nil && m.collocation.laid != m.laid {
		err = m.forgetSequences()
	}
	return err
}

// rehearse goes through an iteration of zeros: what needs memory of its own takes it
// now, and what lacks it says so.
func (m *Model) rehearse() error {
	c := &m.collocation
	for _, r := range []*device.Repeated{c.evaluate, c.derive, c.solve} {
		if err := r.Do(); err != nil {
			return err
		}
	}
	return m.dev.Sync()
}

func (m *Model) chainShape(of collocated) device.ChainShape {
	return device.ChainShape{Plans: of.plans, Horizon: of.h, Latent: m.config.Feature(), Action: m.act}
}

// derivedTogether is for how many rows Jacobians are made at a time.
func (m *Model) derivedTogether() int {
	of := m.collocation.of
	rows := m.LinearizeBatch()
	if of.samples > 0 {
		rows = max(1, 2*rows/of.samples)
	}
	return min(of.rows(), rows)
}

// portions calls do for rows [lo, hi) that are derived together.
func (m *Model) portions(do func(lo, hi int)) {
	rows, n := m.derivedTogether(), m.collocation.of.rows()
	for lo := 0; lo < n; lo += rows {
		do(lo, min(n, lo+rows))
	}
}
