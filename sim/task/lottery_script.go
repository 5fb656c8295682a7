package task

import "github.com/latco-studio/latco/sim"

// lotteryScript drives straight into a goal chosen by its seed, either with equal
// chance, and stays there.
type lotteryScript struct{ goal [2]float64 }

var _ sim.Policy = (*lotteryScript)(nil)

func (p *lotteryScript) Reset(seed int64) {
	p.goal = lotteryGoals[sim.NewRand(seed, sim.StreamPolicy).Intn(goals)]
}

func (p *lotteryScript) Act(_ sim.Timestep, action []float64) { copy(action, p.goal[:]) }
