package purego

import (
	"math"

	"github.com/latco-studio/latco/learning/device"
)

// GRUGates is the first half of the reset-before cell: see device.Recurrent.
func (*Device) GRUGates(gx, gh, h, gates, reset device.Mat) {
	u := h.Cols
	for i := range h.Rows {
		x, r, old, g, out := row(gx, i), row(gh, i), row(h, i), row(gates, i), row(reset, i)
		for j := range u {
			g[j], g[u+j] = sigmoid(x[j]+r[j]), sigmoid(x[u+j]+r[u+j])
			out[j] = g[u+j] * old[j]
		}
	}
}

// GRUBlend is its second half.
func (*Device) GRUBlend(gx, gn, h, next, gates device.Mat) {
	u := h.Cols
	for i := range h.Rows {
		x, n, old, out, g := row(gx, i), row(gn, i), row(h, i), row(next, i), row(gates, i)
		for j := range u {
			nj := float32(math.Tanh(float64(x[2*u+j] + n[j])))
			g[2*u+j] = nj
			out[j] = g[j]*old[j] + (1-g[j])*nj
		}
	}
}

// GRUBlendBackward: see device.Recurrent.
func (*Device) GRUBlendBackward(gates, h, dnext, dgx, dh device.Mat) {
	u := h.Cols
	for i := range h.Rows {
		g, old, d, dx, dold := row(gates, i), row(h, i), row(dnext, i), row(dgx, i), row(dh, i)
		for j := range u {
			zj, nj := g[j], g[2*u+j]
			dx[j] = d[j] * (old[j] - nj) * zj * (1 - zj)
			dx[2*u+j] = d[j] * (1 - zj) * (1 - nj*nj)
			dold[j] = d[j] * zj
		}
	}
}

// GRUGatesBackward: see device.Recurrent.
func (*Device) GRUGatesBackward(gates, h, dreset, dgx, dh device.Mat) {
	u := h.Cols
	for i := range h.Rows {
		g, old, d, dx, dold := row(gates, i), row(h, i), row(dreset, i), row(dgx, i), row(dh, i)
		for j := range u {
			rj := g[u+j]
			dx[u+j] = d[j] * old[j] * rj * (1 - rj)
			dold[j] += d[j] * rj
		}
	}
}
