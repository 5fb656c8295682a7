package graph

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/latco-studio/latco/learning/device"
)

// HalfSquaredError is the mean over the rows of ½‖x − target‖², the negative
// log-likelihood of a unit-variance Gaussian without its constant. target gets
// no gradient.
func (g *Graph) HalfSquaredError(x, target *Node) *Node {
	if g.err != nil {
		return nil
	}
	n, cols := dims(x)
	must(x.Shape().Eq(target.Shape()), "squared error", x, target)
	diff := g.memory(n * cols) // (x − target)/n, the gradient but for a factor
	layer := &op{
		name:  "squared error",
		shape: tensor.Shape{1},
		wrt:   []bool{true, false},
		run: func(v []device.Buffer, loss device.Buffer) error {
			g.dev.MeanSquaredError(v[0], v[1], n, 1/float32(n), diff, loss)
			return nil
		},
	}
	layer.diff = func(v G.Nodes, loss, dloss *Node) G.Nodes {
		back := &op{
			name:  "squared error backward",
			shape: tensor.Shape{n, cols},
			run: func(v []device.Buffer, dx device.Buffer) error { // dx is diff
				g.dev.Scale(v[1], dx)
				return nil
			},
		}
		return G.Nodes{g.applyTo(diff, back, loss, dloss), nil}
	}
	return g.apply(layer, x, target)
}

// FreeNats is max(x, free) of the one number x: below free no gradient flows
// (Kingma et al. 2016, arXiv:1606.04934, eq. 15; here on the mean over the
// batch, as LatCo and Dreamer have it). NaN stays NaN.
func (g *Graph) FreeNats(x *Node, free float64) *Node {
	if g.err != nil {
		return nil
	}
	above, below := g.memory(1), g.filled(float32(-free)) // max(0, x − free), −free
	if g.err != nil {
		return nil
	}
	layer := &op{
		name:  "free nats",
		shape: tensor.Shape{1},
		wrt:   []bool{true},
		run: func(v []device.Buffer, y device.Buffer) error {
			g.dev.Copy(above, v[0])
			g.dev.BiasAct(device.ReLU, below, above.Mat(1, 1))
			g.dev.Copy(y, above)
			g.dev.Axpy(-1, below, y)
			return nil
		},
	}
	layer.diff = func(v G.Nodes, _, dy *Node) G.Nodes {
		back := &op{
			name:  "free nats backward",
			shape: tensor.Shape{1},
			run: func(v []device.Buffer, dx device.Buffer) error {
				g.dev.ActBackward(device.ReLU, above.Mat(1, 1), v[1].Mat(1, 1), dx.Mat(1, 1))
				return nil
			},
		}
		return G.Nodes{g.apply(back, v[0], dy)}
	}
	return g.apply(layer, x)
}

// WeightedSum is Σ wᵢ·xᵢ of one-number nodes.
func (g *Graph) WeightedSum(weights []float64, terms ...*Node) *Node {
	if g.err != nil {
		return nil
	}
	must(len(weights) == len(terms), fmt.Sprintf("sum with %d weights", len(weights)), terms...)
	wrt := make([]bool, len(terms))
	for i := range wrt {
		wrt[i] = true
	}
	layer := &op{
		name:  "weighted sum",
		shape: tensor.Shape{1},
		wrt:   wrt,
		run: func(v []device.Buffer, y device.Buffer) error {
			g.dev.Fill(y, 0)
			for i, x := range v {
				g.dev.Axpy(float32(weights[i]), x, y)
			}
			return nil
		},
	}
	layer.diff = func(_ G.Nodes, _, dy *Node) G.Nodes {
		grads := make(G.Nodes, len(weights))
		for i, w := range weights {
			scale := &op{
				name:  "weighted sum backward",
				shape: tensor.Shape{1},
				run: func(v []device.Buffer, dx device.Buffer) error {
					g.dev.Fill(dx, 0)
					g.dev.Axpy(float32(w), v[0], dx)
					return nil
				},
			}
			grads[i] = g.apply(scale, dy)
		}
		return grads
	}
	return g.apply(layer, terms...)
}
