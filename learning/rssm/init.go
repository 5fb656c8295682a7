package rssm

import (
	"math"
	"math/rand"
)

// initial draws the first values of a parameter.
func initial(l leaf, rng *rand.Rand) []float32 {
	v := make([]float32, size(l.shape))
	switch l.start {
	case glorot:
		limits := l.limits()
		for i := range v {
			v[i] = float32(limits[i%len(limits)] * (2*rng.Float64() - 1))
		}
	case orthogonal:
		orthonormalRows(v, l.shape[0], l.shape[1], rng)
	case openGates:
		for i := range len(v) * 2 / 3 {
			v[i] = 1
		}
	}
	return v
}

// limits are the bounds of a kernel's columns.
func (l leaf) limits() []float64 {
	if l.parts == nil {
		return []float64{glorotLimit(l.shape)}
	}
	var limits []float64
	for _, p := range l.parts {
		for range p.cols {
			limits = append(limits, glorotLimit([]int{p.in, p.out}))
		}
	}
	return limits
}

// glorotLimit is √(6/(fan in + fan out)) (Glorot & Bengio 2010, eq. 16); the
// fans of a convolution include the area of its kernel.
func glorotLimit(shape []int) float64 {
	n := len(shape)
	area := size(shape[:n-2])
	return math.Sqrt(6 / float64(area*(shape[n-2]+shape[n-1])))
}

// orthonormalRows fills a rows×cols matrix, rows ≤ cols, with a random one
// whose rows are orthonormal: Gram-Schmidt of Gaussian rows, twice for accuracy.
// The distribution is that of the QR factor with positive diagonal.
func orthonormalRows(v []float32, rows, cols int, rng *rand.Rand) {
	q := make([]float64, rows*cols)
	for i := range rows {
		x := q[i*cols : (i+1)*cols]
		for j := range x {
			x[j] = rng.NormFloat64()
		}
		for range 2 {
			for k := range i {
				y := q[k*cols : (k+1)*cols]
				d := dot(x, y)
				for j := range x {
					x[j] -= d * y[j]
				}
			}
		}
		norm := math.Sqrt(dot(x, x))
		for j := range x {
			x[j] /= norm
			v[i*cols+j] = float32(x[j])
		}
	}
}

func dot(x, y []float64) float64 {
	sum := 0.0
	for i, v := range x {
		sum += v * y[i]
	}
	return sum
}
