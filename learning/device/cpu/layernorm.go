//go:build cgo && !purego

package cpu

/*
#cgo noescape cpu_layer_norm
#cgo nocallback cpu_layer_norm
#cgo noescape cpu_layer_norm_backward
#cgo nocallback cpu_layer_norm_backward
#include "cpu.h"
*/
import "C"

import "github.com/latco-studio/latco/learning/device"

// LayerNorm: see device.Normaliser.
func (d *Device) LayerNorm(act device.Activation, epsilon float32, x device.Mat, gain, bias device.Buffer, y, norm device.Mat, inverse device.Buffer) {
	const name = "LayerNorm"
	n, k := x.Rows, x.Cols
	same(name, gain.Len, k)
	same(name, bias.Len, k)
	if norm.Rows > 0 {
		same(name, inverse.Len, n)
	}
	C.cpu_layer_norm(d.pool, activation(act), C.float(epsilon), view(name, x), floats(gain), floats(bias),
		shaped(name, y, n, k), optional(name, norm, n, k), floats(inverse))
}

// LayerNormBackward: see device.Normaliser.
func (d *Device) LayerNormBackward(act device.Activation, y, dy device.Mat, gain device.Buffer, norm device.Mat, inverse device.Buffer, dx device.Mat, dgain, dbias device.Buffer) {
	const name = "LayerNormBackward"
	n, k := y.Rows, y.Cols
	for _, b := range []device.Buffer{gain, dgain, dbias} {
		same(name, b.Len, k)
	}
	same(name, inverse.Len, n)
	vnorm, vdx := shaped(name, norm, n, k), optional(name, dx, n, k)
	if n == 0 {
		shaped(name, dy, n, k)
		clear(dgain.Host)
		clear(dbias.Host)
		return
	}
	dpre, err := d.preActivation(name, act, y, dy, dbias)
	if err != nil {
		d.fail(err)
		return
	}
	products := d.patches.floats(n * k)
	if products == nil {
		d.fail(errOutOfMemory)
		return
	}
	C.cpu_layer_norm_backward(d.pool, dpre, floats(gain), vnorm, floats(inverse), vdx, floats(dgain),
		products, d.sums.floats(C.CPU_SUM_CHUNKS*k))
}
