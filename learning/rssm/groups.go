package rssm

import "github.com/latco-studio/latco/learning/device"

// groupSums sums blocks: x has groups·k blocks of dst.Rows/groups rows, block i
// of dst becomes the sum of the i-th k. With k = 1 x is returned as it is, else
// it is spent.
func (m *Model) groupSums(groups, k int, x, dst device.Mat) device.Mat {
	if k == 1 || m.onHost {
		return m.columnSums(groups, k, x, dst)
	}
	// All groups at once, halves of them upon each other: a launch for a power of
	// two rather than one for a group.
	block := dst.Rows / groups * dst.Cols
	all := x.Slice(0, groups*k*block).Mat(groups, k*block)
	for k > 1 {
		half := (k + 1) / 2
		m.dev.AddMat(all.ColRange(0, (k-half)*block), all.ColRange(half*block, k*block))
		k = half
	}
	m.dev.CopyMat(dst.Slice(0, groups*block).Mat(groups, block), all.ColRange(0, block))
	return dst
}

// columnSums is groupSums that leaves x as it is.
func (m *Model) columnSums(groups, k int, x, dst device.Mat) device.Mat {
	if k == 1 {
		return x
	}
	block := dst.Rows / groups * dst.Cols
	for i := range groups {
		samples := x.Buffer.Slice(i*k*block, (i+1)*k*block).Mat(k, block)
		m.dev.ColSum(samples, 0, dst.Buffer.Slice(i*block, (i+1)*block))
	}
	return dst
}

// meanDeterRows fills deterIn with the mean of ∂h′/∂x over each group. It needs
// no sample's own Jacobian: the mean of diag(g)·W·diag(u′) is W times,
// elementwise, the mean of the outer products u′gᵀ.
func (m *Model) meanDeterRows(groups, k int) {
	if m.onHost {
		m.meanDeterRowsOneByOne(groups, k)
		return
	}
	dev, j, o, d, h, x := m.dev, &m.jac, &m.clouds, m.config.Deter, m.config.Hidden, m.config.Stoch+m.act
	mixed, gates := first(o.mixed, groups*h), first(o.gates, groups*h)
	for i := range groups {
		in, gx := j.in.RowRange(i*k, (i+1)*k), j.gx.RowRange(i*k, (i+1)*k)
		dev.Gemm(true, false, 1/float32(k), in, gx, 0, mixed.RowRange(i*h, (i+1)*h))
	}
	beta := float32(0)
	for g := 0; g < 3*d; g += d {
		dev.MulRows(m.core.Gate.ColRange(g, g+d), mixed.ColRange(g, g+d), beta, gates)
		beta = 1
	}
	for i := range groups {
		dev.Gemm(false, false, 1, m.core.In, gates.RowRange(i*h, (i+1)*h), 0, j.deterIn.RowRange(i*x, (i+1)*x))
	}
}

// meanDeterRowsOneByOne works on one group at a time, in a processor's cache.
func (m *Model) meanDeterRowsOneByOne(groups, k int) {
	dev, j, d, x := m.dev, &m.jac, m.config.Deter, m.config.Stoch+m.act
	sum := j.mixed.ColRange(0, d)
	for i := range groups {
		in, gx := j.in.RowRange(i*k, (i+1)*k), j.gx.RowRange(i*k, (i+1)*k)
		dev.Gemm(true, false, 1/float32(k), in, gx, 0, j.mixed)
		dev.MulRows(j.mixed, m.core.Gate, 0, j.mixed)
		dev.AddMat(sum, j.mixed.ColRange(d, 2*d))
		dev.AddMat(sum, j.mixed.ColRange(2*d, 3*d))
		dev.Gemm(false, false, 1, m.core.In, sum, 0, j.deterIn.RowRange(i*x, (i+1)*x))
	}
}
