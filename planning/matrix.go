package planning

// rows copies a row-major matrix into slices of its own, cols numbers each.
func rows(x []float64, cols int) [][]float64 {
	own := append([]float64(nil), x...)
	out := make([][]float64, len(x)/cols)
	for i := range out {
		out[i] = own[i*cols : (i+1)*cols : (i+1)*cols]
	}
	return out
}

func clone(x []float64) []float64 { return append([]float64(nil), x...) }

func sum(x []float64) float64 {
	var s float64
	for _, v := range x {
		s += v
	}
	return s
}

// distance2 is ‖x−y‖².
func distance2(x, y []float64) float64 {
	var s float64
	for i, v := range x {
		d := v - y[i]
		s += d * d
	}
	return s
}
