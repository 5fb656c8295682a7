package engine

import (
	"fmt"

	"github.com/latco-studio/latco/sim"
)

// newPolicy finds a policy that acts without a world model.
func newPolicy(name string, task sim.Task) (sim.Policy, error) {
	var make func() sim.Policy
	switch name {
	case "zero":
		return zeroPolicy{}, nil
	case "random":
		return &sim.RandomPolicy{}, nil
	case "scripted":
		make = task.Scripted
	case "mixed":
		make = task.Mixed
	default:
		return nil, &UnknownNameError{"policy", name, []string{"zero", "random", "scripted", "mixed"}}
	}
	if make == nil {
		return nil, fmt.Errorf("task %s has no %s policy", task.Name, name)
	}
	return make(), nil
}

// zeroPolicy does nothing.
type zeroPolicy struct{}

func (zeroPolicy) Reset(int64)                          {}
func (zeroPolicy) Act(_ sim.Timestep, action []float64) { clear(action) }
