package engine

import (
	"fmt"
	"math/rand"

	"github.com/latco-studio/latco/sim"
)

// policyNames are what a policy may be called on the command line.
var policyNames = [...]string{"zero", "random", "scripted", "mixed"}

// newPolicy finds a policy that acts without a world model.
func newPolicy(name string, task sim.Task) (sim.Policy, error) {
	switch name {
	case "zero":
		return zeroPolicy{}, nil
	case "random":
		return &randomPolicy{}, nil
	case "scripted":
		if task.Scripted == nil {
			return nil, fmt.Errorf("task %s has no scripted policy", task.Name)
		}
		return task.Scripted(), nil
	case "mixed":
		m := &mixedPolicy{random: &randomPolicy{}}
		if task.Scripted != nil {
			m.scripted = task.Scripted()
		}
		return m, nil
	}
	return nil, &UnknownNameError{"policy", name, policyNames[:]}
}

// zeroPolicy does nothing.
type zeroPolicy struct{}

func (zeroPolicy) Reset(int64)                          {}
func (zeroPolicy) Act(_ sim.Timestep, action []float64) { clear(action) }

// randomPolicy draws actions uniformly from [−1, 1]ᴬ.
type randomPolicy struct{ rng *rand.Rand }

func (p *randomPolicy) Reset(seed int64) { p.rng = newRand(seed, policyStream) }

func (p *randomPolicy) Act(_ sim.Timestep, action []float64) {
	for i := range action {
		action[i] = 2*p.rng.Float64() - 1
	}
}

// mixedPolicy is scripted in one half of the episodes and random in the other.
// Scripted actions carry noise, so that the data hold more than one path.
type mixedPolicy struct {
	scripted sim.Policy // nil if the task has none
	random   *randomPolicy
	script   bool
}

func (p *mixedPolicy) Reset(seed int64) {
	p.random.Reset(seed)
	p.script = p.scripted != nil && seed%2 == 0
	if p.scripted != nil {
		p.scripted.Reset(seed / 2)
	}
}

func (p *mixedPolicy) Act(ts sim.Timestep, action []float64) {
	if !p.script {
		p.random.Act(ts, action)
		return
	}
	p.scripted.Act(ts, action)
}
