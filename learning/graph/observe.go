package graph

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/latco-studio/latco/learning/device"
)

// ObserveShape sizes the scan over a batch of sequences. Rows of every matrix
// are ordered by time, then by sequence: row t·B + b.
type ObserveShape struct {
	T, B                                int
	Stoch, Deter, Hidden, Action, Embed int
	MinStd                              float32 // added to the softplus of a raw std
}

// Rows is T·B.
func (s ObserveShape) Rows() int { return s.T * s.B }

// Feature is the width of [stoch, deter].
func (s ObserveShape) Feature() int { return s.Stoch + s.Deter }

// Packed is the width of Observe's output: [stoch, deter, posterior mean,
// posterior std, prior mean, prior std].
func (s ObserveShape) Packed() int { return s.Feature() + 4*s.Stoch }

// Packed names the columns of Observe's output, or of its gradient.
type Packed struct {
	Stoch, Deter, PostMean, PostStd, PriorMean, PriorStd device.Mat // Rows × …
}

// View names the columns of b.
func (s ObserveShape) View(b device.Buffer) Packed {
	m, lo := b.Mat(s.Rows(), s.Packed()), 0
	next := func(n int) device.Mat {
		lo += n
		return m.ColRange(lo-n, lo)
	}
	return Packed{
		Stoch: next(s.Stoch), Deter: next(s.Deter),
		PostMean: next(s.Stoch), PostStd: next(s.Stoch),
		PriorMean: next(s.Stoch), PriorStd: next(s.Stoch),
	}
}

// ObserveParams are the recurrent parameters of the RSSM (Hafner et al. 2019,
// arXiv:1811.04551, in the layout of Dreamer and LatCo).
type ObserveParams[T any] struct {
	InW, InB             T // (Stoch+Action)×Hidden, Hidden: ELU
	GateW, GateB         T // Hidden×3·Deter, 3·Deter: GRU, input side
	RecurW, RecurB       T // Deter×3·Deter, 3·Deter: GRU, recurrent side
	PriorW, PriorB       T // Deter×Hidden, Hidden: ELU
	PriorOutW, PriorOutB T // Hidden×2·Stoch, 2·Stoch
	PostW, PostB         T // (Deter+Embed)×Hidden, Hidden: ELU
	PostOutW, PostOutB   T // Hidden×2·Stoch, 2·Stoch
}

// List is every parameter in the order of the fields.
func (p ObserveParams[T]) List() []T {
	return []T{p.InW, p.InB, p.GateW, p.GateB, p.RecurW, p.RecurB,
		p.PriorW, p.PriorB, p.PriorOutW, p.PriorOutB, p.PostW, p.PostB, p.PostOutW, p.PostOutB}
}

// observeParams is List's inverse.
func observeParams[T any](l []T) ObserveParams[T] {
	return ObserveParams[T]{l[0], l[1], l[2], l[3], l[4], l[5], l[6], l[7], l[8], l[9], l[10], l[11], l[12], l[13]}
}

// Shapes are the shapes of the parameters.
func (s ObserveShape) Shapes() ObserveParams[[]int] {
	d, h, z := s.Deter, s.Hidden, 2*s.Stoch
	return ObserveParams[[]int]{
		InW: []int{s.Stoch + s.Action, h}, InB: []int{h},
		GateW: []int{h, 3 * d}, GateB: []int{3 * d},
		RecurW: []int{d, 3 * d}, RecurB: []int{3 * d},
		PriorW: []int{d, h}, PriorB: []int{h},
		PriorOutW: []int{h, z}, PriorOutB: []int{z},
		PostW: []int{d + s.Embed, h}, PostB: []int{h},
		PostOutW: []int{h, z}, PostOutB: []int{z},
	}
}

// ObserveWeights are the kernels as matrices; those that multiply a
// concatenation are cut into the rows of its parts.
type ObserveWeights struct {
	In, InStoch, InAction         device.Mat // In is the other two together
	Gate, Recur                   device.Mat
	Prior, PriorOut               device.Mat
	PostDeter, PostEmbed, PostOut device.Mat
}

// Weights views the kernels of p.
func (s ObserveShape) Weights(p ObserveParams[device.Buffer]) ObserveWeights {
	d, h, z := s.Deter, s.Hidden, 2*s.Stoch
	in, post := p.InW.Mat(s.Stoch+s.Action, h), p.PostW.Mat(d+s.Embed, h)
	return ObserveWeights{
		In: in, InStoch: in.RowRange(0, s.Stoch), InAction: in.RowRange(s.Stoch, in.Rows),
		Gate: p.GateW.Mat(h, 3*d), Recur: p.RecurW.Mat(d, 3*d),
		Prior: p.PriorW.Mat(d, h), PriorOut: p.PriorOutW.Mat(h, z),
		PostDeter: post.RowRange(0, d), PostEmbed: post.RowRange(d, post.Rows),
		PostOut: p.PostOutW.Mat(h, z),
	}
}

// Observe filters sequences from the zero state: for every t the GRU advances
// on [s_{t−1}, a_t], the prior is read from h_t, the posterior from [h_t, e_t],
// and s_t = mean + std∘noise_t is drawn from the posterior. embed: Rows×Embed,
// actions: Rows×Action, noise: Rows×Stoch; actions and noise get no gradient.
// The output is Rows×Packed.
func (g *Graph) Observe(s ObserveShape, embed, actions, noise *Node, p ObserveParams[*Node]) *Node {
	if g.err != nil {
		return nil
	}
	for i, want := range s.Shapes().List() {
		must(p.List()[i].Shape().Eq(tensor.Shape(want)), "observe", p.List()[i])
	}
	must(embed.Shape().Eq(tensor.Shape{s.Rows(), s.Embed}), "observe", embed)
	must(actions.Shape().Eq(tensor.Shape{s.Rows(), s.Action}), "observe", actions)
	must(noise.Shape().Eq(tensor.Shape{s.Rows(), s.Stoch}), "observe", noise)

	scan := newScan(g, s)
	layer := &op{
		name:  "observe",
		shape: tensor.Shape{s.Rows(), s.Packed()},
		wrt:   []bool{true, false, false},
		run: func(v []device.Buffer, out device.Buffer) error {
			scan.forward(s.View(out), v[0], v[1], v[2], observeParams(v[3:]))
			return nil
		},
	}
	for range p.List() {
		layer.wrt = append(layer.wrt, true)
	}
	layer.diff = func(v G.Nodes, out, dout *Node) G.Nodes {
		return g.observeBackward(scan, v, out, dout)
	}
	return g.apply(layer, append(G.Nodes{embed, actions, noise}, p.List()...)...)
}

func (g *Graph) observeBackward(scan *scan, v G.Nodes, out, dout *Node) G.Nodes {
	s := scan.ObserveShape
	shapes := []tensor.Shape{{s.Rows(), s.Embed}, nil, nil}
	for _, p := range s.Shapes().List() {
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
				observeParams(v[3:n]), part[0], observeParams(part[3:]))
			return nil
		},
	}
	in := append(append(G.Nodes{}, v...), out, dout)
	return g.unpack(g.apply(back, in...), shapes...)
}
