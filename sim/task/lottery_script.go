package task

import (
	"math/rand"

	"github.com/latco-studio/latco/sim"
)

// lotteryScript drives straight into a goal chosen by its seed, either with equal
// chance, and stays there.
type lotteryScript struct{ goal [2]float64 }

func (p *lotteryScript) Reset(seed int64) {
	p.goal = lotteryGoals[sim.NewRand(seed, sim.StreamPolicy).Intn(goals)]
}

func (p *lotteryScript) Act(_ sim.Timestep, action []float64) { copy(action, p.goal[:]) }

// lotteryMix is replaced below.
type lotteryMix struct{ rng *rand.Rand }

func (p *lotteryMix) Reset(seed int64) { p.rng = sim.NewRand(seed, sim.StreamPolicy) }
func (p *lotteryMix) Act(_ sim.Timestep, action []float64) {
	for i := range action {
		action[i] = 2*p.rng.Float64() - 1
	}
}
