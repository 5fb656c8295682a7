package task

import "math"

// tolerance is how the DM Control suite rewards a quantity for being within bounds
// (Tassa et al., 2018, section 3): 1 inside, ends included; outside, the falloff of
// the distance to the nearer bound, counted in margins.
type tolerance struct {
	lower, upper float64
	margin       float64 // > 0
	falloff      falloff
}

func (t tolerance) of(x float64) float64 {
	switch {
	case x < t.lower:
		return t.falloff((t.lower - x) / t.margin)
	case x > t.upper:
		return t.falloff((x - t.upper) / t.margin)
	case math.IsNaN(x):
		return x
	}
	return 1
}

// falloff is 1 at distance 0 and a given value in [0, 1) at distance 1.
type falloff func(distance float64) float64

// gaussian never reaches zero; atMargin is in (0, 1).
func gaussian(atMargin float64) falloff {
	scale := math.Sqrt(-2 * math.Log(atMargin))
	return func(d float64) float64 { return math.Exp(-0.5 * (d * scale) * (d * scale)) }
}

// linear goes on straight through its value at the margin, down to zero.
func linear(atMargin float64) falloff {
	scale := 1 - atMargin
	return func(d float64) float64 { return max(0, 1-d*scale) }
}

// quadratic is a parabola with its top at distance 0, down to zero.
func quadratic(atMargin float64) falloff {
	scale := math.Sqrt(1 - atMargin)
	return func(d float64) float64 { return max(0, 1-(d*scale)*(d*scale)) }
}

// atLeast rewards all from a value on.
func atLeast(x, margin float64, f falloff) tolerance { return tolerance{x, math.Inf(1), margin, f} }

// near rewards being close to zero.
func near(margin float64, f falloff) tolerance { return tolerance{0, 0, margin, f} }
