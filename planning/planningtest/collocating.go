package planningtest

import "github.com/latco-studio/latco/planning"

// Collocating is a Model that takes the steps of collocation by itself, in float32
// with one refinement and by a dense matrix, as a model on a device does in blocks.
type Collocating struct {
	*Model

	// After, if not nil, is called behind every call of the collocation with its
	// name and what it filled in, which it may change.
	After func(method string, outputs map[string][]float64) error
	// From is what CollocateFrom answers.
	From float64

	plans, h, samples int
	damping           float64
	dz, da            []float64 // P·H×Z×Z, ×Z×A
}

// DenseSolver is what a Collocating calls its solver.
const DenseSolver = "dense Cholesky, float32 refined in float64, test"

var _ planning.Collocator = (*Collocating)(nil)

// CollocateFrom is From.
func (m *Collocating) CollocateFrom() float64 { return m.From }

// StartCollocation makes room.
func (m *Collocating) StartCollocation(plans, h, samples int, damping float64) (string, error) {
	m.plans, m.h, m.samples, m.damping = plans, h, samples, damping
	n := plans * h
	m.dz, m.da = make([]float64, n*m.Z*m.Z), make([]float64, n*m.Z*m.A)
	return DenseSolver, m.after("StartCollocation", nil)
}

// Collocate keeps the Jacobians of means.
func (m *Collocating) Collocate(z, a, next, to, reward, drdz []float64) error {
	n := m.plans * m.h
	if err := m.Linearize(n, z, a, next, m.dz, m.da); err != nil {
		return err
	}
	if err := m.LinearizeReward(n, to, reward, drdz); err != nil {
		return err
	}
	return m.after("Collocate", map[string][]float64{"next": next, "reward": reward, "drdz": drdz})
}

// CollocateMoments keeps the Jacobians of moments.
func (m *Collocating) CollocateMoments(mean, std, a, nextMean, nextStd []float64, seed uint64) error {
	if err := m.LinearizeMoments(m.plans*m.h, m.samples, mean, std, a, nextMean, nextStd, m.dz, m.da, seed, 0); err != nil {
		return err
	}
	return m.after("CollocateMoments", map[string][]float64{"nextMean": nextMean, "nextStd": nextStd})
}

// ChainJacobians copies a plan's.
func (m *Collocating) ChainJacobians(plan int, dz, da []float64) error {
	copy(dz, row(m.dz, plan, m.h*m.Z*m.Z))
	copy(da, row(m.da, plan, m.h*m.Z*m.A))
	return m.after("ChainJacobians", map[string][]float64{"dz": dz, "da": da})
}

// StepChains solves one plan after the other.
func (m *Collocating) StepChains(defect, excess, cost, dcost, dyn, act, kappa, step, corrected []float64) error {
	for i := range m.plans {
		s := newSquares(m.h * (m.Z + m.A))
		for t := range m.h {
			at := i*m.h + t
			m.addDynamics(s, t, at, dyn[at], row(defect, at, m.Z))
			for j, e := range row(excess, at, m.A) {
				if e != 0 {
					s.begin()[m.action(t)+j] = act[at]
					s.add(act[at] * e)
				}
			}
			add(s.begin()[m.latent(t+1):], row(dcost, at, m.Z), kappa[i])
			s.add(kappa[i] * cost[at])
		}
		corrected[i] = s.solve(m.damping, row(step, i, s.n))
	}
	return m.after("StepChains", map[string][]float64{"step": step, "corrected": corrected})
}

// addDynamics enters w·(z_{t+1} − μ(z_t, a_t)) of row at.
func (m *Collocating) addDynamics(s *squares, t, at int, w float64, defect []float64) {
	for k, d := range defect {
		x := s.begin()
		x[m.latent(t+1)+k] = w
		add(x[m.action(t):], row(m.da, at*m.Z+k, m.A), -w)
		if t > 0 {
			add(x[m.latent(t):], row(m.dz, at*m.Z+k, m.Z), -w)
		}
		s.add(w * d)
	}
}

// action is where a_t is among the unknowns.
func (m *Collocating) action(t int) int { return max(0, t*(m.A+m.Z)-m.Z) }

// latent is where z_t is, t > 0.
func (m *Collocating) latent(t int) int {
	if t == m.h {
		return m.action(t)
	}
	return m.action(t) + m.A
}

func (m *Collocating) after(method string, outputs map[string][]float64) error {
	if m.After == nil {
		return nil
	}
	return m.After(method, outputs)
}
