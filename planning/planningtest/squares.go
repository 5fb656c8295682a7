package planningtest

import "math"

// squares is a linear least-squares problem of n unknowns.
type squares struct {
	n         int
	row       []float64
	matrix, b []float64 // 2JᵀJ, 2Jᵀρ
}

func newSquares(n int) *squares {
	return &squares{n, make([]float64, n), make([]float64, n*n), make([]float64, n)}
}

// begin clears the row.
func (s *squares) begin() []float64 {
	clear(s.row)
	return s.row
}

// add enters the row with its residual.
func (s *squares) add(rho float64) {
	for i, v := range s.row {
		if v == 0 {
			continue
		}
		s.b[i] += 2 * v * rho
		for j, w := range s.row {
			s.matrix[i*s.n+j] += 2 * v * w
		}
	}
}

// solve fills x and returns the relative size of its correction.
func (s *squares) solve(damping float64, x []float64) float64 {
	l := make([]float32, s.n*s.n)
	for i := range s.n {
		s.matrix[i*s.n+i] += damping
		for j := range i + 1 {
			v := float32(s.matrix[i*s.n+j])
			for k := range j {
				v -= l[i*s.n+k] * l[j*s.n+k]
			}
			if i == j {
				l[i*s.n+i] = float32(math.Sqrt(float64(v)))
			} else {
				l[i*s.n+j] = v / l[j*s.n+j]
			}
		}
	}
	s.substitute(l, s.b, x)
	residual, correction := make([]float64, s.n), make([]float64, s.n)
	for i := range residual {
		residual[i] = s.b[i] - dot(s.matrix[i*s.n:(i+1)*s.n], x)
	}
	s.substitute(l, residual, correction)
	relative := math.Sqrt(dot(correction, correction) / dot(x, x))
	add(x, correction, 1)
	return relative
}

// substitute solves with the factor l in float32.
func (s *squares) substitute(l []float32, b, x []float64) {
	y := make([]float32, s.n)
	for i := range y {
		y[i] = float32(b[i])
		for k := range i {
			y[i] -= l[i*s.n+k] * y[k]
		}
		y[i] /= l[i*s.n+i]
	}
	for i := s.n - 1; i >= 0; i-- {
		for k := i + 1; k < s.n; k++ {
			y[i] -= l[k*s.n+i] * y[k]
		}
		y[i] /= l[i*s.n+i]
		x[i] = float64(y[i])
	}
}
