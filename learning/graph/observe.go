package graph

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/latco-studio/latco/learning/device"
)

// Packed is the width of Observe's output: [stoch, deter, posterior mean,
// posterior std, prior mean, prior std].
func (s ObserveShape) Packed() int { return s.Feature() + 4*s.Stoch }

// Packed names the columns of Observe's output, or of its gradient.
type Packed struct {
	Stoch, Deter, PostMean, PostStd, PriorMean, PriorStd device.Mat // Rows × …
}

// View names the columns of b.
func (s ObserveShape) View(b device.Buffer) Packed {
	next := columns(b.Mat(s.Rows(), s.Packed()))
	return Packed{
		Stoch: next(s.Stoch), Deter: next(s.Deter),
		PostMean: next(s.Stoch), PostStd: next(s.Stoch),
		PriorMean: next(s.Stoch), PriorStd: next(s.Stoch),
	}
}

// columns cuts m from the left, n columns a call.
func columns(m device.Mat) func(n int) device.Mat {
	lo := 0
	return func(n int) device.Mat {
		lo += n
		return m.ColRange(lo-n, lo)
	}
}

// scanner is the forward and backward pass of an Observe. backward fills dembed
// and dp from dout, the gradient of out; makeGradients allocates what it needs.
type scanner interface {
	forward(out Packed, embed, actions, noise device.Buffer, p ObserveParams[device.Buffer])
	makeGradients(g *Graph)
	backward(out, dout Packed, embed, actions, noise device.Buffer,
		p ObserveParams[device.Buffer], dembed device.Buffer, dp ObserveParams[device.Buffer])
}

// Observe filters sequences from the zero state: for every t the state advances
// on [s_{t−1}, a_t], the prior is read from it, the posterior from it and e_t,
// and s_t = mean + std∘noise_t is drawn from the posterior. embed: Rows×Embed,
// actions: Rows×Action, noise: Rows×Noise; actions and noise get no gradient.
// The output is Rows×Packed.
func (g *Graph) Observe(s ObserveShape, embed, actions, noise *Node, p ObserveParams[*Node]) *Node {
	if g.err != nil {
		return nil
	}
	leaves := values(s.Dynamics, p)
	for i, want := range values(s.Dynamics, s.Shapes()) {
		must(leaves[i].Shape().Eq(tensor.Shape(want)), "observe", leaves[i])
	}
	must(embed.Shape().Eq(tensor.Shape{s.Rows(), s.Embed}), "observe", embed)
	must(actions.Shape().Eq(tensor.Shape{s.Rows(), s.Action}), "observe", actions)
	must(noise.Shape().Eq(tensor.Shape{s.Rows(), s.Noise()}), "observe", noise)

	var scan scanner
	if s.Dynamics.Recurrent() {
		scan = newScan(g, s)
	} else {
		scan = newMarkov(g, s)
	}
	layer := &op{
		name:  "observe",
		shape: tensor.Shape{s.Rows(), s.Packed()},
		wrt:   []bool{true, false, false},
		run: func(v []device.Buffer, out device.Buffer) error {
			scan.forward(s.View(out), v[0], v[1], v[2], assigned(s.Dynamics, v[3:]))
			return nil
		},
	}
	for range leaves {
		layer.wrt = append(layer.wrt, true)
	}
	layer.diff = func(v G.Nodes, out, dout *Node) G.Nodes {
		return g.observeBackward(s, scan, v, out, dout)
	}
	return g.apply(layer, append(G.Nodes{embed, actions, noise}, leaves...)...)
}

func (g *Graph) observeBackward(s ObserveShape, scan scanner, v G.Nodes, out, dout *Node) G.Nodes {
	shapes := []tensor.Shape{{s.Rows(), s.Embed}, nil, nil}
	for _, p := range values(s.Dynamics, s.Shapes()) {
		shapes = append(shapes, p)
	}
	scan.makeGradients(g)
	back := &op{
		name:  "observe backward",
		shape: tensor.Shape{total(shapes...)},
		run: func(v []device.Buffer, packed device.Buffer) error {
			n := len(v) - 2
			part := parts(packed, shapes...)
			scan.backward(s.View(v[n]), s.View(v[n+1]), v[0], v[1], v[2],
				assigned(s.Dynamics, v[3:n]), part[0], assigned(s.Dynamics, part[3:]))
			return nil
		},
	}
	in := append(append(G.Nodes{}, v...), out, dout)
	return g.unpack(g.apply(back, in...), shapes...)
}
