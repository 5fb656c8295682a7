package planningtest

import "math"

// The goals of Lottery, equally far from its start: a payment of 1 for sure,
// and one that is 20 with 65 % and −40 with 35 % chance (LatCo, Section 5.5),
// −1 in expectation.
var (
	Sure  = Bump{Centre: [2]float64{0.8, 0.7}, Width: 0.3, Height: 1}
	Risky = Bump{Centre: [2]float64{-0.8, 0.7}, Width: 0.3, Height: 1}
)

// Lottery is a point with the latent z = [x, y, luck, fresh]. The action moves
// it, x′ = x + a/10. In the first step (fresh = 1) its luck is drawn from N(0, 1)
// and then stays. The reward is Sure's bump plus Risky's times Payout(luck):
// nearly 20 at the mean luck 0, −1 in expectation over it.
func Lottery() *Model {
	return &Model{
		Z: 4, A: 2,
		Step: func(z, a, eps, next, dz, da []float64) {
			next[0], next[1] = z[0]+0.1*a[0], z[1]+0.1*a[1]
			next[2] = (1 - z[3]) * z[2]
			next[3] = 0
			draw := 0.0
			if eps != nil {
				draw = eps[2]
				next[2] += z[3] * draw
			}
			if dz != nil {
				dz[0], dz[5], da[0], da[3] = 1, 1, 0.1, 0.1
				dz[10], dz[11] = 1-z[3], draw-z[2]
			}
		},
		Reward: func(z, grad []float64) float64 {
			s, sx, sy := Sure.At(z[0], z[1])
			r, rx, ry := Risky.At(z[0], z[1])
			pay, slope := Payout(z[2])
			if grad != nil {
				grad[0] += sx + pay*rx
				grad[1] += sy + pay*ry
				grad[2] += slope * r
			}
			return s + pay*r
		},
	}
}

// Payout falls from 20 to −40 around the luck that N(0, 1) exceeds with 35 %
// chance. slope is its derivative.
func Payout(luck float64) (pay, slope float64) {
	const threshold, width = 0.385, 0.05
	lost := 1 / (1 + math.Exp(-(luck-threshold)/width))
	return 20 - 60*lost, -60 * lost * (1 - lost) / width
}

// LotteryStart is a Lottery whose ticket is not drawn yet.
func LotteryStart() []float64 { return []float64{0, 0, 0, 1} }
