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

// grasp is what Meta-World's caging reward looks at: an object and the fingers, now and
// when the reset was over (0); positions in m.
type grasp struct {
	tip, tip0       [3]float64 // middle of the fingertips
	object, object0 [3]float64
	pads            [2]float64 // y of the fingers' pads
	grip            float64    // gripper action
}

// caging are the constants of one object, m.
type caging struct {
	radius float64 // of the object
	beside float64 // a pad is beside the object when it is between radius and this from its middle in y
	within float64 // the fingertips are at the object when they are this near in x and z
}

// grasp sees the fingers and a first object under an action.
func (s *sawyer) grasp(w *world, object [3]float64, action []float64) grasp {
	return grasp{
		tip: s.tip(w), tip0: remembered(w, memoryTip),
		object: object, object0: remembered(w, memoryObject),
		pads: [2]float64{w.SitePos[s.pads[0]][1], w.SitePos[s.pads[1]][1]}, grip: action[3],
	}
}

// caged is the caging reward of high density, in [0, 1]: half for pads on both sides of
// the object and fingertips at it, half for closing the fingers then.
func (g grasp) caged(c caging) float64 {
	var sides [2]float64
	for i, y := range g.pads {
		margin := math.Abs(math.Abs(y-g.object0[1]) - c.beside)
		sides[i] = tolerance{c.radius, c.beside, margin, longTail}.of(math.Abs(y - g.object[1]))
	}
	// Where the fingertips begin at the object there is no margin; the public formula
	// is not defined there.
	margin := max(math.Hypot(g.object0[0]-g.tip0[0], g.object0[2]-g.tip0[2])-c.within, 0)
	along := upTo(c.within, margin, longTail).of(math.Hypot(g.tip[0]-g.object[0], g.tip[2]-g.object[2]))
	cage := hamacher(hamacher(sides[0], sides[1]), along)
	grip := 0.0
	if cage > 0.97 {
		grip = min(max(0, g.grip), 1)
	}
	return (hamacher(cage, grip) + cage) / 2
}
