package blocktri

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
)

// Solve overwrites b (Len) with H⁻¹b. The matrix must have been factored.
func (m *Matrix) Solve(b []float64) {
	if len(b) != m.Len() {
		panic("blocktri: right-hand side has the wrong length")
	}
	last := len(m.diag) - 1
	for t := 0; t < m.mid; t++ {
		blas64.Trsv(blas.NoTrans, m.factor(t), m.block(b, t))
		blas64.Gemv(blas.NoTrans, -1, m.sub[t], m.block(b, t), 1, m.coupled(b, t+1))
	}
	for t := last; t > m.mid; t-- {
		blas64.Trsv(blas.NoTrans, m.factor(t), m.block(b, t))
		blas64.Gemv(blas.Trans, -1, m.sub[t-1], m.coupled(b, t), 1, m.block(b, t-1))
	}
	blas64.Trsv(blas.NoTrans, m.factor(m.mid), m.block(b, m.mid))
	blas64.Trsv(blas.Trans, m.factor(m.mid), m.block(b, m.mid))
	for t := m.mid - 1; t >= 0; t-- {
		blas64.Gemv(blas.Trans, -1, m.sub[t], m.coupled(b, t+1), 1, m.block(b, t))
		blas64.Trsv(blas.Trans, m.factor(t), m.block(b, t))
	}
	for t := m.mid + 1; t <= last; t++ {
		blas64.Gemv(blas.NoTrans, -1, m.sub[t-1], m.block(b, t-1), 1, m.coupled(b, t))
		blas64.Trsv(blas.Trans, m.factor(t), m.block(b, t))
	}
}

// block is the part of b that belongs to block t.
func (m *Matrix) block(b []float64, t int) blas64.Vector {
	n := m.diag[t].N
	return blas64.Vector{N: n, Inc: 1, Data: b[m.first[t] : m.first[t]+n]}
}

// coupled is the part of b that belongs to the rows of block t coupled with t−1.
func (m *Matrix) coupled(b []float64, t int) blas64.Vector {
	r := m.sub[t-1].Rows
	return blas64.Vector{N: r, Inc: 1, Data: b[m.first[t+1]-r : m.first[t+1]]}
}
