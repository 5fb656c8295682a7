package engine

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/latco-studio/latco/resources/setting"
	"github.com/latco-studio/latco/sim"
)

// policyNames are the policies that act without a world model.
var policyNames = [...]string{"zero", "random", "scripted", "mixed"}

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
		return nil, &UnknownNameError{"policy", name, policyNames[:]}
	}
	if make == nil {
		return nil, fmt.Errorf("task %s has no %s policy", task.Name, name)
	}
	return make(), nil
}

// dataPolicy is the policy that data sets of a task are made with if none is
// named: the mixed one, or random actions where there is none.
func dataPolicy(name string, task sim.Task) string {
	if task.Mixed == nil {
		return cmp.Or(name, "random")
	}
	return cmp.Or(name, "mixed")
}

// adjust sets a policy. The error of a policy that cannot be set says so.
func adjust(p sim.Policy, name string, set map[string]string) error {
	fields := policyFields(p)
	if len(fields) == 0 && len(set) > 0 {
		return fmt.Errorf("policy %s has no settings", name)
	}
	for _, key := range slices.Sorted(maps.Keys(set)) {
		if err := setting.Set(fields, key, set[key]); err != nil {
			return fmt.Errorf("policy %s: %w", name, err)
		}
	}
	return nil
}

// policyFields are a policy's settings, none if it has none.
func policyFields(p sim.Policy) []setting.Field {
	if a, ok := p.(sim.Adjustable); ok {
		return a.Fields()
	}
	return nil
}

// zeroPolicy does nothing.
type zeroPolicy struct{}

func (zeroPolicy) Reset(int64)                          {}
func (zeroPolicy) Act(_ sim.Timestep, action []float64) { clear(action) }
