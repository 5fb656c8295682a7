//go:build cgo && !purego

package cpu

/*
#cgo noescape cpu_conv_run
#cgo nocallback cpu_conv_run
#cgo noescape cpu_unfold
#cgo nocallback cpu_unfold
#cgo noescape cpu_fold
#cgo nocallback cpu_fold
#cgo noescape cpu_transpose
#cgo nocallback cpu_transpose
#cgo noescape cpu_subpixel_weights
#cgo nocallback cpu_subpixel_weights
#cgo noescape cpu_subpixel_image
#cgo nocallback cpu_subpixel_image
#include "cpu.h"
*/
import "C"

import (
	"fmt"
	"unsafe"

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

// operands are a convolution's tensors: src N×H×W×In, weights K×K×In×Out and
// dst N×OutH×OutW×Out.
type operands struct {
	src, weights, dst *C.float
}

// convolve computes one of the operands from the other two, in the way that was
// measured to be fastest for the shape.
func (d *Device) convolve(s device.ConvShape, dir direction, t operands) error {
	switch {
	case s.OutH() <= 2 && s.OutW() <= 2:
		return d.byPatches(s, dir, t)
	case dir == backwardData && s.In <= 8 && s.Stride > 1:
		return d.bySubpixels(s, t)
	}
	return d.planned(shapeOf(s, 0), dir, t)
}

func shapeOf(s device.ConvShape, pad int) C.cpu_conv_shape {
	return C.cpu_conv_shape{n: C.int(s.N), h: C.int(s.H), w: C.int(s.W), in: C.int(s.In),
		out: C.int(s.Out), k: C.int(s.K), stride: C.int(s.Stride), pad: C.int(pad)}
}

type planKey struct {
	shape C.cpu_conv_shape
	dir   direction
}

type plan struct {
	c       *C.cpu_conv
	scratch int // floats
}

// planFor finds or makes the plan of a shape and direction.
func (d *Device) planFor(s C.cpu_conv_shape, dir direction) (*plan, error) {
	if p, ok := d.plans[planKey{s, dir}]; ok {
		return p, nil
	}
	return d.newPlan(planKey{s, dir})
}

func (d *Device) newPlan(key planKey) (*plan, error) {
	p := &plan{}
	code := C.cpu_conv_open(d.engine, d.pool, C.int(key.dir), &key.shape, &p.c)
	if err := status(fmt.Sprintf("preparing a convolution %+v", key.shape), code); err != nil {
		return nil, err
	}
	p.scratch = int(C.cpu_conv_scratch(p.c))
	d.plans[key] = p
	return p, nil
}

// planned convolves by oneDNN.
func (d *Device) planned(s C.cpu_conv_shape, dir direction, t operands) error {
	p, err := d.planFor(s, dir)
	if err != nil {
		return err
	}
	work := d.work.floats(p.scratch)
	if work == nil && p.scratch > 0 {
		return errOutOfMemory
	}
	return status("convolving", C.cpu_conv_run(d.engine, d.pool, p.c, t.src, t.weights, t.dst, work))
}

// byPatches convolves as a product of matrices: patches (N·OutH·OutW × K·K·In),
// weights (K·K·In × Out) and dst (N·OutH·OutW × Out). Where the kernel covers
// the image, src itself is the patches.
func (d *Device) byPatches(s device.ConvShape, dir direction, t operands) error {
	rows, patch, out := C.long(s.N*s.OutH()*s.OutW()), C.long(s.K*s.K*s.In), C.long(s.Out)
	shape, patches := shapeOf(s, 0), t.src
	if s.H != s.K || s.W != s.K {
		if patches = d.patches.floats(int(rows * patch)); patches == nil {
			return errOutOfMemory
		}
		if dir != backwardData {
			C.cpu_unfold(d.pool, &shape, t.src, patches)
		}
	}
	switch dir {
	case forward:
		return d.multiply(0, 0, rows, out, patch, patches, t.weights, t.dst)
	case backwardWeights:
		return d.multiply(1, 0, patch, out, rows, patches, t.dst, t.weights)
	}
	if err := d.spreadPatches(rows, patch, out, t, patches); err != nil {
		return err
	}
	if patches != t.src {
		C.cpu_fold(d.pool, &shape, patches, t.src)
	}
	return nil
}

// spreadPatches is patches = dst·weightsᵀ. Few rows meet large weights here, and
// oneDNN is slow at reading the larger factor across its rows: the product is
// made the other way round, weights·dstᵀ, and its small result transposed.
func (d *Device) spreadPatches(rows, patch, out C.long, t operands, patches *C.float) error {
	if rows >= patch {
		return d.multiply(0, 1, rows, patch, out, t.dst, t.weights, patches)
	}
	turned := d.work.floats(int(rows * patch))
	if turned == nil {
		return errOutOfMemory
	}
	if err := d.multiply(0, 1, patch, rows, out, t.weights, t.dst, turned); err != nil {
		return err
	}
	C.cpu_transpose(d.pool, patch, rows, turned, patches)
	return nil
}

// multiply is c (m×n) = op(a)·op(b) for matrices without gaps, k the inner size.
func (d *Device) multiply(ta, tb C.int, m, n, k C.long, a, b, c *C.float) error {
	lda, ldb := k, n
	if ta != 0 {
		lda = m
	}
	if tb != 0 {
		ldb = k
	}
	return status("multiplying matrices", C.cpu_gemm(d.pool, ta, tb, m, n, k, 1, a, lda, b, ldb, 0, c, n))
}

// bySubpixels computes src, of few channels, as an ordinary convolution of
// stride 1 and a spreading of its channels over the image: see subpixel.c.
func (d *Device) bySubpixels(s device.ConvShape, t operands) error {
	taps := (s.K + s.Stride - 1) / s.Stride
	shape, inner := shapeOf(s, 0), device.ConvShape{
		N: s.N, H: s.OutH(), W: s.OutW(), In: s.Out, Out: s.Stride * s.Stride * s.In, K: taps, Stride: 1}
	image := s.N * (s.OutH() + taps - 1) * (s.OutW() + taps - 1) * inner.Out
	image = (image + cacheLine/4 - 1) / (cacheLine / 4) * (cacheLine / 4)
	work := d.patches.floats(image + taps*taps*s.Out*inner.Out)
	if work == nil {
		return errOutOfMemory
	}
	weights := (*C.float)(unsafe.Add(unsafe.Pointer(work), 4*image))
	C.cpu_subpixel_weights(&shape, C.int(taps), t.weights, weights)
	if err := d.planned(shapeOf(inner, taps-1), forward, operands{src: t.dst, weights: weights, dst: work}); err != nil {
		return err
	}
	C.cpu_subpixel_image(d.pool, &shape, C.int(taps), work, t.src)
	return nil
}
