//go:build cgo && !purego

package cpu

/*
#cgo noescape cpu_gru
#cgo nocallback cpu_gru
#cgo noescape cpu_gru_backward
#cgo nocallback cpu_gru_backward
#cgo noescape cpu_gru_gates
#cgo nocallback cpu_gru_gates
#cgo noescape cpu_gru_blend
#cgo nocallback cpu_gru_blend
#cgo noescape cpu_gru_blend_backward
#cgo nocallback cpu_gru_blend_backward
#cgo noescape cpu_gru_gates_backward
#cgo nocallback cpu_gru_gates_backward
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

// GRUGates is the first half of the reset-before cell: see device.Recurrent.
func (d *Device) GRUGates(gx, gh, h, gates, reset device.Mat) {
	n, u := h.Rows, h.Cols
	const name = "GRUGates"
	C.cpu_gru_gates(d.pool, shaped(name, gx, n, 3*u), shaped(name, gh, n, 2*u), view(name, h),
		shaped(name, gates, n, 3*u), shaped(name, reset, n, u))
}

// GRUBlend is its second half.
func (d *Device) GRUBlend(gx, gn, h, next, gates device.Mat) {
	n, u := h.Rows, h.Cols
	const name = "GRUBlend"
	C.cpu_gru_blend(d.pool, shaped(name, gx, n, 3*u), shaped(name, gn, n, u), view(name, h),
		shaped(name, next, n, u), shaped(name, gates, n, 3*u))
}

// GRUBlendBackward: see device.Recurrent.
func (d *Device) GRUBlendBackward(gates, h, dnext, dgx, dh device.Mat) {
	n, u := h.Rows, h.Cols
	const name = "GRUBlendBackward"
	C.cpu_gru_blend_backward(d.pool, shaped(name, gates, n, 3*u), view(name, h),
		shaped(name, dnext, n, u), shaped(name, dgx, n, 3*u), shaped(name, dh, n, u))
}

// GRUGatesBackward: see device.Recurrent.
func (d *Device) GRUGatesBackward(gates, h, dreset, dgx, dh device.Mat) {
	n, u := h.Rows, h.Cols
	const name = "GRUGatesBackward"
	C.cpu_gru_gates_backward(d.pool, shaped(name, gates, n, 3*u), view(name, h),
		shaped(name, dreset, n, u), shaped(name, dgx, n, 3*u), shaped(name, dh, n, u))
}
