package purego

import (
	"math"

	"github.com/latco-studio/latco/learning/device"
)

// GRU is the reset-after cell: see device.Recurrent.
func (*Device) GRU(gx, gh, h, next, gates device.Mat) {
	u := h.Cols
	for i := range h.Rows {
		x, r, old, out, g := row(gx, i), row(gh, i), row(h, i), row(next, i), row(gates, i)
		for j := range u {
			zj := sigmoid(x[j] + r[j])
			rj := sigmoid(x[u+j] + r[u+j])
			nj := float32(math.Tanh(float64(x[2*u+j] + rj*r[2*u+j])))
			g[j], g[u+j], g[2*u+j] = zj, rj, nj
			out[j] = zj*old[j] + (1-zj)*nj
		}
	}
}

// GRUBackward: see device.Recurrent.
func (*Device) GRUBackward(gates, gh, h, dnext, dgx, dgh, dh device.Mat) {
	u := h.Cols
	for i := range h.Rows {
		g, r, old, d := row(gates, i), row(gh, i), row(h, i), row(dnext, i)
		dx, dr, dold := row(dgx, i), row(dgh, i), row(dh, i)
		for j := range u {
			zj, rj, nj, dj := g[j], g[u+j], g[2*u+j], d[j]
			dz := dj * (old[j] - nj) * zj * (1 - zj)
			dn := dj * (1 - zj) * (1 - nj*nj)
			dg := dn * r[2*u+j] * rj * (1 - rj)
			dx[j], dx[u+j], dx[2*u+j] = dz, dg, dn
			dr[j], dr[u+j], dr[2*u+j] = dz, dg, dn*rj
			dold[j] = dj * zj
		}
	}
}
