package task

import "math"

// pointMass is the lottery's point mass with its servos, in closed form: what the
// data policy needs to know where an action leads. lottery_mass_test.go holds it
// against MuJoCo.
type pointMass struct{ pos, vel [2]float64 }

const (
	massKP      = 100.0
	massDamping = 10.0
	massStep    = 0.01 // s, physics
	massSteps   = 5    // physics steps of a control step
	massInertia = 1000*4.0/3*math.Pi*0.05*0.05*0.05 + 0.004
)

// advance is one physics step: Euler with implicit damping, as MuJoCo integrates,
// v' = v + h (kp (u − x) − d v) / (m + h d), x' = x + h v'.
func (p *pointMass) advance(target [2]float64) {
	for i := range 2 {
		force := massKP*(target[i]-p.pos[i]) - massDamping*p.vel[i]
		p.vel[i] += massStep * force / (massInertia + massStep*massDamping)
		p.pos[i] += massStep * p.vel[i]
	}
}

// enters says whether a control step with that target touches the disc around
// goal, keeping a margin of 2 cm, and moves p to where it ends.
func (p *pointMass) enters(target, goal [2]float64) bool {
	touched := false
	for range massSteps {
		p.advance(target)
		touched = touched || math.Hypot(p.pos[0]-goal[0], p.pos[1]-goal[1]) < lotteryRadius+0.02
	}
	return touched
}

// flight is the target that leads away from goal as fast as the servos can.
func (p *pointMass) flight(goal [2]float64) (target [2]float64) {
	away := [2]float64{p.pos[0] - goal[0], p.pos[1] - goal[1]}
	norm := math.Hypot(away[0], away[1]) + 1e-9
	for i := range 2 {
		target[i] = onBoard(p.pos[i] + 2*away[i]/norm)
	}
	return target
}

// avoid returns target, or the flight from goal if after that target flight could
// no longer keep the point mass out. As flight always could before, it always can.
func (p pointMass) avoid(target, goal [2]float64) [2]float64 {
	future := p
	inside := future.enters(target, goal)
	for range 4 {
		inside = inside || future.enters(future.flight(goal), goal)
	}
	if inside {
		return p.flight(goal)
	}
	return target
}
