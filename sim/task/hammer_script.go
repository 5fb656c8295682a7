package task

import "math"

// Where the script takes and brings the hammer, m. Along and across are along x and y,
// from the hammer's middle to the hand.
const (
	hammerHold   = 0.02  // along: where the fingers take the handle
	hammerGrip   = 0.8   // gripper action
	hammerFace   = 0.072 // from the middle to the face, along y
	hammerStroke = 0.125 // height of the hammer when it strikes
	hammerBack   = 0.48  // y to which it is brought before it is lifted
	hammerDeep   = 0.03  // how far behind the nail's end the stroke is aimed
	hammerAim    = 0.025 // how far beside the nail a stroke may begin
)

// hammerScript grasps the hammer by the handle, lifts it clear of nail and block,
// brings its head before the nail and pushes. A hammer that is too near to the robot
// is drawn nearer before.
func hammerScript() *sawyerScript {
	low := sawyerBox[0][2]
	hold := func(s sight) [3]float64 { return [3]float64{s.object[0] + hammerHold, s.object[1], low} }
	// bring is where the hand must be for the hammer, as it is held, to be at p.
	bring := func(s sight, p [3]float64) [3]float64 {
		return moved(p, s.hand[0]-s.object[0], s.hand[1]-s.object[1], s.hand[2]-s.object[2])
	}
	near := drawHammer()
	return &sawyerScript{
		goal: nailEnd,
		held: len(near) + 3,
		lost: func(s sight) bool { return aside(s.hand, hold(s)) > 0.06 || s.hand[2]-s.object[2] > 0.07 },
		stages: append(near, []stage{
			// above the handle, down, close
			{aim: func(s sight) [3]float64 { return moved(hold(s), 0, 0, 0.06) }, grip: -1, until: func(s sight) bool {
				along, across := s.hand[0]-s.object[0], s.hand[1]-s.object[1]
				return math.Abs(across) < 0.035 && along < 0.10 && along > -0.08
			}},
			{aim: func(s sight) [3]float64 { return moved(hold(s), 0, 0, -0.03) }, grip: -1, most: 20,
				until: func(s sight) bool { return s.hand[2] < low+0.015 && s.hand[0] < s.object[0]+0.06 }},
			{aim: hold, grip: hammerGrip, least: 3},
			// out from under the nail, up and before it, strike
			{aim: func(s sight) [3]float64 {
				return bring(s, [3]float64{s.object[0], min(s.object[1], hammerBack), hammerRest + 0.01})
			}, grip: hammerGrip, most: 15, until: func(s sight) bool { return s.object[1] < hammerBack+0.04 }},
			{aim: func(s sight) [3]float64 {
				across := min(max(s.object[1], hammerBack+0.03), hammerBack+0.05)
				return bring(s, [3]float64{s.goal[0] - hammerHead, across, hammerStroke + 0.01})
			}, grip: hammerGrip, most: 30, until: func(s sight) bool {
				return s.object[2] > hammerStroke-0.035 && math.Abs(s.object[0]+hammerHead-s.goal[0]) < hammerAim
			}},
			{aim: func(s sight) [3]float64 {
				return bring(s, [3]float64{s.goal[0] - hammerHead, s.goal[1] - hammerFace + hammerDeep, hammerStroke})
			}, grip: hammerGrip},
		}...),
	}
}

// hammerMix fails by missing the handle, by striking beside the nail, by opening the
// fingers, by stopping, or by not trying.
func hammerMix() *sawyerMix {
	script := hammerScript()
	grasp, strike := script.held-1, len(script.stages)-1
	return newSawyerMix(script,
		misjudges(0.06, 0.12, 0, 1, 0), misplaces(0.1, 0.2, 1, 0, 0),
		drops(grasp, strike-1, 4), stops(0, strike-1, 5), strays())
}
