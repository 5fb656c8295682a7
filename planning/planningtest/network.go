package planningtest

import (
	"math"
	"math/rand"
)

// Network is a random one-layer recurrent model of any size, for timing and for
// checks that need every entry of a Jacobian to matter:
//
//	z′ = tanh(W z + U a) + noise·ε,  r = v·z.
func Network(rng *rand.Rand, z, a int, noise float64) *Model {
	w := normal(rng, z*z, 1/math.Sqrt(float64(z)))
	u := normal(rng, z*a, 1)
	v := normal(rng, z, 1/math.Sqrt(float64(z)))
	return &Model{
		Z: z, A: a,
		Step: func(state, action, eps, next, dz, da []float64) {
			for i := range z {
				wi, ui := w[i*z:(i+1)*z], u[i*a:(i+1)*a]
				y := math.Tanh(dot(wi, state) + dot(ui, action))
				next[i] = y
				if eps != nil {
					next[i] += noise * eps[i]
				}
				if dz != nil {
					add(dz[i*z:(i+1)*z], wi, 1-y*y)
					add(da[i*a:(i+1)*a], ui, 1-y*y)
				}
			}
		},
		Reward: func(state, grad []float64) float64 {
			if grad != nil {
				add(grad, v, 1)
			}
			return dot(v, state)
		},
	}
}

func normal(rng *rand.Rand, n int, std float64) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = std * rng.NormFloat64()
	}
	return x
}

func dot(x, y []float64) float64 {
	var s float64
	for i, v := range x {
		s += v * y[i]
	}
	return s
}
