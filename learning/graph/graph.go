package graph

import (
	"errors"
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/latco-studio/latco/learning/device"
)

// Node is a value of the graph: a leaf or a layer's output.
type Node = G.Node

// Graph is a training graph under construction or, after Compile, ready to run.
type Graph struct {
	dev   device.Device
	expr  *G.ExprGraph
	eng   *engine
	owned []device.Buffer
	ops   int
	fixed map[*Node]bool // leaves that no gradient is wanted of
	vm    G.VM
	grads G.Nodes
	calls calls
	err   error // the first failure while building
}

// New starts an empty graph on dev.
func New(dev device.Device) *Graph {
	g := &Graph{dev: dev, expr: G.NewGraph(), fixed: make(map[*Node]bool), calls: newCalls()}
	g.eng = &engine{
		dev:     dev,
		calls:   g.calls,
		buffers: make(map[tensor.Tensor]device.Buffer),
		sums:    make(map[[2]tensor.Tensor]*tensor.Dense),
		alloc:   g.alloc,
	}
	return g
}

// Input makes a leaf that no gradient flows to. Fill its Buffer before Run.
func (g *Graph) Input(name string, shape ...int) *Node {
	n := g.leaf(name, g.memory(tensor.Shape(shape).TotalSize()), shape)
	g.fixed[n] = true
	return n
}

// Param makes a leaf over memory of the caller's, of which the gradient is
// wanted.
func (g *Graph) Param(name string, b device.Buffer, shape ...int) *Node {
	return g.leaf(name, b, shape)
}

// Buffer is where the value of n lives.
func (g *Graph) Buffer(n *Node) device.Buffer {
	if o, ok := n.Op().(*op); ok {
		return g.eng.buffer(o.out)
	}
	return g.eng.buffer(n.Value())
}

// Scalar reads the value of a one-number node.
func (g *Graph) Scalar(n *Node) (float64, error) { return g.number(g.Buffer(n)) }

// Compile differentiates loss (one number) with respect to params and makes the
// program. Nothing can be added to the graph afterwards.
func (g *Graph) Compile(loss *Node, params []*Node) error {
	if g.err != nil {
		return fmt.Errorf("building the graph: %w", g.err)
	}
	one := g.Input("dloss", 1)
	if g.err != nil {
		return fmt.Errorf("building the graph: %w", g.err)
	}
	g.dev.Fill(g.Buffer(one), 1)
	grads, err := G.Backpropagate(G.Nodes{loss}, G.Nodes{one}, G.Nodes(params))
	if err = errors.Join(err, g.err); err != nil {
		return fmt.Errorf("differentiating the graph: %w", err)
	}
	prog, locs, err := G.Compile(g.expr)
	if err != nil {
		return fmt.Errorf("compiling the graph: %w", err)
	}
	g.grads = grads
	g.vm = G.NewTapeMachine(g.expr, G.WithPrecompiled(prog, locs), G.WithEngine(g.eng))
	return nil
}

// Run computes every node, the device's work on the calling goroutine.
func (g *Graph) Run() error {
	g.vm.Reset()
	return g.calls.serve(g.vm.RunAll)
}

// Gradients are those of Compile's params, in their order, after a Run.
func (g *Graph) Gradients() []device.Buffer {
	out := make([]device.Buffer, len(g.grads))
	for i, n := range g.grads {
		out[i] = g.eng.buffer(n.Value())
	}
	return out
}

// Nodes counts the nodes of the graph.
func (g *Graph) Nodes() int { return len(g.expr.AllNodes()) }

// Close frees the graph's memory; that of Params is their owner's.
func (g *Graph) Close() error {
	var err error
	if g.vm != nil {
		err = g.vm.Close()
	}
	for _, b := range g.owned {
		g.dev.Free(b)
	}
	g.owned = nil
	return err
}

// leaf makes an input node over b.
func (g *Graph) leaf(name string, b device.Buffer, shape tensor.Shape) *Node {
	if g.err != nil {
		return nil
	}
	n := G.NewTensor(g.expr, tensor.Float32, len(shape), G.WithShape(shape...), G.WithName(name))
	if err := G.Let(n, g.eng.wrap(b, shape)); err != nil {
		panic(fmt.Sprintf("graph: leaf %s: %v", name, err))
	}
	return n
}

// apply adds an op whose output is new memory.
func (g *Graph) apply(o *op, in ...*Node) *Node {
	out := g.memory(o.shape.TotalSize())
	return g.applyTo(out, o, in...)
}

// applyTo adds an op whose output is out.
func (g *Graph) applyTo(out device.Buffer, o *op, in ...*Node) *Node {
	if g.err != nil {
		return nil
	}
	g.ops++
	o.g, o.id = g, g.ops
	o.out = g.eng.wrap(out, o.shape)
	o.inputs = o.inputs[:0]
	for _, n := range in {
		o.inputs = append(o.inputs, n.Shape())
	}
	n, err := G.ApplyOp(o, in...)
	if err != nil {
		panic(fmt.Sprintf("graph: %s: %v", o.name, err))
	}
	return n
}

// memory is alloc with the error kept for Compile.
func (g *Graph) memory(n int) device.Buffer {
	if g.err != nil {
		return device.Buffer{}
	}
	b, err := g.alloc(n)
	if err != nil {
		g.err = fmt.Errorf("allocating %d numbers: %w", n, err)
	}
	return b
}

// filled is one number in the device's memory.
func (g *Graph) filled(v float32) device.Buffer {
	b := g.memory(1)
	if g.err == nil {
		g.dev.Fill(b, v)
	}
	return b
}

// spread fills dst with the product of two numbers in the device's memory.
func (g *Graph) spread(a, b, dst device.Buffer) {
	g.dev.MulRows(a.Mat(1, 1), b.Mat(1, 1), 0, dst.Mat(dst.Len, 1))
}

func (g *Graph) alloc(n int) (device.Buffer, error) {
	b, err := g.dev.Alloc(n)
	if err == nil {
		g.owned = append(g.owned, b)
	}
	return b, err
}

// number reads the only number of b.
func (g *Graph) number(b device.Buffer) (float64, error) {
	var x [1]float32
	if err := g.dev.Download(x[:], b.Slice(0, 1)); err != nil {
		return 0, fmt.Errorf("reading a scalar: %w", err)
	}
	return float64(x[0]), nil
}

// dims are the rows and columns of a matrix node.
func dims(n *Node) (rows, cols int) { return n.Shape()[0], n.Shape()[1] }

// must panics unless the shapes of a layer fit.
func must(ok bool, layer string, nodes ...*Node) {
	if ok {
		return
	}
	shapes := make([]tensor.Shape, 0, len(nodes))
	for _, n := range nodes {
		shapes = append(shapes, n.Shape())
	}
	panic(fmt.Sprintf("graph: %s does not fit shapes %v", layer, shapes))
}
