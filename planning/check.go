package planning

import (
	"fmt"
	"math"
)

// ProblemError says what is wrong with a Problem.
type ProblemError struct {
	Field string // of Problem
	Value string
	Want  string
}

func (e *ProblemError) Error() string {
	return fmt.Sprintf("planning problem: %s = %s: want %s", e.Field, e.Value, e.Want)
}

// NonFiniteError says where a NaN or an infinity came up. No planner repairs one.
type NonFiniteError struct {
	Planner   string
	Iteration int
	Quantity  string // such as "next latent"
	Step      int    // time step, or −1 if the quantity has none
}

func (e *NonFiniteError) Error() string {
	if e.Step < 0 {
		return fmt.Sprintf("planner %s, iteration %d: %s is not finite", e.Planner, e.Iteration, e.Quantity)
	}
	return fmt.Sprintf("planner %s, iteration %d: %s of time step %d is not finite",
		e.Planner, e.Iteration, e.Quantity, e.Step)
}

// check returns a *ProblemError for the first field that cannot be used.
func (p *Problem) check() error {
	bad := func(field string, value any, want string, arg ...any) error {
		return &ProblemError{field, fmt.Sprint(value), fmt.Sprintf(want, arg...)}
	}
	switch {
	case p.Model == nil:
		return bad("Model", "nil", "a model")
	case p.Rand == nil:
		return bad("Rand", "nil", "a seeded generator")
	case p.Horizon < 1:
		return bad("Horizon", p.Horizon, "at least 1")
	case p.Replan < 0 || p.Replan > p.Horizon:
		return bad("Replan", p.Replan, "0 (the horizon) to %d", p.Horizon)
	case p.Threads < 0:
		return bad("Threads", p.Threads, "at least 0")
	case len(p.Feature) != p.Model.FeatureDim():
		return bad("Feature", fmt.Sprint(len(p.Feature), " numbers"), "the model's %d", p.Model.FeatureDim())
	}
	if i := notFinite(p.Feature); i >= 0 {
		return bad(fmt.Sprintf("Feature[%d]", i), p.Feature[i], "a finite number")
	}
	return p.checkWarm(bad)
}

func (p *Problem) checkWarm(bad func(string, any, string, ...any) error) error {
	if p.Warm == nil {
		return nil
	}
	for t, a := range p.Warm.Actions {
		if len(a) != p.Model.ActionDim() || notFinite(a) >= 0 {
			return bad(fmt.Sprintf("Warm.Actions[%d]", t), a, "%d finite numbers", p.Model.ActionDim())
		}
	}
	for t, z := range p.Warm.Latents {
		if len(z) != p.Model.FeatureDim() || notFinite(z) >= 0 {
			return bad(fmt.Sprintf("Warm.Latents[%d]", t), fmt.Sprint(len(z), " numbers"),
				"%d finite numbers", p.Model.FeatureDim())
		}
	}
	return nil
}

// notFinite is the index of the first NaN or infinity, −1 if there is none.
func notFinite(x []float64) int {
	for i, v := range x {
		if v-v != 0 {
			return i
		}
	}
	return -1
}

// clip limits x to [−1, 1] in place.
func clip(x []float64) {
	for i, v := range x {
		x[i] = math.Max(-1, math.Min(1, v))
	}
}
