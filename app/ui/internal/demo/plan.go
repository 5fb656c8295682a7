package demo

import (
	"math"
	"time"

	"github.com/latco-studio/latco/app/engine"
	"github.com/latco-studio/latco/planning"
)

// newPlan is a finished optimisation of made-up numbers: violations that jump in
// the middle of the plan and shrink as multipliers grow there.
func newPlan(planner string, h, start int) *engine.PlanView {
	p := &engine.PlanView{Planner: planner, StartStep: start, Horizon: h, Total: 200, Column: -1, Predicted: 18.2, Elapsed: 1740 * time.Millisecond}
	collocates := planner == "latco" || planner == "gaussian-latco"
	if collocates {
		p.Threshold = 1e-4
	}
	for k := range p.Total + 1 {
		p.Iterations = append(p.Iterations, iteration(k, h, collocates))
	}
	for t := range h + 1 {
		x, y := path(t, h)
		p.ModelStrip = append(p.ModelStrip, picture(x, y, 0.9))
	}
	p.Real = p.ModelStrip[:1]
	return showing(p, -1)
}

func iteration(k, h int, collocates bool) planning.Iteration {
	at := float64(k) / 200
	it := planning.Iteration{K: k, Return: 18*(1-math.Exp(-12*at)) + 2*math.Exp(-20*(at-0.2)*(at-0.2))}
	for t := range h {
		u := float64(t+1) / float64(h)
		bump := math.Exp(-60 * (u - 0.5) * (u - 0.5))
		it.Reward = append(it.Reward, bump*float64(k)/200)
		v, lambda := 0.0, 0.0
		if collocates {
			v = (0.4*bump+1e-3)*math.Pow(10, -4.2*at)*(1+0.3*math.Sin(float64(9*k)/40)) + 2e-6
			lambda = 1 + 400*bump*at*at
			it.Lambda = append(it.Lambda, lambda)
			it.Nu = append(it.Nu, 1)
		}
		it.DynViolation = append(it.DynViolation, v)
	}
	return it
}

// path is the planned way of the ball.
func path(t, h int) (x, y float64) {
	u := float64(t) / float64(max(h, 1))
	return -0.6 + 1.3*u, -0.1 + 0.8*u*u
}

// showing is p with the strip of iteration k.
func showing(p *engine.PlanView, k int) *engine.PlanView {
	out := *p
	if k < 0 || k >= len(p.Iterations) {
		k = len(p.Iterations) - 1
	}
	out.Shown = k
	out.Strip = nil
	jump := math.Exp(-4 * float64(k) / 200)
	for t := range p.Horizon + 1 {
		x, y := path(t, p.Horizon)
		u := float64(t) / float64(max(p.Horizon, 1))
		shift := jump * 0.5 * math.Tanh(12*(u-0.5))
		out.Strip = append(out.Strip, picture(x+shift, y+shift, 1-0.5*jump))
	}
	return &out
}

// executed is p with n steps carried out.
func executed(p *engine.PlanView, n int) *engine.PlanView {
	out := *p
	n = min(n, p.Horizon)
	out.Real, out.RealReward, out.Obtained = nil, nil, 0
	for t := range n + 1 {
		x, y := path(t, p.Horizon)
		out.Real = append(out.Real, picture(x, y-0.05, 1))
		if t > 0 {
			out.RealReward = append(out.RealReward, 0.01*float64(t))
			out.Obtained += 0.01 * float64(t)
		}
	}
	return &out
}
