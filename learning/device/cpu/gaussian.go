//go:build cgo && !purego

package cpu

/*
#cgo noescape cpu_normal
#cgo nocallback cpu_normal
#cgo noescape cpu_normal_backward
#cgo nocallback cpu_normal_backward
#cgo noescape cpu_kl
#cgo nocallback cpu_kl
#cgo noescape cpu_kl_backward
#cgo nocallback cpu_kl_backward
#cgo noescape cpu_squared_error
#cgo nocallback cpu_squared_error
#include "cpu.h"
*/
import "C"

import "github.com/latco-studio/latco/learning/device"

// Normal splits raw into mean and std = softplus(raw) + minStd, and samples.
func (d *Device) Normal(raw device.Mat, minStd float32, eps, mean, std, sample device.Mat) {
	n, k := mean.Rows, mean.Cols
	const name = "Normal"
	var ve, vs C.cpu_mat
	if eps.Rows > 0 {
		ve, vs = shaped(name, eps, n, k), shaped(name, sample, n, k)
	}
	C.cpu_normal(d.pool, shaped(name, raw, n, 2*k), C.float(minStd), ve,
		view(name, mean), shaped(name, std, n, k), vs)
}

// NormalBackward: see device.Gaussian.
func (d *Device) NormalBackward(raw, eps, dmean, dstd, dsample, draw device.Mat) {
	n, k := raw.Rows, raw.Cols/2
	const name = "NormalBackward"
	C.cpu_normal_backward(d.pool, view(name, raw), optional(name, eps, n, k), optional(name, dmean, n, k),
		optional(name, dstd, n, k), optional(name, dsample, n, k), shaped(name, draw, n, 2*k))
}

// KL is KL(N(m1,s1) ‖ N(m2,s2)) of every row, summed over the columns.
func (d *Device) KL(m1, s1, m2, s2 device.Mat, out device.Buffer) {
	n, k := m1.Rows, m1.Cols
	C.cpu_kl(d.pool, view("KL", m1), shaped("KL", s1, n, k), shaped("KL", m2, n, k),
		shaped("KL", s2, n, k), atLeast("KL", out, n))
}

// KLBackward fills the gradients of w·Σ_i KL_i; those without rows are left out.
func (d *Device) KLBackward(w float32, m1, s1, m2, s2, dm1, ds1, dm2, ds2 device.Mat) {
	n, k := m1.Rows, m1.Cols
	const name = "KLBackward"
	C.cpu_kl_backward(d.pool, C.float(w), nil, view(name, m1), shaped(name, s1, n, k), shaped(name, m2, n, k),
		shaped(name, s2, n, k), optional(name, dm1, n, k), optional(name, ds1, n, k), optional(name, dm2, n, k),
		optional(name, ds2, n, k))
}

// KLBackwardRows fills the gradients of Σ_i w_i·KL_i; those without rows are left
// out.
func (d *Device) KLBackwardRows(w device.Buffer, m1, s1, m2, s2, dm1, ds1, dm2, ds2 device.Mat) {
	n, k := m1.Rows, m1.Cols
	const name = "KLBackwardRows"
	C.cpu_kl_backward(d.pool, 0, atLeast(name, w, n), view(name, m1), shaped(name, s1, n, k), shaped(name, m2, n, k),
		shaped(name, s2, n, k), optional(name, dm1, n, k), optional(name, ds1, n, k), optional(name, dm2, n, k),
		optional(name, ds2, n, k))
}

// SquaredError is ½·Σ (x−y)²; diff = w·(x−y) where wanted.
func (d *Device) SquaredError(x, y device.Buffer, w float32, diff device.Buffer) float64 {
	same("SquaredError", x.Len, y.Len)
	if diff.Len > 0 {
		same("SquaredError", x.Len, diff.Len)
	}
	return float64(C.cpu_squared_error(d.pool, C.long(x.Len), floats(x), floats(y), C.float(w), floats(diff)))
}
