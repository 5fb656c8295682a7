package graph

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/latco-studio/latco/learning/device"
)

// OvershootShape sizes the open-loop predictions of latent overshooting: from
// the posterior of every time step the prior goes on alone over distances 2 to
// Distance+1, distance 1 being the prior that Observe has already. The rows of
// the block of k = 1 … Distance are those times that have k more before the end,
// (T−k)·B of them, ordered as Observe's: the block predicts its rows k·B to T·B.
// Blocks follow one another.
type OvershootShape struct {
	ObserveShape
	Distance int // ≥ 1, < T
}

// Rows is the number of predictions.
func (s OvershootShape) Rows() int { return s.start(s.Distance + 1) }

// start is the first row of block k.
func (s OvershootShape) start(k int) int { return (k - 1) * (2*s.T - k) / 2 * s.B }

// NoiseRows is the number of samples, each of Stoch numbers: those of the first
// priors, then those of the predictions.
func (s OvershootShape) NoiseRows() int { return s.T*s.B + s.Rows() }

// Predicted is the width of Overshoot's output: [stoch, deter, mean, std].
func (s OvershootShape) Predicted() int { return s.Feature() + 2*s.Stoch }

// Gather copies what was observed (T·B×cols) to the rows of the predictions.
func (s OvershootShape) Gather(dst, observed []float32, cols int) []float32 {
	dst = dst[:0]
	for k := 1; k <= s.Distance; k++ {
		dst = append(dst, observed[k*s.B*cols:]...)
	}
	return dst
}

// predicted names the columns of Overshoot's output, or of its gradient.
type predicted struct{ stoch, deter, mean, std device.Mat }

func (s OvershootShape) view(b device.Buffer) predicted {
	next := columns(b.Mat(s.Rows(), s.Predicted()))
	return predicted{next(s.Stoch), next(s.Deter), next(s.Stoch), next(s.Stoch)}
}

func (p predicted) rows(lo, hi int) predicted {
	return predicted{p.stoch.RowRange(lo, hi), p.deter.RowRange(lo, hi), p.mean.RowRange(lo, hi), p.std.RowRange(lo, hi)}
}

// Overshoot predicts without observations (PlaNet, section 4): packed is what
// Observe gives for the same shape, noise NoiseRows×Stoch. The output is
// Rows×Predicted; gradients flow to packed and to the parameters of the prior.
func (g *Graph) Overshoot(s OvershootShape, packed, actions, noise *Node, p ObserveParams[*Node]) *Node {
	if g.err != nil {
		return nil
	}
	n := s.T * s.B
	must(s.Distance >= 1 && s.Distance < s.T, "overshoot", packed)
	must(packed.Shape().Eq(tensor.Shape{n, s.Packed()}), "overshoot", packed)
	must(actions.Shape().Eq(tensor.Shape{n, s.Action}), "overshoot", actions)
	must(noise.Shape().Eq(tensor.Shape{s.NoiseRows(), s.Stoch}), "overshoot", noise)
	u := newUnroll(g, s)
	layer := &op{
		name:  "overshoot",
		shape: tensor.Shape{s.Rows(), s.Predicted()},
		wrt:   []bool{true, false, false},
		run: func(v []device.Buffer, out device.Buffer) error {
			u.forward(s.ObserveShape.View(v[0]), s.view(out), v[1].Mat(n, s.Action), v[2].Mat(s.NoiseRows(), s.Stoch),
				ofPrior(s.Dynamics, v[3:]))
			return nil
		},
	}
	leaves, shapes := priorValues(s.Dynamics, p), []tensor.Shape{packed.Shape(), nil, nil}
	for _, shape := range priorValues(s.Dynamics, s.Shapes()) {
		layer.wrt = append(layer.wrt, true)
		shapes = append(shapes, shape)
	}
	layer.diff = func(v G.Nodes, out, dout *Node) G.Nodes {
		u.makeGradients(g)
		back := &op{
			name:  "overshoot backward",
			shape: tensor.Shape{total(shapes...)},
			run: func(v []device.Buffer, grads device.Buffer) error {
				m := len(v) - 2
				part := parts(grads, shapes...)
				g.dev.Fill(grads, 0)
				u.backward(s.ObserveShape.View(v[0]), s.ObserveShape.View(part[0]), s.view(v[m]), s.view(v[m+1]),
					v[1].Mat(n, s.Action), v[2].Mat(s.NoiseRows(), s.Stoch), ofPrior(s.Dynamics, v[3:m]), ofPrior(s.Dynamics, part[3:]))
				return nil
			},
		}
		in := append(append(G.Nodes{}, v...), out, dout)
		return g.unpack(g.apply(back, in...), shapes...)
	}
	return g.apply(layer, append(G.Nodes{packed, actions, noise}, leaves...)...)
}

// PriorFields are the parameters that a prediction reads: all before the
// posterior's.
func PriorFields[T any](d Dynamics, p *ObserveParams[T]) []*T {
	all := Fields(d, p)
	for i, f := range all {
		if f == &p.PostW {
			return all[:i]
		}
	}
	return all
}

func priorValues[T any](d Dynamics, p ObserveParams[T]) []T {
	return values(d, p)[:len(PriorFields(d, &p))]
}

func ofPrior[T any](d Dynamics, list []T) ObserveParams[T] {
	var p ObserveParams[T]
	for i, f := range PriorFields(d, &p) {
		*f = list[i]
	}
	return p
}
