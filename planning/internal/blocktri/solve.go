package blocktri

// Solve overwrites b (Len) with H⁻¹b. The matrix must have been factored.
func (m *Matrix[T]) Solve(b []T) {
	if len(b) != m.Len() {
		panic("blocktri: right-hand side has the wrong length")
	}
	last := len(m.diag) - 1
	for t := 0; t < m.mid; t++ {
		m.alg.trsv(false, m.diag[t], m.block(b, t))
		m.alg.gemv(false, m.sub[t], m.block(b, t), m.coupled(b, t+1))
	}
	for t := last; t > m.mid; t-- {
		m.alg.trsv(false, m.diag[t], m.block(b, t))
		m.alg.gemv(true, m.sub[t-1], m.coupled(b, t), m.block(b, t-1))
	}
	m.alg.trsv(false, m.diag[m.mid], m.block(b, m.mid))
	m.alg.trsv(true, m.diag[m.mid], m.block(b, m.mid))
	for t := m.mid - 1; t >= 0; t-- {
		m.alg.gemv(true, m.sub[t], m.coupled(b, t+1), m.block(b, t))
		m.alg.trsv(true, m.diag[t], m.block(b, t))
	}
	for t := m.mid + 1; t <= last; t++ {
		m.alg.gemv(false, m.sub[t-1], m.block(b, t-1), m.coupled(b, t))
		m.alg.trsv(true, m.diag[t], m.block(b, t))
	}
}

// block is the part of b that belongs to block t.
func (m *Matrix[T]) block(b []T, t int) []T { return b[m.first[t]:m.first[t+1]] }

// coupled is the part of b that belongs to the rows of block t coupled with t−1.
func (m *Matrix[T]) coupled(b []T, t int) []T {
	return b[m.first[t+1]-m.sub[t-1].Rows : m.first[t+1]]
}
