package task

import "math"

// The parts of Meta-World's shaped rewards (V2), which are made of the tolerances of
// the DM Control suite, all of them worth 0.1 at the margin.

// atMargin is the value of Meta-World's tolerances at the margin.
const atMargin = 0.1

// longTail falls off like 1/d².
func longTail(d float64) float64 { return 1 / (1 + (1/atMargin-1)*d*d) }

// bell falls off like a Gaussian.
var bell = gaussian(atMargin)

// upTo rewards a distance of at most radius. With a margin of 0 it rewards nothing else.
func upTo(radius, margin float64, f falloff) tolerance { return tolerance{0, radius, margin, f} }

// hamacher is a soft "and" of a and b in [0, 1]: ab/(a + b − ab), 0 where both are 0.
func hamacher(a, b float64) float64 {
	if a == 0 || b == 0 {
		return 0
	}
	return a * b / (a + b - a*b)
}

// caging are the constants of one task's reward for having an object between the
// fingers, m.
type caging struct {
	radius float64 // of the object
	reach  float64 // a pad counts as beside the object when it is between radius and reach from its middle
	near   float64 // the fingertips count as at the object when they are this near in x and z
	grip   float64 // action that counts as a full grip [1]
	// density is what the reward of a loose cage is: caged weighs the cage itself,
	// approached the way of the fingertips to the object, within arrive of it.
	density density
	arrive  float64
}

type density uint8

const (
	gripped density = iota
	caged
	approached
)

// cage is Meta-World's caging reward in [0, 1]: pads on both sides of the object in y,
// fingertips at it in x and z, fingers closing. Starts are what the reset left.
func (s *sawyer) cage(w *world, c caging, object [3]float64, action []float64) float64 {
	from, tip0, tip := remembered(w, memoryObject), remembered(w, memoryTip), s.tip(w)
	sides := [2]float64{}
	for i, pad := range s.pads {
		y := w.SitePos[pad][1]
		margin := math.Abs(math.Abs(y-from[1]) - c.reach)
		sides[i] = tolerance{c.radius, c.reach, margin, longTail}.of(math.Abs(y - object[1]))
	}
	margin := math.Hypot(from[0]-tip0[0], from[2]-tip0[2]) - c.near
	along := upTo(c.near, max(margin, 0), longTail).of(math.Hypot(tip[0]-object[0], tip[2]-object[2]))
	cage := hamacher(hamacher(sides[0], sides[1]), along)

	full := c.grip
	if full == 0 {
		full = 1
	}
	grip := 0.0
	if cage > 0.97 {
		grip = min(max(0, action[3]), full) / full
	}
	reward := hamacher(cage, grip)
	switch c.density {
	case caged:
		return (reward + cage) / 2
	case approached:
		margin := math.Abs(apart(from, tip0) - c.arrive)
		return (reward + upTo(c.arrive, margin, longTail).of(apart(tip, object))) / 2
	}
	return reward
}
