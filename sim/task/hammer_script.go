package task

import "math"

// Where the script takes and brings the hammer, m.
const (
	hammerGrasp  = 0.38               // hammers with a smaller y are out of the fingers' reach
	hammerHook   = hammerHead + 0.038 // from the middle to where a finger fits behind the face
	hammerBehind = 0.077              // hand to middle, along y, with the right finger between eye and face
	hammerFace   = 0.072              // from the middle to the face, along y
	hammerHold   = -0.02              // where the fingers take the handle
	hammerGrip   = 0.8                // gripper action
	hammerClear  = 0.09               // height at which the hand passes over a lying hammer
	hammerOver   = 0.14               // height at which the fingers pass over its head
	hammerStroke = 0.125              // height of the hammer when it strikes
	hammerBack   = 0.48               // y to which it is brought before it is lifted
	hammerDeep   = 0.03               // how far behind the nail's end the stroke is aimed
)

// hammerScript grasps the hammer by the handle, lifts it clear of nail and block,
// brings its head before the nail and pushes. A hammer that is too near to the robot
// is drawn nearer before, by a finger behind its face.
func hammerScript() *sawyerScript {
	low := sawyerBox[0][2]
	reachable := func(s sight) bool { return s.object[1] > hammerGrasp }
	hold := func(s sight) [3]float64 { return [3]float64{s.object[0] + hammerHold, s.object[1], low} }
	hook := func(s sight, height float64) [3]float64 {
		return [3]float64{s.object[0] + hammerHook, s.object[1] + hammerBehind, height}
	}
	// bring is where the hand must be for the hammer, as it is held, to be at p.
	bring := func(s sight, p [3]float64) [3]float64 {
		return moved(p, s.hand[0]-s.object[0], s.hand[1]-s.object[1], s.hand[2]-s.object[2])
	}
	return &sawyerScript{
		goal: nailEnd,
		stages: []stage{
			// hook it and draw it nearer, unless it is within reach
			{aim: func(s sight) [3]float64 { return moved(hook(s, hammerOver), 0.03, 0, 0) }, grip: -1,
				until: func(s sight) bool { return reachable(s) || s.hand[0] > s.object[0]+hammerHook-0.03 }},
			{aim: func(s sight) [3]float64 { return hook(s, low-0.06) }, grip: -1, most: 8,
				until: func(s sight) bool {
					return reachable(s) || s.hand[2] < 0.075 && math.Abs(s.hand[0]-s.object[0]-hammerHook) < 0.008
				}},
			{aim: func(s sight) [3]float64 { return [3]float64{s.object[0] + hammerHook, 0.62, low} }, grip: -1, pace: 0.5, until: func(s sight) bool { return s.object[1] > hammerGrasp+0.01 }, most: 16},
			{aim: func(s sight) [3]float64 { return moved(s.hand, 0, 0.01, 0.2) }, grip: -1,
				until: func(s sight) bool { return s.hand[2] > hammerClear || s.hand[0] < s.object[0]+0.1 }},
			// take it by the handle
			{aim: func(s sight) [3]float64 { return moved(hold(s), 0, 0, 0.06) }, grip: -1,
				until: func(s sight) bool {
					along, across := s.hand[0]-s.object[0], math.Abs(s.hand[1]-s.object[1])
					return across < 0.02 && along < 0.10 && along > -0.08
				}},
			{aim: hold, grip: -1, most: 20,
				until: func(s sight) bool { return s.hand[2] < 0.065 && s.hand[0] < s.object[0]+0.05 }},
			{aim: hold, grip: hammerGrip, least: 4},
			// away from the nail, up, before the nail, and strike
			{aim: func(s sight) [3]float64 { return bring(s, [3]float64{s.object[0], min(s.object[1], hammerBack), 0.05}) },
				grip: hammerGrip, most: 15, until: func(s sight) bool { return s.object[1] < hammerBack+0.04 }},
			{aim: func(s sight) [3]float64 {
				return bring(s, [3]float64{s.second[0] - hammerHead, min(max(s.object[1], 0.46), 0.50), hammerStroke + 0.01})
			}, grip: hammerGrip, most: 30, until: func(s sight) bool {
				return s.object[2] > hammerStroke-0.02 && math.Abs(s.object[0]+hammerHead-s.second[0]) < 0.025
			}},
			{aim: func(s sight) [3]float64 {
				return bring(s, [3]float64{s.goal[0] - hammerHead, s.goal[1] - hammerFace + hammerDeep, hammerStroke})
			}, grip: hammerGrip},
		},
		lost: func(s sight) bool { return aside(s.hand, hold(s)) > 0.06 || s.hand[2]-s.object[2] > 0.07 },
		held: 7,
	}
}

// hammerMix fails by missing the handle, by striking beside the nail, by opening the
// fingers, by stopping, or by not trying.
func hammerMix() *sawyerMix {
	return newSawyerMix(hammerScript(),
		misjudges(0.06, 0.12, 0, 1, 0), misplaces(0.1, 0.2, 1, 0, 0), drops(6, 8, 4), stops(0, 8, 5), strays())
}
