package graph

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/latco-studio/latco/learning/device"
)

// gaussians are two families of Gaussians, row against row.
type gaussians struct{ m1, s1, m2, s2 device.Mat }

// divergence is a loss made of many KL divergences.
type divergence struct {
	name  string
	rows  int     // of all blocks together
	free  float64 // nats a row that cost nothing
	of    func(v []device.Buffer) []gaussians
	grads func(v []device.Buffer) []gaussians // the gradients of the inputs, views without rows where none is wanted
}

// each calls f with every block and its rows [lo, hi).
func each(blocks []gaussians, f func(i, lo, hi int, b gaussians)) {
	lo := 0
	for i, b := range blocks {
		hi := lo + b.m1.Rows
		f(i, lo, hi, b)
		lo = hi
	}
}

// hinge is the mean over the rows of max(0, KL − free): PlaNet's free nats,
// granted to every time step of every sequence. shapes are those of the inputs,
// nil where no gradient is wanted.
func (g *Graph) hinge(d divergence, shapes []tensor.Shape, in ...*Node) *Node {
	if g.err != nil {
		return nil
	}
	above, weights := g.memory(d.rows).Mat(d.rows, 1), g.memory(d.rows).Mat(d.rows, 1)
	free, share := g.filled(float32(-d.free)), g.filled(1/float32(d.rows))
	if g.err != nil {
		return nil
	}
	layer := &op{
		name:  d.name,
		shape: tensor.Shape{1},
		run: func(v []device.Buffer, y device.Buffer) error {
			each(d.of(v), func(_, lo, hi int, b gaussians) {
				g.dev.KL(b.m1, b.s1, b.m2, b.s2, above.Slice(lo, hi))
			})
			if d.free > 0 {
				g.dev.BiasAct(device.ReLU, free, above)
			}
			g.dev.ColSum(above, 0, y)
			g.dev.Axpy(1/float32(d.rows)-1, y, y)
			return nil
		},
	}
	for _, s := range shapes {
		layer.wrt = append(layer.wrt, s != nil)
	}
	layer.diff = func(v G.Nodes, _, dy *Node) G.Nodes {
		back := &op{
			name:  d.name + " backward",
			shape: tensor.Shape{total(shapes...)},
			run: func(v []device.Buffer, packed device.Buffer) error {
				last := len(v) - 1
				g.dev.Fill(packed, 0)
				g.spread(share, v[last], weights.Buffer)
				if d.free > 0 {
					g.dev.ActBackward(device.ReLU, above, weights, weights)
				}
				to := d.grads(parts(packed, shapes...))
				each(d.of(v[:last]), func(i, lo, hi int, b gaussians) {
					g.dev.KLBackwardRows(weights.Slice(lo, hi), b.m1, b.s1, b.m2, b.s2, to[i].m1, to[i].s1, to[i].m2, to[i].s2)
				})
				return nil
			},
		}
		return g.unpack(g.apply(back, append(append(G.Nodes{}, v...), dy)...), shapes...)
	}
	return g.apply(layer, in...)
}

// StepKL is the mean over the rows of max(0, KL(posterior ‖ prior) − free).
func (g *Graph) StepKL(s ObserveShape, free float64, packed *Node) *Node {
	of := func(v []device.Buffer) []gaussians {
		x := s.View(v[0])
		return []gaussians{{x.PostMean, x.PostStd, x.PriorMean, x.PriorStd}}
	}
	d := divergence{name: "KL by steps", rows: s.Rows(), free: free, of: of, grads: of}
	return g.hinge(d, []tensor.Shape{{s.Rows(), s.Packed()}}, packed)
}

// GlobalKL is the mean over the rows of KL(posterior ‖ N(0, I)): the global
// prior of PlaNet's first version.
func (g *Graph) GlobalKL(s ObserveShape, packed *Node) *Node {
	n := s.Rows()
	zero, one := g.memory(n*s.Stoch).Mat(n, s.Stoch), g.memory(n*s.Stoch).Mat(n, s.Stoch)
	if g.err != nil {
		return nil
	}
	g.dev.Fill(one.Buffer, 1)
	d := divergence{name: "global KL", rows: n,
		of: func(v []device.Buffer) []gaussians {
			x := s.View(v[0])
			return []gaussians{{x.PostMean, x.PostStd, zero, one}}
		},
		grads: func(v []device.Buffer) []gaussians {
			x := s.View(v[0])
			return []gaussians{{m1: x.PostMean, s1: x.PostStd}}
		},
	}
	return g.hinge(d, []tensor.Shape{{n, s.Packed()}}, packed)
}

// OvershootKL is the mean over all predictions of max(0, KL(posterior ‖
// prediction) − free), so that every distance counts by the number of times it
// was predicted. No gradient flows to the posteriors predicted: packed is what
// Observe gives, predictions what Overshoot does.
func (g *Graph) OvershootKL(s OvershootShape, free float64, packed, predictions *Node) *Node {
	n := s.T * s.B
	blocks := make([]gaussians, s.Distance)
	d := divergence{name: "overshooting KL", rows: s.Rows(), free: free,
		of: func(v []device.Buffer) []gaussians {
			x, y := s.ObserveShape.View(v[0]), s.view(v[1])
			for k := 1; k <= s.Distance; k++ {
				p := y.rows(s.start(k), s.start(k+1))
				blocks[k-1] = gaussians{x.PostMean.RowRange(k*s.B, n), x.PostStd.RowRange(k*s.B, n), p.mean, p.std}
			}
			return blocks
		},
	}
	to := make([]gaussians, s.Distance)
	d.grads = func(v []device.Buffer) []gaussians {
		y := s.view(v[1])
		for k := 1; k <= s.Distance; k++ {
			p := y.rows(s.start(k), s.start(k+1))
			to[k-1] = gaussians{m2: p.mean, s2: p.std}
		}
		return to
	}
	return g.hinge(d, []tensor.Shape{nil, {s.Rows(), s.Predicted()}}, packed, predictions)
}
