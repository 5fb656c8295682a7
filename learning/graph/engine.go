package graph

import (
	"fmt"

	_ "go4.org/unsafe/assume-no-moving-gc" // Gorgonia panics at start on a Go release its pinned version does not know
	"gorgonia.org/tensor"

	"github.com/latco-studio/latco/learning/device"
)

// engine lets Gorgonia's virtual machine carry tensors that live in a device's
// memory. Gorgonia itself computes one thing only, the sum of gradients where a
// node has several users; Add does that on the device.
type engine struct {
	tensor.StdEng
	dev     device.Device
	calls   calls
	buffers map[tensor.Tensor]device.Buffer    // every tensor of the graph
	sums    map[[2]tensor.Tensor]*tensor.Dense // results of Add, made once
	alloc   func(n int) (device.Buffer, error) // memory freed with the graph
}

// AllocAccessible is false: tensors must not be read behind the device's back.
func (*engine) AllocAccessible() bool { return false }

// NonStdAlloc marks the engine as one that does not allocate on the Go heap.
func (*engine) NonStdAlloc() {}

// WorksWith any order: the device knows row-major only, and nobody transposes.
func (*engine) WorksWith(tensor.DataOrder) bool { return true }

// wrap makes the tensor through which Gorgonia carries b.
func (e *engine) wrap(b device.Buffer, shape tensor.Shape) *tensor.Dense {
	if shape.TotalSize() != b.Len {
		panic(fmt.Sprintf("graph: shape %v for a buffer of %d", shape, b.Len))
	}
	t := tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(shape...), tensor.WithEngine(e),
		tensor.FromMemory(b.Addr, uintptr(4*b.Len)))
	e.buffers[t] = b
	return t
}

// buffer is where the tensor t lives.
func (e *engine) buffer(t any) device.Buffer {
	dense, ok := t.(*tensor.Dense)
	if !ok {
		panic(fmt.Sprintf("graph: a %T is not a tensor of this graph", t))
	}
	b, ok := e.buffers[dense]
	if !ok {
		panic(fmt.Sprintf("graph: a tensor of shape %v is not of this graph", dense.Shape()))
	}
	return b
}

// Add is the fan-in of gradients: a + b, in place where Gorgonia says so.
func (e *engine) Add(a, b tensor.Tensor, opts ...tensor.FuncOpt) (tensor.Tensor, error) {
	fo := tensor.ParseFuncOpts(opts...)
	if fo.Incr() != nil {
		return nil, fmt.Errorf("adding gradients of shape %v: increments are not supported", a.Shape())
	}
	dst := a
	switch {
	case fo.Reuse() != nil:
		dst = fo.Reuse()
	case fo.Safe():
		sum, err := e.sum(a, b)
		if err != nil {
			return nil, err
		}
		dst = sum
	}
	x, y, z := e.buffer(a), e.buffer(b), e.buffer(dst)
	if z.Addr == y.Addr {
		x, y = y, x
	}
	return dst, e.calls.call(func() error {
		if z.Addr != x.Addr {
			e.dev.Copy(z, x)
		}
		e.dev.Axpy(1, y, z)
		return nil
	})
}

// sum is the tensor that holds a + b, the same one every step.
func (e *engine) sum(a, b tensor.Tensor) (*tensor.Dense, error) {
	key := [2]tensor.Tensor{a, b}
	if t, ok := e.sums[key]; ok {
		return t, nil
	}
	var buf device.Buffer
	err := e.calls.call(func() (err error) {
		buf, err = e.alloc(a.Shape().TotalSize())
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("allocating a sum of gradients: %w", err)
	}
	t := e.wrap(buf, a.Shape().Clone())
	e.sums[key] = t
	return t, nil
}
