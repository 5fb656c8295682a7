package ui

import (
	"github.com/latco-studio/latco/app/engine"
	"github.com/latco-studio/latco/app/ui/paint"
	"github.com/latco-studio/latco/planning"
)

// history sums every iteration of a plan up into one point a curve; x is the
// true number of the iteration. Plot and iteration track share it.
type history struct {
	of        *engine.PlanView
	ret       []paint.Vec // predicted return
	violation []paint.Vec // largest dynamics violation of any step; empty for shooting
	lambda    []paint.Vec // mean multiplier of the dynamics; empty for shooting
}

// update follows a plan and reports whether anything changed. A plan that only
// grew is not summed up again from the start.
func (h *history) update(p *engine.PlanView) bool {
	if p == h.of {
		return false
	}
	if !h.continues(p) {
		h.ret, h.violation, h.lambda = nil, nil, nil
	}
	h.of = p
	if p == nil {
		return true
	}
	for _, it := range p.Iterations[len(h.ret):] {
		x := float64(it.K)
		h.ret = append(h.ret, paint.Vec{X: x, Y: it.Return})
		if v := largest(it.DynViolation); v > 0 {
			h.violation = append(h.violation, paint.Vec{X: x, Y: v})
		}
		if len(it.Lambda) > 0 {
			h.lambda = append(h.lambda, paint.Vec{X: x, Y: mean(it.Lambda)})
		}
	}
	return true
}

// continues reports whether p begins with what has been summed up.
func (h *history) continues(p *engine.PlanView) bool {
	if h.of == nil || p == nil || len(p.Iterations) < len(h.ret) {
		return false
	}
	old := h.of.Iterations
	return len(old) == len(h.ret) && (len(old) == 0 ||
		sameIteration(&old[0], &p.Iterations[0]) && sameIteration(&old[len(old)-1], &p.Iterations[len(old)-1]))
}

// sameIteration compares identity, not values: a recorded iteration is never
// written again, so its rewards stay at their address.
func sameIteration(a, b *planning.Iteration) bool {
	return a.K == b.K && len(a.Reward) == len(b.Reward) && (len(a.Reward) == 0 || &a.Reward[0] == &b.Reward[0])
}

// curves are the history as a plot draws it.
func (h *history) curves() []curve {
	cs := []curve{{color: colorReturn, xy: h.ret}}
	if len(h.violation) > 0 {
		cs = append(cs, curve{color: colorViolation, log: true, xy: h.violation, level: h.of.Threshold})
	}
	if len(h.lambda) > 0 {
		cs = append(cs, curve{color: colorLambda, log: true, xy: h.lambda})
	}
	return cs
}

// shown is the iteration on display, or nil.
func shown(p *engine.PlanView) *planning.Iteration {
	if p == nil || p.Shown < 0 || p.Shown >= len(p.Iterations) {
		return nil
	}
	return &p.Iterations[p.Shown]
}

func largest(v []float64) float64 {
	top := 0.0
	for _, x := range v {
		top = max(top, x)
	}
	return top
}

func mean(v []float64) float64 {
	sum := 0.0
	for _, x := range v {
		sum += x
	}
	return sum / float64(max(len(v), 1))
}
