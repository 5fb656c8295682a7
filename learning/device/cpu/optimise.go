//go:build cgo && !purego

package cpu

/*
#cgo noescape cpu_sum_squares
#cgo nocallback cpu_sum_squares
#cgo noescape cpu_adam
#cgo nocallback cpu_adam
#include "cpu.h"
*/
import "C"

import (
	"math"

	"github.com/latco-studio/latco/learning/device"
)

// SumSquares is Σ x², the same bits for any number of threads.
func (d *Device) SumSquares(x device.Buffer) float64 {
	return float64(C.cpu_sum_squares(d.pool, C.long(x.Len), floats(x)))
}

// Adam is one step of Kingma & Ba 2015, algorithm 1, as Keras arranges it.
func (d *Device) Adam(p, g, m, v device.Buffer, gscale, lr, beta1, beta2, eps float32, t int) {
	same("Adam", p.Len, g.Len)
	same("Adam", p.Len, m.Len)
	same("Adam", p.Len, v.Len)
	c1, c2 := 1-math.Pow(float64(beta1), float64(t)), 1-math.Pow(float64(beta2), float64(t))
	step := float64(lr) * math.Sqrt(c2) / c1
	C.cpu_adam(d.pool, C.long(p.Len), floats(p), floats(g), floats(m), floats(v), C.float(gscale),
		C.float(step), C.float(beta1), C.float(beta2), C.float(eps))
}
