package ui

import "math"

// ticks are round numbers within [lo, hi], about n of them.
func ticks(lo, hi float64, n int) []float64 {
	if !(hi > lo) || math.IsInf(hi-lo, 0) || n < 1 {
		return nil
	}
	raw := (hi - lo) / float64(n)
	unit := math.Pow(10, math.Floor(math.Log10(raw)))
	step := 10 * unit
	for _, m := range [...]float64{1, 2, 5} {
		if m*unit >= raw {
			step = m * unit
			break
		}
	}
	var list []float64
	for k := int(math.Ceil(lo/step - 1e-9)); float64(k)*step <= hi+1e-9*step && len(list) <= 2*n+2; k++ {
		list = append(list, float64(k)*step)
	}
	return list
}

// logTicks are powers of ten between 10^lo and 10^hi, as exponents, and where there
// are few of them also twice and five times each.
func logTicks(lo, hi float64, n int) []float64 {
	if !(hi > lo) || math.IsInf(hi-lo, 0) || n < 1 {
		return nil
	}
	every := max(1, math.Ceil((hi-lo)/float64(n)))
	var list []float64
	for e := math.Ceil(lo / every); e*every <= hi; e++ {
		list = append(list, e*every)
	}
	if len(list) >= 2 {
		return list
	}
	list = list[:0]
	for e := math.Floor(lo); e <= hi; e++ {
		for _, m := range [...]float64{1, 2, 5} {
			if v := e + math.Log10(m); v >= lo && v <= hi {
				list = append(list, v)
			}
		}
	}
	if len(list) >= 2 {
		return list
	}
	for i, v := range ticks(math.Pow(10, lo), math.Pow(10, hi), n) {
		if v > 0 {
			if i == 0 {
				list = list[:0]
			}
			list = append(list, math.Log10(v))
		}
	}
	return list
}
