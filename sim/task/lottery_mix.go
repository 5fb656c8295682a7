package task

import (
	"math"
	"math/rand"

	"github.com/latco-studio/latco/sim"
)

// lotteryMix collects the data a world model of the lottery needs. Every episode
// wanders for a random time and then, with chance 0.4 each, enters the lottery or
// the sure goal, or neither; goals that are not its own are avoided until it has
// been paid, so that both are first in equal proportion. Wandering changes its
// manner every so often, from resting to jerks over the whole action range, since
// planners ask the model about both.
type lotteryMix struct {
	rng   *rand.Rand
	goal  int // −1: neither
	entry int // control step at which it turns to the goal
	entering,
	wandering manner
}

var _ sim.Policy = (*lotteryMix)(nil)

const (
	mixLastEntry = 100 // control steps: the latest turn to the goal
	mixPatience  = 30  // control steps until it enters without detours
)

func (p *lotteryMix) Reset(seed int64) {
	p.rng = sim.NewRand(seed, sim.StreamPolicy)
	p.goal = -1
	if u := p.rng.Float64(); u < 0.8 {
		p.goal = int(u / 0.4)
	}
	p.entry = 0
	if p.rng.Float64() < 0.7 {
		p.entry = p.rng.Intn(mixLastEntry)
	}
	p.wandering = manner{}
	p.entering = manner{}
	if p.goal >= 0 {
		p.entering = p.approach()
	}
}

func (p *lotteryMix) Act(t sim.Timestep, action []float64) {
	mass := pointMass{[2]float64(t.Obs[0:2]), [2]float64(t.Obs[2:4])}
	paid := t.Obs[4] != outcomeNone
	own := p.goal >= 0 && t.T >= p.entry && !paid

	var target [2]float64
	switch {
	case own && t.T >= p.entry+mixPatience:
		target = lotteryGoals[p.goal]
	case own:
		target = p.entering.next(mass.pos, p.rng)
	default:
		if p.wandering.left <= 0 {
			p.wandering = p.wander(mass.pos)
		}
		target = p.wandering.next(mass.pos, p.rng)
	}
	if !paid {
		for g, goal := range lotteryGoals {
			if !own || g != p.goal {
				target = mass.avoid(target, goal)
			}
		}
	}
	copy(action, target[:])
}

// approach is a way into the own goal: at once or at some speed, at a random
// point of it, more or less shakily.
func (p *lotteryMix) approach() manner {
	aim := around(lotteryGoals[p.goal], 0, 0.8*lotteryRadius, p.rng)
	m := manner{aim: aim, left: mixPatience, noise: p.noise()}
	if p.rng.Float64() < 0.5 {
		m.speed = p.speed()
	}
	return m
}

// wander is a manner for the next 3 to 30 control steps.
func (p *lotteryMix) wander(pos [2]float64) manner {
	r := p.rng
	m := manner{left: 3 + r.Intn(28), noise: p.noise()}
	switch u := r.Float64(); {
	case u < 0.15: // rest
		m.aim, m.noise = pos, 0.3*m.noise
	case u < 0.35: // go smoothly
		m.aim, m.speed = anywhere(r), p.speed()
	case u < 0.50: // dart
		m.aim = anywhere(r)
	case u < 0.65: // pass close to a goal
		m.aim, m.speed = around(lotteryGoals[r.Intn(goals)], lotteryRadius, 0.5, r), p.speed()
	case u < 0.80: // jerk in every step
		m.jerk = 1
	default: // bang from bound to bound every few steps
		m.jerk, m.bang = 1+r.Intn(6), r.Float64() < 0.5
	}
	return m
}

// noise is a standard deviation for the actions of a manner.
func (p *lotteryMix) noise() float64 {
	return [...]float64{0, 0, 0.03, 0.1, 0.3}[p.rng.Intn(5)]
}

// speed is how far the target moves in a control step, m: 0.02 to 0.5.
func (p *lotteryMix) speed() float64 { return 0.02 * math.Pow(25, p.rng.Float64()) }

// manner makes targets for some steps.
type manner struct {
	aim   [2]float64
	speed float64 // the target runs ahead of the mass this far towards aim; 0: it is aim
	noise float64 // standard deviation added to the target
	jerk  int     // every so many steps a new random aim; 0: never
	bang  bool    // such aims are at the bounds
	left  int     // control steps
}

func (m *manner) next(pos [2]float64, r *rand.Rand) (target [2]float64) {
	if m.jerk > 0 && m.left%m.jerk == 0 {
		m.aim = anywhere(r)
		for i := range m.aim {
			if m.bang {
				m.aim[i] = math.Copysign(1, m.aim[i])
			}
		}
	}
	m.left--
	target = m.aim
	if d := math.Hypot(m.aim[0]-pos[0], m.aim[1]-pos[1]); m.speed > 0 && d > m.speed {
		for i := range target {
			target[i] = pos[i] + m.speed*(m.aim[i]-pos[i])/d
		}
	}
	for i := range target {
		target[i] = onBoard(target[i] + m.noise*r.NormFloat64())
	}
	return target
}

func anywhere(r *rand.Rand) [2]float64 { return [2]float64{2*r.Float64() - 1, 2*r.Float64() - 1} }

// around is a point between two distances from a centre, on the board.
func around(centre [2]float64, near, far float64, r *rand.Rand) [2]float64 {
	d, angle := near+(far-near)*r.Float64(), 2*math.Pi*r.Float64()
	return [2]float64{onBoard(centre[0] + d*math.Cos(angle)), onBoard(centre[1] + d*math.Sin(angle))}
}
