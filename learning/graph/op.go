package graph

import (
	"fmt"
	"hash"
	"hash/fnv"

	"github.com/chewxy/hm"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/latco-studio/latco/learning/device"
)

// op is one layer as Gorgonia sees it: a function of tensors into a tensor that
// it owns. What it computes is in run, what its gradient is in diff.
type op struct {
	g    *Graph
	name string
	id   int // part of the hash: no two ops of a graph are merged, each owns memory

	inputs []tensor.Shape
	shape  tensor.Shape  // of the output
	out    *tensor.Dense // the output

	run func(in []device.Buffer, out device.Buffer) error
	// diff builds the gradients with respect to the inputs; entries may be nil
	// where wrt is false. nil: the op ends a gradient.
	diff func(in G.Nodes, out, grad *G.Node) G.Nodes
	wrt  []bool

	args []device.Buffer // of the present run
}

var _ G.SDOp = (*op)(nil)

func (o *op) Arity() int { return len(o.inputs) }

// Type says that tensors of the inputs' ranks give one of the output's rank.
func (o *op) Type() hm.Type {
	types := make([]hm.Type, 0, len(o.inputs)+1)
	for _, s := range append(o.inputs[:len(o.inputs):len(o.inputs)], o.shape) {
		types = append(types, G.TensorType{Dims: s.Dims(), Of: tensor.Float32})
	}
	return hm.NewFnType(types...)
}

func (o *op) InferShape(...G.DimSizer) (tensor.Shape, error) { return o.shape, nil }

// Do computes the layer on the device.
func (o *op) Do(in ...G.Value) (G.Value, error) {
	o.args = o.args[:0]
	for _, v := range in {
		o.args = append(o.args, o.g.eng.buffer(v))
	}
	out := o.g.eng.buffer(o.out)
	if err := o.g.calls.call(func() error { return o.run(o.args, out) }); err != nil {
		return nil, fmt.Errorf("%s: %w", o.name, err)
	}
	return o.out, nil
}

func (o *op) ReturnsPtr() bool     { return true }
func (o *op) CallsExtern() bool    { return false } // true would make Gorgonia allocate
func (o *op) OverwritesInput() int { return -1 }

func (o *op) WriteHash(h hash.Hash) { fmt.Fprintf(h, "%s#%d", o.name, o.id) }

func (o *op) Hashcode() uint32 {
	h := fnv.New32a()
	o.WriteHash(h)
	return h.Sum32()
}

func (o *op) String() string { return o.name }

func (o *op) DiffWRT(int) []bool {
	if o.diff == nil {
		return nil
	}
	return o.wrt
}

func (o *op) SymDiff(in G.Nodes, out, grad *G.Node) (G.Nodes, error) {
	grads := o.diff(in, out, grad)
	return grads, o.g.err
}
