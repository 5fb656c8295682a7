package task

import (
	"math"
	"math/rand"
)

// The faults that scripts of the manipulation tasks can have. Distances are in
// metres, times in control steps; what is drawn is drawn uniformly.

// misjudges takes the object for being somewhere else, near to far away from where it
// is: fingers close on nothing, pushes pass by. The error is horizontal, or on either
// side along the axis where one is given.
func misjudges(near, far float64, along ...float64) fault {
	return func(rng *rand.Rand) slip {
		by := astray(rng, near, far, along)
		return slip{see: func(s *sight) { s.object = moved(s.object, by[0], by[1], by[2]) }}
	}
}

// misplaces works towards a wrong goal, near to far away from the right one, in a
// horizontal direction or along the axis given.
func misplaces(near, far float64, along ...float64) fault {
	return func(rng *rand.Rand) slip {
		by := astray(rng, near, far, along)
		return slip{see: func(s *sight) { s.goal = moved(s.goal, by[0], by[1], by[2]) }}
	}
}

// drops opens the fingers for good in one of the stages first to last, up to late
// steps after the stage began.
func drops(first, last, late int) fault {
	return func(rng *rand.Rand) slip {
		wait := waitIn(rng, first, last, late)
		return slip{act: func(at progress, action []float64) {
			if wait.over(at) {
				action[3] = -1
			}
		}}
	}
}

// stops stays where it is from one of the stages first to last on, up to late steps
// after the stage began. The fingers keep what they hold.
func stops(first, last, late int) fault {
	return func(rng *rand.Rand) slip {
		wait := waitIn(rng, first, last, late)
		grip := -1.0
		return slip{act: func(at progress, action []float64) {
			if wait.over(at) {
				action[0], action[1], action[2], action[3] = 0, 0, 0, grip
			}
			grip = action[3]
		}}
	}
}

// strays forgets the script and walks at random: accelerations are drawn anew at
// every step and velocities decay within some ten of them, so that the hand gets
// about. Now and then the fingers open or close.
func strays() fault {
	return func(rng *rand.Rand) slip {
		var motion [3]float64
		grip := -1.0
		return slip{act: func(_ progress, action []float64) {
			for i := range motion {
				motion[i] = 0.9*motion[i] + 0.3*rng.NormFloat64()
				action[i] = min(max(motion[i], -1), 1)
			}
			if rng.Float64() < 0.05 {
				grip = 2*rng.Float64() - 1
			}
			action[3] = grip
		}}
	}
}

// astray is an error of a position.
func astray(rng *rand.Rand, near, far float64, along []float64) (by [3]float64) {
	size, angle := near+(far-near)*rng.Float64(), 2*math.Pi*rng.Float64()
	if len(along) == 0 {
		return [3]float64{size * math.Cos(angle), size * math.Sin(angle)}
	}
	if angle > math.Pi {
		size = -size
	}
	for i := range along {
		by[i] = size * along[i]
	}
	return by
}

// waiting is the moment at which something goes wrong.
type waiting struct {
	stage, delay int
	since        int // control step at which the stage began; −1: not yet
	due          bool
}

func waitIn(rng *rand.Rand, first, last, late int) *waiting {
	return &waiting{stage: first + rng.Intn(last-first+1), delay: rng.Intn(late + 1), since: -1}
}

func (w *waiting) over(at progress) bool {
	if w.since < 0 && at.stage >= w.stage {
		w.since = at.control
	}
	w.due = w.due || w.since >= 0 && at.control-w.since >= w.delay
	return w.due
}
