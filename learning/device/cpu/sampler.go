//go:build cgo && !purego

package cpu

/*
#cgo noescape cpu_normals
#cgo nocallback cpu_normals
#cgo noescape cpu_perturb
#cgo nocallback cpu_perturb
#cgo noescape cpu_elites
#cgo nocallback cpu_elites
#cgo noescape cpu_softmax
#cgo nocallback cpu_softmax
#cgo noescape cpu_fit
#cgo nocallback cpu_fit
#include "cpu.h"
*/
import "C"

import (
	"fmt"
	"unsafe"

	"github.com/latco-studio/latco/learning/device"
)

// Normals fills dst with the numbers of a stream from row·Cols on.
func (d *Device) Normals(seed, stream uint64, row int, dst device.Mat) {
	C.cpu_normals(d.pool, C.uint64_t(seed), C.uint64_t(stream), C.uint64_t(row*dst.Cols), view("Normals", dst))
}

// Perturb is x = mean + std∘x, limited to ±1.
func (d *Device) Perturb(mean, std device.Buffer, x device.Mat) {
	same("Perturb", mean.Len, x.Cols)
	same("Perturb", std.Len, x.Cols)
	C.cpu_perturb(d.pool, floats(mean), floats(std), view("Perturb", x))
}

// Elites weighs the k greatest alike.
func (d *Device) Elites(k int, x, weights device.Buffer) {
	same("Elites", x.Len, weights.Len)
	if k < 1 || k > x.Len {
		panic(fmt.Sprintf("cpu: %d elites of %d", k, x.Len))
	}
	C.cpu_elites(C.long(x.Len), C.long(k), floats(x), floats(weights))
}

// Softmax weighs by exp(gamma·x).
func (d *Device) Softmax(gamma float32, x, weights device.Buffer) {
	same("Softmax", x.Len, weights.Len)
	C.cpu_softmax(C.long(x.Len), C.float(gamma), floats(x), floats(weights))
}

// Fit is the weighted mean and standard deviation of the rows.
func (d *Device) Fit(weights device.Buffer, x device.Mat, floor float32, mean, std device.Buffer) {
	same("Fit", weights.Len, x.Rows)
	same("Fit", mean.Len, x.Cols)
	same("Fit", std.Len, x.Cols)
	sums := d.sums.floats(2 * x.Cols)
	if sums == nil {
		d.fail(errOutOfMemory)
		return
	}
	C.cpu_fit(d.pool, floats(weights), view("Fit", x), C.float(floor), floats(mean), floats(std),
		(*C.double)(unsafe.Pointer(sums)))
}
