package task

import "github.com/latco-studio/latco/sim"

// Bare executes an action as Step does, but does nothing beyond the physics steps
// themselves: nothing is settled, derived, judged or observed. The states are those
// of Step. It is there to measure what the rest of Step costs.
func (in *instance) Bare(action []float64) error {
	if in.broken != nil {
		return in.broken
	}
	if len(action) != in.facts.ActionDim {
		return &sim.LengthError{What: "action", Got: len(action), Want: in.facts.ActionDim}
	}
	for range max(in.facts.ActionRepeat, 1) {
		in.act(action)
		if in.rules.prepare != nil {
			in.rules.prepare(&in.world)
		}
		if in.broken = in.world.Step(in.rules.substeps); in.broken != nil {
			return in.broken
		}
	}
	return nil
}
