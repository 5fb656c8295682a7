//go:build cgo && !purego

package cpu

/*
#cgo noescape cpu_gru
#cgo nocallback cpu_gru
#cgo noescape cpu_gru_backward
#cgo nocallback cpu_gru_backward
#include "cpu.h"
*/
import "C"

import "github.com/latco-studio/latco/learning/device"

// GRU is the reset-after cell: see device.Recurrent.
func (d *Device) GRU(gx, gh, h, next, gates device.Mat) {
	n, u := h.Rows, h.Cols
	C.cpu_gru(d.pool, shaped("GRU", gx, n, 3*u), shaped("GRU", gh, n, 3*u), view("GRU", h),
		shaped("GRU", next, n, u), shaped("GRU", gates, n, 3*u))
}

// GRUBackward: see device.Recurrent.
func (d *Device) GRUBackward(gates, gh, h, dnext, dgx, dgh, dh device.Mat) {
	n, u := h.Rows, h.Cols
	const name = "GRUBackward"
	C.cpu_gru_backward(d.pool, shaped(name, gates, n, 3*u), shaped(name, gh, n, 3*u), view(name, h),
		shaped(name, dnext, n, u), shaped(name, dgx, n, 3*u), shaped(name, dgh, n, 3*u), shaped(name, dh, n, u))
}
