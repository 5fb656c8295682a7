package engine

import (
	"math"
	"slices"
)

// wilson is the Wilson score interval at 95 % of k successes in n trials
// (Wilson 1927, eq. in the form of Agresti & Coull 1998, eq. 2).
func wilson(k, n int) [2]float64 {
	if n == 0 {
		return [2]float64{0, 1}
	}
	const z = 1.959963984540054 // Φ⁻¹(0.975)
	p, m := float64(k)/float64(n), float64(n)
	centre := p + z*z/(2*m)
	half := z * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	scale := 1 + z*z/m
	return [2]float64{max(0, (centre-half)/scale), min(1, (centre+half)/scale)}
}

// meanStderr is the mean and its standard error; the error of one value is 0.
func meanStderr(x []float64) (mean, stderr float64) {
	n := float64(len(x))
	if n == 0 {
		return 0, 0
	}
	for _, v := range x {
		mean += v / n
	}
	if n < 2 {
		return mean, 0
	}
	var ss float64
	for _, v := range x {
		ss += (v - mean) * (v - mean)
	}
	return mean, math.Sqrt(ss / (n - 1) / n)
}

// median of x, 0 if empty. x is not changed.
func median(x []float64) float64 {
	if len(x) == 0 {
		return 0
	}
	s := slices.Sorted(slices.Values(x))
	mid := len(s) / 2
	if len(s)%2 == 1 {
		return s[mid]
	}
	return (s[mid-1] + s[mid]) / 2
}
