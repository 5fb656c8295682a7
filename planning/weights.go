package planning

import "math"

// weights are the factors of a trajectory's residuals (REFERENCE B1); see stepper.
type weights struct {
	damping            float64
	dynScale, actScale float64

	kappa    float64
	dyn, act []float64 // H: factors of the residuals, κ included
}

func newWeights(c *Collocation, p *Problem) weights {
	return weights{damping: c.Damping, dynScale: c.DynScale, actScale: c.ActScale,
		dyn: make([]float64, p.Horizon), act: make([]float64, p.Horizon)}
}

// weigh computes the factors of the residuals.
func (w *weights) weigh(tr *trajectory) {
	var total float64
	for t := range tr.h {
		w.dyn[t] = math.Sqrt(tr.lambda[t]) * w.dynScale
		w.act[t] = math.Sqrt(tr.nu[t]) * w.actScale
		total += w.dyn[t] + w.act[t]
	}
	w.kappa = 1 / (total/float64(tr.h) + 1)
	for t := range tr.h {
		w.dyn[t] *= w.kappa
		w.act[t] *= w.kappa
	}
}

// stepStd solves σ's own equations, of Gaussian LatCo's trajectories. std[p] and
// the σ inside it are constants of the step (Appendix C), so σ_{t+1} has the
// residual κ√λ_t s_dyn (σ_{t+1} − std_t) alone and its normal equation is diagonal.
func (w *weights) stepStd(tr *trajectory) {
	if tr.std == nil {
		return
	}
	for t, d := range w.dyn {
		share := 2 * d * d / (w.damping + 2*d*d)
		target := tr.nextStd[t*tr.zdim : (t+1)*tr.zdim]
		std := tr.std[(t+1)*tr.zdim : (t+2)*tr.zdim]
		for i := range std {
			std[i] -= share * (std[i] - target[i])
		}
	}
}
