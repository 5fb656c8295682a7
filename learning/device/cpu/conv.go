//go:build cgo && !purego

package cpu

/*
#cgo noescape cpu_bias_backward
#cgo nocallback cpu_bias_backward
#include "cpu.h"
*/
import "C"

import (
	"fmt"

	"github.com/latco-studio/latco/learning/device"
)

// tensors are the operands of a layer, checked for length.
func tensors(kernel string, s device.ConvShape, src, w, dst device.Buffer) operands {
	if s.N < 1 || s.In < 1 || s.Out < 1 || s.K < 1 || s.Stride < 1 || s.H < s.K || s.W < s.K {
		panic(fmt.Sprintf("cpu: %s of shape %+v", kernel, s))
	}
	return operands{
		atLeast(kernel, src, s.N*s.H*s.W*s.In),
		atLeast(kernel, w, s.K*s.K*s.In*s.Out),
		atLeast(kernel, dst, s.N*s.OutH()*s.OutW()*s.Out),
	}
}

// Conv is y = act(x ∗ w + b).
func (d *Device) Conv(s device.ConvShape, act device.Activation, x, w, b, y device.Buffer) {
	t := tensors("Conv", s, x, w, y)
	if err := d.convolve(s, forward, t); err != nil {
		d.fail(err)
		return
	}
	d.BiasAct(act, b, y.Mat(s.N*s.OutH()*s.OutW(), s.Out))
}

// Deconv is y = act(x ∗ᵀ w + b).
func (d *Device) Deconv(s device.ConvShape, act device.Activation, x, w, b, y device.Buffer) {
	t := tensors("Deconv", s, y, w, x)
	if err := d.convolve(s, backwardData, t); err != nil {
		d.fail(err)
		return
	}
	d.BiasAct(act, b, y.Mat(s.N*s.H*s.W, s.In))
}

// ConvBackward fills dx (if wanted), dw and db.
func (d *Device) ConvBackward(s device.ConvShape, act device.Activation, x, w, y, dy, dx, dw, db device.Buffer) {
	const name = "ConvBackward"
	t := tensors(name, s, x, w, y)
	dpre, err := d.preActivation(name, act, y.Mat(s.N*s.OutH()*s.OutW(), s.Out), dy.Mat(s.N*s.OutH()*s.OutW(), s.Out), db)
	if err == nil {
		dw := atLeast(name, dw, s.K*s.K*s.In*s.Out)
		err = d.convolve(s, backwardWeights, operands{src: t.src, weights: dw, dst: dpre.p})
	}
	if err == nil && dx.Len > 0 {
		dx := atLeast(name, dx, s.N*s.H*s.W*s.In)
		err = d.convolve(s, backwardData, operands{src: dx, weights: t.weights, dst: dpre.p})
	}
	if err != nil {
		d.fail(err)
	}
}

// DeconvBackward fills dx (if wanted), dw and db.
func (d *Device) DeconvBackward(s device.ConvShape, act device.Activation, x, w, y, dy, dx, dw, db device.Buffer) {
	const name = "DeconvBackward"
	t := tensors(name, s, y, w, x)
	dpre, err := d.preActivation(name, act, y.Mat(s.N*s.H*s.W, s.In), dy.Mat(s.N*s.H*s.W, s.In), db)
	if err == nil {
		dw := atLeast(name, dw, s.K*s.K*s.In*s.Out)
		err = d.convolve(s, backwardWeights, operands{src: dpre.p, weights: dw, dst: t.dst})
	}
	if err == nil && dx.Len > 0 {
		dx := atLeast(name, dx, s.N*s.OutH()*s.OutW()*s.Out)
		err = d.convolve(s, forward, operands{src: dpre.p, weights: t.weights, dst: dx})
	}
	if err != nil {
		d.fail(err)
	}
}

// preActivation takes dy back through the activation of output y and sums it
// into db. The result is good until the next call.
func (d *Device) preActivation(kernel string, act device.Activation, y, dy device.Mat, db device.Buffer) (C.cpu_mat, error) {
	vy, vdy := view(kernel, y), shaped(kernel, dy, y.Rows, y.Cols)
	sums, bias := d.sums.floats(C.CPU_SUM_CHUNKS*y.Cols), atLeast(kernel, db, y.Cols)
	if sums == nil {
		return C.cpu_mat{}, errOutOfMemory
	}
	if act == device.Identity {
		C.cpu_col_sum(d.pool, vdy, 0, bias, sums)
		return vdy, nil
	}
	dpre := C.cpu_mat{rows: vy.rows, cols: vy.cols, stride: vy.cols}
	if dpre.p = d.dpre.floats(y.Rows * y.Cols); dpre.p == nil {
		return C.cpu_mat{}, errOutOfMemory
	}
	C.cpu_bias_backward(d.pool, activation(act), vy, vdy, dpre, bias, sums)
	return dpre, nil
}
