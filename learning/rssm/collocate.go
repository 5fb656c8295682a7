package rssm

import (
	"errors"
	"fmt"
	"math"

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

// collocateFrom is from how many operations on a GPU takes the steps of collocation
// sooner than the planner on a CPU. A step there is some forty launches in a row,
// which take a quarter of a millisecond; two cores do 2·10⁷ operations of small
// blocks in a millisecond, and would first have to wait for the Jacobians. An
// estimate: `latco bench -run plan/steps -long` measures both ways.
const collocateFrom = 5e6

// How systems are solved on a GPU and, in tests, by the reference.
const (
	chainSolver = "cyclic reduction, float32 refined in float64, GPU"
	hostSolver  = "block elimination, float64, reference device"
)

// CollocateFrom is how many operations the steps of all plans must have together to
// be taken on the device. It is infinite where a processor computes anyway, where
// the device has no such kernels, and for models without a deterministic state,
// whose few unknowns a processor solves for at once.
func (m *Model) CollocateFrom() float64 {
	if _, ok := m.dev.(device.Chain); !ok || m.onHost || !m.shape.Dynamics.Recurrent() {
		return math.Inf(1)
	}
	return collocateFrom
}

// StartCollocation makes room for plans of h actions, for moments of so many
// samples, 0 for means, and for steps of damping δ. It names what solves their
// systems. After an error nothing is held.
func (m *Model) StartCollocation(plans, h, samples int, damping float64) (solver string, err error) {
	c := &m.collocation
	chain, ok := m.dev.(device.Chain)
	switch {
	case !ok:
		return "", fmt.Errorf("world model: %s solves no systems of collocation", m.dev.Name())
	case !m.shape.Dynamics.Recurrent():
		return "", fmt.Errorf("world model: collocation on the device is for models with a deterministic state")
	case !(device.ChainShape{Plans: plans, Horizon: h, Latent: m.config.Feature(), Action: m.act}).Solvable():
		return "", fmt.Errorf("world model: collocation of %d plans of %d actions with %d unknowns each is too large for the device",
			plans, h, m.config.Feature()+m.act)
	case plans < 1 || h < 1 || samples < 0:
		return "", fmt.Errorf("world model: collocation of %d plans of %d actions with %d samples", plans, h, samples)
	}
	solver = chainSolver
	if m.onHost {
		solver = hostSolver
	}
	if of := (collocated{plans, h, samples, float32(damping)}); of != c.of {
		if err = m.endCollocation(); err == nil {
			c.of, c.chain = of, chain
			err = m.reserveCollocation()
		}
		if err == nil {
			err = m.rehearse()
		}
	}
	if err != nil {
		return "", errors.Join(fmt.Errorf("world model, collocation of %d plans of %d actions: %w", plans, h, err), m.endCollocation())
	}
	return solver, nil
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
	shape := m.chainShape()
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

func (m *Model) chainShape() device.ChainShape {
	of := m.collocation.of
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
