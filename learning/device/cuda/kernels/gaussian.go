package kernels

import "github.com/latco-studio/latco/learning/device"

// Normal: see device.Gaussian.
func (m *Math) Normal(raw device.Mat, minStd float32, eps, mean, std, sample device.Mat) {
	n, d := raw.Rows, mean.Cols
	shaped("Normal", n, 2*d, raw)
	shaped("Normal", n, d, mean, std)
	if eps.Rows > 0 {
		shaped("Normal", n, d, eps, sample)
	}
	if n == 0 || d == 0 {
		return
	}
	grid, block := rowsGrid(n, d)
	launch(m, normal, grid, block, normalParams{raw: viewOf(raw), eps: viewOf(eps), mean: viewOf(mean), std: viewOf(std),
		sample: viewOf(sample), n: int32(n), d: int32(d), minStd: minStd})
}

// NormalBackward: see device.Gaussian.
func (m *Math) NormalBackward(raw, eps, dmean, dstd, dsample, draw device.Mat) {
	n, d := raw.Rows, raw.Cols/2
	shaped("NormalBackward", n, 2*d, raw, draw)
	optional("NormalBackward", n, d, dmean, dstd, dsample)
	if dsample.Rows > 0 {
		shaped("NormalBackward", n, d, eps)
	}
	if n == 0 || d == 0 {
		return
	}
	grid, block := rowsGrid(n, d)
	launch(m, normalBackward, grid, block, normalBackwardParams{viewOf(raw), viewOf(eps), viewOf(dmean), viewOf(dstd),
		viewOf(dsample), viewOf(draw), int32(n), int32(d)})
}

// KL: see device.Gaussian.
func (m *Math) KL(m1, s1, m2, s2 device.Mat, out device.Buffer) {
	shaped("KL", m1.Rows, m1.Cols, m1, s1, m2, s2)
	atLeast("KL", out, m1.Rows)
	if m1.Rows == 0 {
		return
	}
	launch(m, divergence, line(ceil(m1.Rows, 8)), Dim{32, 8, 1}, divergenceParams{viewOf(m1), viewOf(s1), viewOf(m2), viewOf(s2),
		start(out), int32(m1.Rows), int32(m1.Cols)})
}

// KLBackward: see device.Gaussian.
func (m *Math) KLBackward(w float32, m1, s1, m2, s2, dm1, ds1, dm2, ds2 device.Mat) {
	m.klBackward(divergenceBackwardParams{weight: w}, m1, s1, m2, s2, dm1, ds1, dm2, ds2)
}

// KLBackwardRows: see device.Gaussian.
func (m *Math) KLBackwardRows(w device.Buffer, m1, s1, m2, s2, dm1, ds1, dm2, ds2 device.Mat) {
	atLeast("KLBackwardRows", w, m1.Rows)
	m.klBackward(divergenceBackwardParams{weights: start(w)}, m1, s1, m2, s2, dm1, ds1, dm2, ds2)
}

func (m *Math) klBackward(p divergenceBackwardParams, m1, s1, m2, s2, dm1, ds1, dm2, ds2 device.Mat) {
	n, d := m1.Rows, m1.Cols
	shaped("KLBackward", n, d, m1, s1, m2, s2)
	optional("KLBackward", n, d, dm1, ds1, dm2, ds2)
	if n == 0 || d == 0 {
		return
	}
	p.m1, p.s1, p.m2, p.s2 = viewOf(m1), viewOf(s1), viewOf(m2), viewOf(s2)
	p.dm1, p.ds1, p.dm2, p.ds2 = viewOf(dm1), viewOf(ds1), viewOf(dm2), viewOf(ds2)
	p.n, p.d = int32(n), int32(d)
	grid, block := rowsGrid(n, d)
	launch(m, divergenceBackward, grid, block, p)
}
