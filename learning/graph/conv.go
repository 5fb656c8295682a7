package graph

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/latco-studio/latco/learning/device"
)

// Conv is y = act(x ∗ w + b): x N×(H·W·In), w (K·K·In)×Out, b Out,
// y N×(OutH·OutW·Out).
func (g *Graph) Conv(s device.ConvShape, act device.Activation, x, w, b *Node) *Node {
	return g.convolution(convolution{
		name: "conv", act: act,
		in: s.H * s.W * s.In, out: s.OutH() * s.OutW() * s.Out, bias: s.Out,
		shape: s, forward: g.dev.Conv, backward: g.dev.ConvBackward,
	}, x, w, b)
}

// Deconv is the transposed convolution that s reverses: x N×(OutH·OutW·Out),
// w (K·K·In)×Out, b In, y N×(H·W·In).
func (g *Graph) Deconv(s device.ConvShape, act device.Activation, x, w, b *Node) *Node {
	return g.convolution(convolution{
		name: "deconv", act: act,
		in: s.OutH() * s.OutW() * s.Out, out: s.H * s.W * s.In, bias: s.In,
		shape: s, forward: g.dev.Deconv, backward: g.dev.DeconvBackward,
	}, x, w, b)
}

// convolution is a layer in either direction.
type convolution struct {
	name          string
	act           device.Activation
	shape         device.ConvShape
	in, out, bias int // numbers a row
	forward       func(s device.ConvShape, act device.Activation, x, w, b, y device.Buffer)
	backward      func(s device.ConvShape, act device.Activation, x, w, y, dy, dx, dw, db device.Buffer)
}

func (g *Graph) convolution(c convolution, x, w, b *Node) *Node {
	if g.err != nil {
		return nil
	}
	n, in := dims(x)
	taps, out := dims(w)
	must(n == c.shape.N && in == c.in && taps == c.shape.K*c.shape.K*c.shape.In &&
		out == c.shape.Out && b.Shape()[0] == c.bias, c.name, x, w, b)
	layer := &op{
		name:  c.name,
		shape: tensor.Shape{n, c.out},
		wrt:   []bool{!g.fixed[x], true, true},
		run: func(v []device.Buffer, y device.Buffer) error {
			c.forward(c.shape, c.act, v[0], v[1], v[2], y)
			return nil
		},
	}
	layer.diff = func(v G.Nodes, y, dy *Node) G.Nodes {
		shapes := []tensor.Shape{g.wanted(v[0]), v[1].Shape(), v[2].Shape()}
		back := &op{
			name:  c.name + " backward",
			shape: tensor.Shape{total(shapes...)},
			run: func(b []device.Buffer, packed device.Buffer) error {
				part := parts(packed, shapes...)
				c.backward(c.shape, c.act, b[0], b[1], b[2], b[3], part[0], part[1], part[2])
				return nil
			},
		}
		return g.unpack(g.apply(back, v[0], v[1], y, dy), shapes...)
	}
	return g.apply(layer, x, w, b)
}
