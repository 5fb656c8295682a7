// Package dual has the update of LatCo's Lagrange multipliers (Section 4, Eq. 10)
// and the violations that drive it. There is one multiplier a time step.
package dual

import "math"

// Rule is one of the two published forms of the update. Both multiply:
//
//	λ ← λ·(1 + α·log(viol/ε + η))
//
// so that λ grows while the violation is above the tolerance ε and shrinks
// below it, by an amount that depends on the ratio alone.
type Rule struct {
	Rate   float64                 // α
	Offset float64                 // η: bounds the shrinking
	Log    func(x float64) float64 // natural or decimal

	// Action measures how far one action component is outside ±1.
	Action func(a float64) float64
}

// Paper is Eq. 10 as printed: natural logarithm, η = 0.01, the violation of an
// action squared as in Eq. 8. Equilibrium at viol = 0.99 ε.
func Paper(rate float64) Rule {
	return Rule{Rate: rate, Offset: 0.01, Log: math.Log, Action: SquaredExcess}
}

// Released is what the authors' program computes: decimal logarithm, η = 0.1,
// Σ max(0, a²−1) for actions. Equilibrium at viol = 0.9 ε; slower both ways.
func Released(rate float64) Rule {
	return Rule{Rate: rate, Offset: 0.1, Log: math.Log10, Action: excessOfSquare}
}

// Update moves every multiplier by its violation (same length, ≥ 0). tolerance
// is ε > 0.
func (r Rule) Update(multiplier, violation []float64, tolerance float64) {
	for t, v := range violation {
		multiplier[t] *= 1 + r.Rate*r.Log(v/tolerance+r.Offset)
	}
}

// SquaredExcess is max(0, |a|−1)².
func SquaredExcess(a float64) float64 {
	e := math.Max(0, math.Abs(a)-1)
	return e * e
}

func excessOfSquare(a float64) float64 { return math.Max(0, a*a-1) }
