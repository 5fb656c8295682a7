package sim

import "math/rand"

// RandomPolicy draws every component uniformly from [−1, 1]. Reset seeds it.
type RandomPolicy struct{ rng *rand.Rand }

var _ Policy = (*RandomPolicy)(nil)

func (p *RandomPolicy) Reset(seed int64) { p.rng = NewRand(seed, StreamPolicy) }

func (p *RandomPolicy) Act(_ Timestep, action []float64) {
	for i := range action {
		action[i] = 2*p.rng.Float64() - 1
	}
}
