package kernels

import (
	"unsafe"

	"github.com/latco-studio/latco/learning/device"
)

// latest is the matrix product launched last, as long as nothing followed it. An
// activation of its result, or the derivative of one, becomes part of it: the
// argument is amended while the launch waits, so that a layer is one kernel.
type latest struct {
	open    bool
	c       device.Mat
	quads   bool // the tile takes aligned factors only
	product gemmParams
	split   bool
	sum     sumPartsParams // of a product that is split
}

// amend lets the latest product end with act(y + bias), or with act′ from the
// activation's output out. False: it is not y, or it has gone.
func (m *Math) amend(y device.Mat, act device.Activation, bias uint64, out view) bool {
	l := &m.latest
	stream, can := m.Stream.(Amender)
	if !can || !l.open || !same(l.c, y) || out.at != 0 && out.at == address(y) {
		return false
	}
	l.open = false
	r := &l.product.c
	if l.split {
		r = &l.sum.c
	}
	if !aligned(bias) || !aligned(out.at) || out.stride%4 != 0 {
		if r.vector = 0; l.quads && !l.split {
			return false
		}
	}
	r.act, r.bias, r.out, r.outStride = int32(act), bias, out.at, out.stride
	if l.split {
		return stream.Amend(words(&l.sum))
	}
	return stream.Amend(words(&l.product))
}

// words is an argument as Launch takes it.
func words[P any](p *P) []uint64 {
	return unsafe.Slice((*uint64)(unsafe.Pointer(p)), unsafe.Sizeof(*p)/8)
}

// same says that two views are of the same numbers.
func same(a, b device.Mat) bool {
	return a.Addr == b.Addr && a.Offset == b.Offset && a.Rows == b.Rows && a.Cols == b.Cols && a.Stride == b.Stride
}
