package task

// Where the script takes and brings the stick, m. Fingers close 1.5 cm before its
// middle, the hand 3 cm above, as in Meta-World's scripts.
const (
	stickAlong  = 0.015
	stickAbove  = 0.03
	stickReach  = 0.06 + 0.05 // from the stick's middle to the thermos' when they touch
	stickHeight = 0.14        // of the hand while it pushes
	stickShort  = 0.02        // the push ends this far before the middle of the goal
	stickPace   = 0.35        // slower than the thermos would slide away
	stickGrip   = 0.7
	stickLost   = 0.045 // from where the fingers hold the stick to the hand: it slipped
	stickBehind = 0.02  // gap to the thermos from which the push begins
)

// thermosScript takes the stick, lifts it, brings it before the thermos and pushes
// along x until the thermos stands at the goal.
func thermosScript() *sawyerScript {
	hold := func(s sight) [3]float64 { return moved(s.object, stickAlong, 0, stickAbove) }
	// hand position with the stick's end so far before a thermos at p
	before := func(p [3]float64, gap float64) [3]float64 {
		return [3]float64{p[0] - stickReach - gap + stickAlong, p[1], stickHeight}
	}
	return &sawyerScript{
		goal: thermosGoal,
		stages: []stage{
			{aim: func(s sight) [3]float64 { return moved(hold(s), 0, 0, 0.08) }, grip: -1,
				until: func(s sight) bool { return aside(s.hand, hold(s)) < 0.02 }},
			{aim: hold, grip: -1, within: 0.012},
			{aim: hold, grip: stickGrip, least: 6},
			{aim: func(s sight) [3]float64 { return [3]float64{s.hand[0], s.hand[1], stickHeight + 0.03} }, grip: stickGrip,
				until: func(s sight) bool { return s.hand[2] > stickHeight-0.05 }, most: 12},
			{aim: func(s sight) [3]float64 { return before(s.second, stickBehind) }, grip: stickGrip, within: 0.025, most: 30},
			{aim: func(s sight) [3]float64 {
				return before([3]float64{s.goal[0], s.second[1]}, stickShort)
			}, grip: stickGrip, pace: stickPace},
		},
		lost: func(s sight) bool { return apart(s.hand, hold(s)) > stickLost },
		held: 4,
	}
}

// thermosMix fails by missing the stick, by pushing too short a way, by opening the
// fingers, by stopping before the push, or by not trying.
func thermosMix() *sawyerMix {
	return newSawyerMix(thermosScript(),
		misjudges(0.08, 0.12), stops(5, 5, 12), drops(2, 5, 4), stops(0, 4, 5), strays())
}
