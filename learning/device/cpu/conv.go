//go:build cgo && !purego

package cpu

/*
#cgo noescape cpu_conv_run
#cgo nocallback cpu_conv_run
#include "cpu.h"
*/
import "C"

import (
	"fmt"

	"github.com/latco-studio/latco/learning/device"
)

// direction is what a convolution computes: dst from src and weights, src from
// dst and weights, or weights from src and dst. The transposed convolution and
// both gradients of either kind are among these three.
type direction C.int

const (
	forward         direction = C.CONV_FORWARD
	backwardData    direction = C.CONV_BACKWARD_DATA
	backwardWeights direction = C.CONV_BACKWARD_WEIGHTS
)

type planKey struct {
	shape device.ConvShape
	dir   direction
}

type plan struct {
	c       *C.cpu_conv
	scratch int // floats
}

// planFor finds or makes the plan of a shape and direction.
func (d *Device) planFor(s device.ConvShape, dir direction) (*plan, error) {
	key := planKey{s, dir}
	if p, ok := d.plans[key]; ok {
		return p, nil
	}
	shape := C.cpu_conv_shape{n: C.int(s.N), h: C.int(s.H), w: C.int(s.W), in: C.int(s.In),
		out: C.int(s.Out), k: C.int(s.K), stride: C.int(s.Stride)}
	p := &plan{}
	err := status(fmt.Sprintf("preparing a convolution %+v", s),
		C.cpu_conv_open(d.engine, d.threads, C.int(dir), &shape, &p.c))
	if err != nil {
		return nil, err
	}
	p.scratch = int(C.cpu_conv_scratch(p.c))
	d.plans[key] = p
	return p, nil
}

// convolve computes one of src, weights and dst from the other two.
func (d *Device) convolve(s device.ConvShape, dir direction, src, weights, dst *C.float) error {
	if s.H == s.K && s.W == s.K {
		d.product(s, dir, src, weights, dst)
		return nil
	}
	p, err := d.planFor(s, dir)
	if err != nil {
		return err
	}
	work := d.plan.floats(p.scratch)
	if work == nil && p.scratch > 0 {
		return errOutOfMemory
	}
	return status("convolving", C.cpu_conv_run(d.engine, d.threads, p.c, src, weights, dst, work))
}

// product is convolve where the kernel covers the image and one position is
// left: src (N×K·K·In), weights (K·K·In×Out) and dst (N×Out) are matrices.
func (d *Device) product(s device.ConvShape, dir direction, src, weights, dst *C.float) {
	n, in, out := C.long(s.N), C.long(s.K*s.K*s.In), C.long(s.Out)
	var code C.int
	switch dir {
	case forward:
		code = C.cpu_gemm(d.threads, 0, 0, n, out, in, 1, src, in, weights, out, 0, dst, out)
	case backwardData:
		code = C.cpu_gemm(d.threads, 0, 1, n, in, out, 1, dst, out, weights, out, 0, src, in)
	default:
		code = C.cpu_gemm(d.threads, 1, 0, in, out, n, 1, src, in, dst, out, 0, weights, out)
	}
	if err := status("multiplying matrices", code); err != nil {
		d.fail(err)
	}
}

// operands are a convolution's tensors, checked for length.
type operands struct {
	src, weights, dst *C.float
}

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
	if err := d.convolve(s, forward, t.src, t.weights, t.dst); err != nil {
		d.fail(err)
		return
	}
	d.BiasAct(act, b, y.Mat(s.N*s.OutH()*s.OutW(), s.Out))
}

// Deconv is y = act(x ∗ᵀ w + b).
func (d *Device) Deconv(s device.ConvShape, act device.Activation, x, w, b, y device.Buffer) {
	t := tensors("Deconv", s, y, w, x)
	if err := d.convolve(s, backwardData, t.src, t.weights, t.dst); err != nil {
		d.fail(err)
		return
	}
	d.BiasAct(act, b, y.Mat(s.N*s.H*s.W, s.In))
}

// ConvBackward fills dx (if wanted), dw and db.
func (d *Device) ConvBackward(s device.ConvShape, act device.Activation, x, w, y, dy, dx, dw, db device.Buffer) {
	t := tensors("ConvBackward", s, x, w, y)
	dpre, err := d.preActivation(act, y.Mat(s.N*s.OutH()*s.OutW(), s.Out), dy, db)
	if err == nil {
		err = d.convolve(s, backwardWeights, t.src, atLeast("ConvBackward", dw, s.K*s.K*s.In*s.Out), dpre)
	}
	if err == nil && dx.Len > 0 {
		err = d.convolve(s, backwardData, atLeast("ConvBackward", dx, s.N*s.H*s.W*s.In), t.weights, dpre)
	}
	if err != nil {
		d.fail(err)
	}
}

// DeconvBackward fills dx (if wanted), dw and db.
func (d *Device) DeconvBackward(s device.ConvShape, act device.Activation, x, w, y, dy, dx, dw, db device.Buffer) {
	t := tensors("DeconvBackward", s, y, w, x)
	dpre, err := d.preActivation(act, y.Mat(s.N*s.H*s.W, s.In), dy, db)
	if err == nil {
		err = d.convolve(s, backwardWeights, dpre, atLeast("DeconvBackward", dw, s.K*s.K*s.In*s.Out), t.dst)
	}
	if err == nil && dx.Len > 0 {
		err = d.convolve(s, forward, dpre, t.weights, atLeast("DeconvBackward", dx, s.N*s.OutH()*s.OutW()*s.Out))
	}
	if err != nil {
		d.fail(err)
	}
}

// preActivation takes dy back through the activation of output y and sums it
// into db. The result is good until the next call.
func (d *Device) preActivation(act device.Activation, y device.Mat, dy, db device.Buffer) (*C.float, error) {
	vy := view("convolution gradient", y)
	vdy := view("convolution gradient", dy.Mat(y.Rows, y.Cols))
	dpre := vdy
	if act != device.Identity {
		if dpre.p = d.dpre.floats(y.Rows * y.Cols); dpre.p == nil {
			return nil, errOutOfMemory
		}
		C.cpu_act_backward(d.threads, activation(act), vy, vdy, dpre)
	}
	d.columnSum(dpre, 0, atLeast("convolution gradient", db, y.Cols))
	return dpre.p, nil
}
