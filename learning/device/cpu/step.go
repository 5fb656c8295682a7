//go:build cgo && !purego

package cpu

/*
#cgo noescape cpu_scale
#cgo nocallback cpu_scale
#include "cpu.h"
*/
import "C"

import (
	"math"

	"github.com/latco-studio/latco/learning/device"
)

// MeanSquaredError is SquaredError divided by n, kept in out.
func (d *Device) MeanSquaredError(x, y device.Buffer, n int, w float32, diff, out device.Buffer) {
	same("MeanSquaredError", out.Len, 1)
	out.Host[0] = float32(d.SquaredError(x, y, w, diff) / float64(n))
}

// Scale is x *= by.
func (d *Device) Scale(by, x device.Buffer) {
	same("Scale", by.Len, 1)
	if by.Host[0] != 1 {
		C.cpu_scale(d.pool, C.long(x.Len), C.float(by.Host[0]), floats(x))
	}
}

// Norm is that over all of g, kept in out.
func (d *Device) Norm(g []device.Buffer, out device.Buffer) {
	same("Norm", out.Len, 1)
	sum := 0.0
	for _, x := range g {
		sum += d.SumSquares(x)
	}
	out.Host[0] = float32(math.Sqrt(sum))
}

// ClippedAdam is one step on every tensor.
func (d *Device) ClippedAdam(s device.AdamStep, p, g, m, v []device.Buffer) {
	s.Check(p, g, m, v)
	scale, ok := s.Cut()
	if !ok {
		return
	}
	for i := range p {
		C.cpu_adam(d.pool, C.long(p[i].Len), floats(p[i]), floats(g[i]), floats(m[i]), floats(v[i]), C.float(scale),
			C.float(s.Rate.Host[0]), C.float(s.Beta1), C.float(s.Beta2), C.float(s.Epsilon))
	}
}
