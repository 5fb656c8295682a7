package graph

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/latco-studio/latco/learning/device"
)

// MeanKL is the mean over the rows of KL(posterior ‖ prior), summed over the
// dimensions of the state; packed is what Observe returns for shape s.
func (g *Graph) MeanKL(s ObserveShape, packed *Node) *Node {
	if g.err != nil {
		return nil
	}
	n, cols := dims(packed)
	must(n == s.Rows() && cols == s.Packed(), "KL", packed)
	rows, weights, share := g.memory(n), g.memory(n), g.filled(1/float32(n))
	if g.err != nil {
		return nil
	}
	layer := &op{
		name:  "KL",
		shape: tensor.Shape{1},
		wrt:   []bool{true},
		run: func(v []device.Buffer, y device.Buffer) error {
			x := s.View(v[0])
			g.dev.KL(x.PostMean, x.PostStd, x.PriorMean, x.PriorStd, rows)
			g.dev.ColSum(rows.Mat(n, 1), 0, y)
			g.dev.Axpy(1/float32(n)-1, y, y)
			return nil
		},
	}
	layer.diff = func(v G.Nodes, _, dy *Node) G.Nodes {
		back := &op{
			name:  "KL backward",
			shape: tensor.Shape{n, cols},
			run: func(v []device.Buffer, dx device.Buffer) error {
				g.dev.Fill(dx, 0)
				g.spread(share, v[1], weights)
				x, d := s.View(v[0]), s.View(dx)
				g.dev.KLBackwardRows(weights, x.PostMean, x.PostStd, x.PriorMean, x.PriorStd,
					d.PostMean, d.PostStd, d.PriorMean, d.PriorStd)
				return nil
			},
		}
		return G.Nodes{g.apply(back, v[0], dy)}
	}
	return g.apply(layer, packed)
}
