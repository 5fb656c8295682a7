package rssm

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/latco-studio/latco/learning/device"
)

// withChains runs a test on every device that takes steps of collocation.
func withChains(t *testing.T, test func(t *testing.T, dev device.Device)) {
	withDevices(t, func(t *testing.T, dev device.Device) {
		if _, ok := dev.(device.Chain); !ok {
			t.Skip("the device solves no systems of collocation")
		}
		test(t, dev)
	})
}

// recurrent runs a test for small models with a deterministic state.
func recurrent(t *testing.T, test func(t *testing.T, c Config)) {
	forVariants(t, func(t *testing.T, c Config) {
		if strings.HasPrefix(c.Dynamics, "ssm") {
			t.Skip("the model has no deterministic state")
		}
		test(t, c)
	})
}

// iterate is a point of an optimisation: P·H rows.
type iterate struct{ z, std, a, to []float64 }

func newIterate(m *Model, seed int64, n int) iterate {
	rng, w := newRand(seed), m.FeatureDim()
	x := iterate{normals(rng, n*w), normals(rng, n*w), normals(rng, n*m.ActionDim()), normals(rng, n*w)}
	for i, v := range x.std {
		x.std[i] = 0.3 * math.Abs(v)
	}
	return x
}

// outcome is what the model says at an iterate; second is drdz of means, std of moments.
type outcome struct{ next, second, reward, dz, da []float64 }

func newOutcome(m *Model, n int) outcome {
	w := m.FeatureDim()
	return outcome{make([]float64, n*w), make([]float64, n*w), make([]float64, n), make([]float64, n*w*w), make([]float64, n*w*m.ActionDim())}
}

// apart is by Linearize, LinearizeReward and LinearizeMoments.
func (x iterate) apart(m *Model, n, samples int) (outcome, error) {
	o := newOutcome(m, n)
	if samples > 0 {
		return o, m.LinearizeMoments(n, samples, x.z, x.std, x.a, o.next, o.second, o.dz, o.da, 7, 0)
	}
	return o, errors.Join(m.Linearize(n, x.z, x.a, o.next, o.dz, o.da), m.LinearizeReward(n, x.to, o.reward, o.second))
}

// together is by the collocation that was started.
func (x iterate) together(m *Model, plans, h, samples int) (outcome, error) {
	n := plans * h
	o := newOutcome(m, n)
	var err error
	if samples > 0 {
		err = m.CollocateMoments(x.z, x.std, x.a, o.next, o.second, 7)
	} else {
		err = m.Collocate(x.z, x.a, o.next, x.to, o.reward, o.second)
	}
	for p := range plans {
		err = errors.Join(err, m.ChainJacobians(p, o.dz[p*len(o.dz)/plans:(p+1)*len(o.dz)/plans], o.da[p*len(o.da)/plans:(p+1)*len(o.da)/plans]))
	}
	return o, err
}

// Values and Jacobians of a collocation are those of the single calls, in every
// iteration, recorded ones and ones after the workspaces moved included.
func TestCollocationLinearizes(t *testing.T) {
	recurrent(t, func(t *testing.T, c Config) {
		withChains(t, func(t *testing.T, dev device.Device) {
			_, p := newModel(t, c, 2)
			m, err := NewModel(p, dev)
			if err != nil {
				t.Fatal(err)
			}
			defer closed(t, m)
			for _, s := range []struct{ plans, h, samples int }{{1, 1, 0}, {3, 5, 0}, {2, 70, 0}, {2, 3, 8}, {1, 30, 25}} {
				if _, err := m.StartCollocation(s.plans, s.h, s.samples, 1e-3); err != nil {
					t.Fatal(err)
				}
				n := s.plans * s.h
				for seed := range int64(4) {
					if seed == 3 { // a larger workspace than before
						if _, err := newIterate(m, seed, 500+n).apart(m, 500+n, 0); err != nil {
							t.Fatal(err)
						}
					}
					x := newIterate(m, seed, n)
					got, err := x.together(m, s.plans, s.h, s.samples)
					if err != nil {
						t.Fatal(err)
					}
					want, err := x.apart(m, n, s.samples)
					if err != nil {
						t.Fatal(err)
					}
					nearAll(t, "next", got.next, want.next, 1e-5)
					nearAll(t, "reward", got.reward, want.reward, 1e-5)
					nearAll(t, "drdz or std", got.second, want.second, 1e-5)
					nearAll(t, "dz", got.dz, want.dz, 1e-5)
					nearAll(t, "da", got.da, want.da, 1e-5)
				}
			}
		})
	})
}

func closed(t *testing.T, m *Model) {
	if err := m.Close(); err != nil {
		t.Error(err)
	}
}

// weighing is what a planner gives a step.
type weighing struct{ defect, excess, cost, dcost, dyn, act, kappa []float64 }

func newWeighing(m *Model, plans, h int) weighing {
	rng, n, w := newRand(5), plans*h, m.FeatureDim()
	x := weighing{normals(rng, n*w), make([]float64, n*m.ActionDim()), normals(rng, n), normals(rng, n*w),
		normals(rng, n), normals(rng, n), normals(rng, plans)}
	for i := range x.excess {
		x.excess[i] = math.Max(0, rng.NormFloat64())
	}
	return x
}

func (x weighing) step(m *Model, step, corrected []float64) error {
	return m.StepChains(x.defect, x.excess, x.cost, x.dcost, x.dyn, x.act, x.kappa, step, corrected)
}

// gradient is half of 2Jᵀ(ρ − J·x) − δx of a plan, 0 where x is the step.
func (x weighing) gradient(m *Model, o outcome, plan, h int, damping float64, step []float64) []float64 {
	w, a := m.FeatureDim(), m.ActionDim()
	g := make([]float64, len(step))
	at := func(t int) (action, latent int) {
		action = max(0, t*(w+a)-w)
		if t == h {
			return action, action
		}
		return action, action + a
	}
	// add is one residual: weight·(rho − Σ j·step).
	add := func(weight, rho float64, index []int, j []float64) {
		for i, k := range index {
			rho -= j[i] * step[k]
		}
		for i, k := range index {
			g[k] += weight * weight * rho * j[i]
		}
	}
	for t := range h {
		row := plan*h + t
		action, latent := at(t)
		_, next := at(t + 1)
		for i := range w {
			index, j := []int{next + i}, []float64{1}
			for k := range a {
				index, j = append(index, action+k), append(j, -o.da[(row*w+i)*a+k])
			}
			for k := 0; t > 0 && k < w; k++ {
				index, j = append(index, latent+k), append(j, -o.dz[(row*w+i)*w+k])
			}
			add(x.dyn[row], x.defect[row*w+i], index, j)
		}
		for k := range a {
			if e := x.excess[row*a+k]; e > 0 {
				add(x.act[row], e, []int{action + k}, []float64{1})
			}
		}
		var index []int
		for i := range w {
			index = append(index, next+i)
		}
		add(x.kappa[plan], x.cost[row], index, x.dcost[row*w:(row+1)*w])
	}
	for i, v := range step {
		g[i] -= damping / 2 * v
	}
	return g
}

// Steps are those of the Jacobians that were kept and of the weights that were given.
func TestCollocationSteps(t *testing.T) {
	recurrent(t, func(t *testing.T, c Config) {
		withChains(t, func(t *testing.T, dev device.Device) {
			_, p := newModel(t, c, 2)
			m, err := NewModel(p, dev)
			if err != nil {
				t.Fatal(err)
			}
			defer closed(t, m)
			const plans, h, damping = 3, 7, 0.01
			if _, err := m.StartCollocation(plans, h, 0, damping); err != nil {
				t.Fatal(err)
			}
			for seed := range int64(3) {
				o, err := newIterate(m, seed, plans*h).together(m, plans, h, 0)
				if err != nil {
					t.Fatal(err)
				}
				x := newWeighing(m, plans, h)
				unknowns := h * (m.FeatureDim() + m.ActionDim())
				step, corrected := make([]float64, plans*unknowns), make([]float64, plans)
				if err := x.step(m, step, corrected); err != nil {
					t.Fatal(err)
				}
				for plan, size := range corrected {
					if !(size < 1e-3) {
						t.Fatalf("plan %d was corrected by %g", plan, size)
					}
					own := step[plan*unknowns : (plan+1)*unknowns]
					scale := norm(x.gradient(m, o, plan, h, damping, make([]float64, unknowns)))
					if left := norm(x.gradient(m, o, plan, h, damping, own)); !(left < 1e-4*scale) {
						t.Errorf("plan %d: %g of a gradient of %g is left behind the step", plan, left, scale)
					}
				}
			}
		})
	})
}

func norm(x []float64) (s float64) {
	for _, v := range x {
		s += v * v
	}
	return math.Sqrt(s)
}

// A NaN among the weights of one plan is a step of no use, the other plan's stays.
func TestCollocationOfANaN(t *testing.T) {
	withChains(t, func(t *testing.T, dev device.Device) {
		_, p := newModel(t, tiny(), 2)
		m, err := NewModel(p, dev)
		if err != nil {
			t.Fatal(err)
		}
		defer closed(t, m)
		const plans, h = 2, 4
		if _, err := m.StartCollocation(plans, h, 0, 0.01); err != nil {
			t.Fatal(err)
		}
		iterate := newIterate(m, 1, plans*h)
		iterate.z[h*m.FeatureDim()] = math.NaN() // the second plan's
		if _, err := iterate.together(m, plans, h, 0); err != nil {
			t.Fatal(err)
		}
		step, corrected := make([]float64, plans*h*(m.FeatureDim()+2)), make([]float64, plans)
		if err := newWeighing(m, plans, h).step(m, step, corrected); err != nil {
			t.Fatal(err)
		}
		if !(corrected[0] < 1e-3) || !math.IsNaN(corrected[1]) {
			t.Errorf("of a plan and one with a NaN the corrections are %g", corrected)
		}
	})
}

// Arguments of the wrong size are errors, and so is what the model cannot do.
func TestCollocationErrors(t *testing.T) {
	m, _ := newModel(t, tiny(), 2)
	if from := m.CollocateFrom(); !math.IsInf(from, 1) {
		t.Errorf("the reference device takes steps from %g operations on", from)
	}
	for _, bad := range [][3]int{{0, 3, 0}, {1, 0, 0}, {1, 3, -1}, {1, 1 << 20, 0}, {1000, 1000, 1000}} {
		if _, err := m.StartCollocation(bad[0], bad[1], bad[2], 1e-3); err == nil {
			t.Errorf("%d plans of %d actions with %d samples were started without an error", bad[0], bad[1], bad[2])
		}
	}
	solver, err := m.StartCollocation(1, 3, 0, 1e-3)
	if err != nil || solver != hostSolver {
		t.Fatalf("started with solver %q, error %v", solver, err)
	}
	w := m.FeatureDim()
	var size *SizeError
	if err := m.Collocate(make([]float64, 3*w), make([]float64, 6), make([]float64, 3*w), make([]float64, 3*w), make([]float64, 2), make([]float64, 3*w)); !errors.As(err, &size) || size.Argument != "reward" {
		t.Errorf("2 rewards of 3 steps: %v", err)
	}
	if err := m.ChainJacobians(1, nil, nil); err == nil {
		t.Error("Jacobians of plan 1 of 1 came without an error")
	}
	c := tiny()
	c.Dynamics = SSM
	flat, _ := newModel(t, c, 2)
	if _, err := flat.StartCollocation(1, 3, 0, 1e-3); err == nil || !math.IsInf(flat.CollocateFrom(), 1) {
		t.Errorf("a model without a deterministic state collocates on the device: %v", err)
	}
}
