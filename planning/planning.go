// Package planning finds action sequences with a learned latent model. One
// file is one planner; this file has what they share: Problem in, Plan out.
//
//	latco.go, gaussian_latco.go   collocation: states and actions are variables
//	    collocation.go            their settings, Algorithm 1
//	    trajectory.go             variables, multipliers, the model's values at an iterate
//	    bundle.go                 parallel plans before the model
//	    stepper.go                the Levenberg-Marquardt step on the residuals
//	    system.go, refine.go      its normal equations, solved in float64 or float32
//	    steppers.go, remote.go    who takes the steps: goroutines here, or the model
//	    expectation.go            Gaussian LatCo's estimates by sampling
//	    selection.go              the choice among parallel plans
//	cem.go, mppi.go, shooting.go  shooting: actions alone
//	    sampling.go               what they share: draw, score, fit, repeat
//	    population.go             a search in Go, for models that have none
//	imagine.go                    actions to Plan, also when the context ends
//	registry.go                   the planners by name
//
// Papers cited: LatCo is Rybkin et al., "Model-Based Reinforcement Learning via
// Latent-Space Collocation" (ICML 2021); PlaNet is Hafner et al. (ICML 2019).
//
// The package knows nothing of neural networks, simulators or windows. A model
// is whatever implements the small interfaces of model.go.
package planning

import (
	"context"
	"math/rand"
)

// Planner turns a Problem into a Plan. Plan returns within 100 ms of ctx ending,
// if no single call of the model takes as long, with the actions it has so far
// rolled through the model and ctx's error. Equal problems with equally seeded
// Rand give equal plans, on any number of processors. On another device the model
// gives the same to rounding, and so do CEM, MPPI and random shooting, whose
// sequences are drawn by package philox from one number of Rand; the steps of
// collocation may magnify rounding to another local optimum. A planner can be used by
// several goroutines as long as nobody changes its settings; a model cannot.
type Planner interface {
	Plan(ctx context.Context, p *Problem) (*Plan, error)
}

// Problem is one planning task: from a belief, H steps ahead.
type Problem struct {
	Model   Model
	Feature []float64  // Z: present latent feature, a posterior sample
	Horizon int        // H ≥ 1: number of actions to find
	Replan  int        // actions that will be executed, 1..H; 0 means H
	Warm    *Plan      // plan to start from, its step 0 being the present, or nil
	Threads int        // goroutines that may compute; 0 means GOMAXPROCS. Plans do not depend on it
	Rand    *rand.Rand // every random number of the planner comes from here

	// Record, if not nil, receives every iteration as it finishes, on the
	// planner's goroutine. The Iteration and its slices belong to the receiver.
	Record func(Iteration)
}

// Iteration is one step of the optimiser, seen per time step so that a screen
// can scrub through the optimisation and decode any iterate.
//
// K = 0 is the point from which the optimiser starts, K = 1..N are its steps. Of
// parallel plans the leading one is shown, at last the one that is chosen.
type Iteration struct {
	K            int
	Plan         int         // index of the parallel plan shown, 0 if there is one
	Return       float64     // predicted return of the iterate
	Reward       []float64   // H: predicted reward of state t+1
	DynViolation []float64   // H: ‖z_{t+1} − μ(z_t, a_t)‖², of both moments in Gaussian LatCo, 0 for shooting
	ActViolation []float64   // H: Σ max(0, |a|−1)²
	Lambda       []float64   // H: multipliers of the dynamics; nil for shooting
	Nu           []float64   // H: multipliers of the action bounds; nil for shooting
	Latents      [][]float64 // (H+1)×Z
	Std          [][]float64 // (H+1)×Z: σ_t about Latents in Gaussian LatCo, else nil
	Actions      [][]float64 // H×A
}

// Plan is the result. Actions are within [−1, 1].
type Plan struct {
	Actions    [][]float64 // H×A
	Latents    [][]float64 // (H+1)×Z: as the planner imagines them
	Reward     []float64   // H: predicted
	Return     float64     // Σ Reward
	Iterations int         // run in all

	// Solver says how and where the steps' linear systems were solved, and why not
	// where the model computes if it has no room there; "" of planners that solve none.
	Solver string
}

// Shift is what is left of the plan after n actions were executed, to be warm
// started from; empty if there were no more. Rows are shared with p.
func (p *Plan) Shift(n int) *Plan {
	n = max(0, n)
	return &Plan{
		Actions: p.Actions[min(n, len(p.Actions)):],
		Latents: p.Latents[min(n, len(p.Latents)):],
		Reward:  p.Reward[min(n, len(p.Reward)):],
		Return:  sum(p.Reward[min(n, len(p.Reward)):]),
	}
}
