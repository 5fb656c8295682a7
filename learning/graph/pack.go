package graph

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/latco-studio/latco/learning/device"
)

// A Gorgonia op has one output, a layer's gradient has several parts. The parts
// lie one behind the other in one vector; each is seen through a view.

// unpack views consecutive parts of a packed vector. A shape of nil is skipped
// and gives nil.
func (g *Graph) unpack(packed *Node, shapes ...tensor.Shape) G.Nodes {
	parts := make(G.Nodes, len(shapes))
	if g.err != nil {
		return parts
	}
	buf, lo := g.Buffer(packed), 0
	for i, s := range shapes {
		if s == nil {
			continue
		}
		hi := lo + s.TotalSize()
		view := &op{
			name:  "view",
			shape: s.Clone(),
			run:   func([]device.Buffer, device.Buffer) error { return nil },
		}
		parts[i] = g.applyTo(buf.Slice(lo, hi), view, packed)
		lo = hi
	}
	return parts
}

// total is the number of elements of all shapes but nil.
func total(shapes ...tensor.Shape) int {
	n := 0
	for _, s := range shapes {
		if s != nil {
			n += s.TotalSize()
		}
	}
	return n
}

// parts cuts b at the sizes of shapes; nil gives an empty buffer.
func parts(b device.Buffer, shapes ...tensor.Shape) []device.Buffer {
	out, lo := make([]device.Buffer, len(shapes)), 0
	for i, s := range shapes {
		if s == nil {
			continue
		}
		hi := lo + s.TotalSize()
		out[i], lo = b.Slice(lo, hi), hi
	}
	return out
}

// wanted is the shape of a layer's input if a gradient must reach it.
func (g *Graph) wanted(x *Node) tensor.Shape {
	if g.fixed[x] {
		return nil
	}
	return x.Shape()
}
