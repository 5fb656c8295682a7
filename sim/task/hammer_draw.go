package task

import "math"

// How the script draws a hammer nearer whose handle is beyond the hand box, m. Heights
// are the hand's; the hammer's head is 7.6 cm high, its neck 6.4 cm.
const (
	handleReach = 0.383  // hammers with a smaller y cannot be grasped by the handle
	hookReach   = 0.326  // those with a smaller y cannot be hooked either
	rubAcross   = 0.0985 // hand to middle, along y, with the right finger on the face
	rubHeight   = 0.1235 // the fingertip is on the face
	hookAcross  = 0.07   // hand to middle, along y, with that finger behind the face
	hookHeight  = 0.110  // the fingertip is behind the face and above the neck
	passHeight  = 0.126  // the fingertips pass over the head
	drawTo      = 0.62   // y towards which it is drawn
)

// drawHammer brings a hammer within reach: one that is too near to the robot is hooked
// behind its face by the right finger and pulled; one that is too near even for that is
// pressed upon and rubbed a little nearer before. A hammer within reach passes through
// these stages at once.
func drawHammer() []stage {
	graspable := func(s sight) bool { return s.object[1] > handleReach }
	hookable := func(s sight) bool { return s.object[1] > hookReach }
	over := func(across, height float64) func(s sight) [3]float64 {
		return func(s sight) [3]float64 {
			return [3]float64{s.object[0] + hammerHead, s.object[1] + across, height}
		}
	}
	// above says that the hand is over the head, so far off at most; the hand box ends
	// it in y.
	above := func(s sight, along, across float64) bool {
		return math.Abs(s.hand[0]-s.object[0]-hammerHead) < along &&
			s.hand[1] < max(sawyerBox[0][1]+0.04, s.object[1]+across)
	}
	pull := func(height func(s sight) float64) func(s sight) [3]float64 {
		return func(s sight) [3]float64 { return [3]float64{s.object[0] + hammerHead, drawTo, height(s)} }
	}
	return []stage{
		// press and rub
		{aim: over(rubAcross, 0.155), grip: -1, most: 16,
			until: func(s sight) bool { return hookable(s) || above(s, 0.06, rubAcross+0.04) }},
		{aim: over(rubAcross, 0.10), grip: -1, most: 6,
			until: func(s sight) bool { return hookable(s) || s.hand[2] < rubHeight }},
		{aim: pull(func(s sight) float64 { return s.hand[2] - 0.005 }), grip: -1, pace: 0.8, most: 14,
			until: func(s sight) bool { return hookable(s) || s.hand[1] > s.object[1]+rubAcross+0.03 }},
		{aim: func(s sight) [3]float64 { return moved(s.hand, 0, 0.01, 0.2) }, grip: -1, most: 6,
			until: func(s sight) bool { return s.hand[2] > passHeight }},
		// hook and pull
		{aim: over(hookAcross, 0.15), grip: -1, most: 16,
			until: func(s sight) bool { return graspable(s) || above(s, 0.04, hookAcross+0.035) }},
		{aim: over(hookAcross, 0.07), grip: -1, most: 6,
			until: func(s sight) bool { return graspable(s) || s.hand[2] < hookHeight+0.004 }},
		{aim: pull(func(sight) float64 { return hookHeight }), grip: -1, most: 14,
			until: func(s sight) bool { return graspable(s) || s.hand[1] > s.object[1]+2*hookAcross }},
		{aim: func(s sight) [3]float64 { return moved(s.hand, -0.1, 0, 0.2) }, grip: -1, most: 4,
			until: func(s sight) bool { return s.hand[2] > passHeight || s.hand[0] < s.object[0]+0.1 }},
	}
}
