package purego

import (
	"math"

	"github.com/latco-studio/latco/learning/device"
)

// SumSquares is Σ x².
func (*Device) SumSquares(x device.Buffer) float64 {
	sum := 0.0
	for _, v := range x.Host {
		sum += float64(v) * float64(v)
	}
	return sum
}

// Adam is one step of Kingma & Ba 2015, algorithm 1, in the arrangement of
// Keras: p −= lr·√(1−β₂ᵗ)/(1−β₁ᵗ) · m/(√v + eps).
func (*Device) Adam(p, g, m, v device.Buffer, gscale, lr, beta1, beta2, eps float32, t int) {
	same("Adam", p.Len, g.Len)
	c1, c2 := 1-math.Pow(float64(beta1), float64(t)), 1-math.Pow(float64(beta2), float64(t))
	adam(p.Host, g.Host, m.Host, v.Host, gscale, float32(float64(lr)*math.Sqrt(c2)/c1), beta1, beta2, eps)
}

func adam(p, g, m, v []float32, gscale, step, beta1, beta2, eps float32) {
	for i, gi := range g {
		gi *= gscale
		m[i] += (1 - beta1) * (gi - m[i])
		v[i] += (1 - beta2) * (gi*gi - v[i])
		p[i] -= step * m[i] / (float32(math.Sqrt(float64(v[i]))) + eps)
	}
}
