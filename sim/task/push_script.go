package task

import (
	"math"
	"slices"
)

// What the scripted policy for push knows of hand and puck, m.
const (
	pushOver   = 0.115 // height of a hand whose fingers pass over the puck
	pushCarry  = 0.085 // height of a hand that carries it
	pushBehind = 0.053 // from the hand to its open finger on the far side
)

// pushScript draws a puck that is too far out to be gripped nearer to the arm's foot.
// It then takes the puck between the fingers, from above where they are not yet on
// both sides of it, and carries it to the goal.
func pushScript() *sawyerScript {
	draw, carry := drawPuck(), carryPuck()
	return &sawyerScript{
		goal: pushGoal, stages: slices.Concat(draw, carry),
		lost: func(s sight) bool { return aside(s.hand, s.object) > 0.088 }, held: len(draw) - 1,
	}
}

// drawPuck are the stages that draw a far puck in: the open fingers reach further out
// than the closed ones, so the one on the far side is set on the puck's rim, on the side
// away from the goal, and pulls it along under pressure until it slips off.
func drawPuck() []stage {
	const (
		far   = 0.88  // m: from the arm's foot; from there on no grip holds
		near  = 0.855 // m: where it does
		outer = 0.01  // m: from the puck's middle to where the finger goes down
		high  = 0.125 // m: of the hand on its way there
		slip  = 0.063 // m: between finger and puck when it has slipped off
	)
	beyond := func(s sight, radius float64) bool { return math.Hypot(s.object[0], s.object[1]) > radius }
	from := func(s sight, height float64) [3]float64 {
		return [3]float64{s.object[0] + math.Copysign(outer, s.object[0]-s.goal[0]), s.object[1] - pushBehind, height}
	}
	finger := func(s sight) [3]float64 { return moved(s.hand, 0, pushBehind, 0) }
	return []stage{
		liftOff(),
		{aim: func(s sight) [3]float64 { return from(s, high) }, grip: -1,
			until: func(s sight) bool { return !beyond(s, far) || aside(s.hand, from(s, high)) < 0.012 }, most: 40},
		{aim: func(s sight) [3]float64 { return from(s, 0) }, grip: -1,
			until: func(s sight) bool { return !beyond(s, far) || s.hand[2] < 0.094 }, most: 12},
		{aim: func(s sight) [3]float64 { return [3]float64{s.goal[0], s.goal[1] - pushBehind, 0.08} }, grip: -1,
			until: func(s sight) bool { return !beyond(s, near) || aside(finger(s), s.object) > slip }},
	}
}

// carryPuck are the stages that grip the puck and bring it to the goal.
func carryPuck() []stage {
	above := func(s sight) [3]float64 { return inReach([3]float64{s.object[0], s.object[1], pushOver}) }
	low := func(s sight) [3]float64 {
		return inReach([3]float64{s.object[0], s.object[1], graspHeight(s.object)})
	}
	return []stage{
		liftOff(),
		{aim: above, grip: -1, until: func(s sight) bool { return aside(s.hand, above(s)) < 0.01 || caged(s) }, most: 50},
		{aim: low, grip: -1, within: 0.008, most: 20},
		{aim: low, grip: 1, least: 11},
		{aim: func(s sight) [3]float64 { return [3]float64{s.goal[0], s.goal[1], pushCarry} }, grip: 1, pace: 0.75},
	}
}

// liftOff lifts the open fingers over the puck, unless they are around it.
func liftOff() stage {
	return stage{aim: func(s sight) [3]float64 { return [3]float64{s.hand[0], s.hand[1], pushOver + 0.04} }, grip: -1,
		until: func(s sight) bool { return s.hand[2] > 0.1 || caged(s) }, most: 20}
}

// caged says whether the fingers are around the puck.
func caged(s sight) bool {
	return math.Abs(s.hand[0]-s.object[0]) < 0.012 && math.Abs(s.hand[1]-s.object[1]) < 0.02 && s.hand[2] < pushOver-0.02
}

// graspHeight is that of a hand whose fingers hold the puck: low where the arm gets
// there, and by its upper half where that is further out.
func graspHeight(puck [3]float64) float64 {
	return pushHeight + min(max((math.Hypot(puck[0], puck[1])-0.84)/2, 0), 0.02)
}

// inReach draws a point near the table towards the arm's foot until the hand gets there.
func inReach(p [3]float64) [3]float64 {
	most := 0.85 + 1.9*(p[2]-pushHeight)
	if far := math.Hypot(p[0], p[1]); far > most {
		p[0], p[1] = p[0]*most/far, p[1]*most/far
	}
	return p
}
