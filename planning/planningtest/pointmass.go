package planningtest

import "math"

// Bump is a smooth goal: Height·exp(−‖p−Centre‖²/(2 Width²)) of the first two
// components of the latent.
type Bump struct {
	Centre [2]float64
	Width  float64
	Height float64
}

// At returns the value and its gradient with respect to x, y.
func (b Bump) At(x, y float64) (v, dx, dy float64) {
	ex, ey := x-b.Centre[0], y-b.Centre[1]
	w := b.Width * b.Width
	v = b.Height * math.Exp(-(ex*ex+ey*ey)/(2*w))
	return v, -v * ex / w, -v * ey / w
}

// Goal is where PointMass is rewarded: some 20 steps at full thrust away, with a
// reward that is 1e-3 at the start.
var Goal = Bump{Centre: [2]float64{1.5, 1.2}, Width: 0.5, Height: 4}

// PointMass is a mass on a plane, z = [x, y, ẋ, ẏ], pushed by a = [aₓ, a_y]:
// x′ = x + ẋ/10, ẋ′ = 0.95 ẋ + a/10; each transition has noise of standard
// deviation noise in the velocities. The reward is Goal's.
func PointMass(noise float64) *Model {
	const dt, keep = 0.1, 0.95
	return &Model{
		Z: 4, A: 2,
		Step: func(z, a, eps, next, dz, da []float64) {
			for i := range 2 {
				next[i] = z[i] + dt*z[2+i]
				next[2+i] = keep*z[2+i] + dt*a[i]
				if eps != nil {
					next[2+i] += noise * eps[2+i]
				}
				if dz != nil {
					dz[i*4+i], dz[i*4+2+i], dz[(2+i)*4+2+i] = 1, dt, keep
					da[(2+i)*2+i] = dt
				}
			}
		},
		Reward: func(z, grad []float64) float64 {
			v, dx, dy := Goal.At(z[0], z[1])
			if grad != nil {
				grad[0] += dx
				grad[1] += dy
			}
			return v
		},
	}
}

// Start is a PointMass at rest in the origin.
func Start() []float64 { return make([]float64, 4) }
