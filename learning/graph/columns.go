package graph

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/latco-studio/latco/learning/device"
)

// Columns is the copy of columns [lo, hi) of x (N×C).
func (g *Graph) Columns(x *Node, lo, hi int) *Node {
	if g.err != nil {
		return nil
	}
	n, cols := dims(x)
	must(0 <= lo && lo < hi && hi <= cols, fmt.Sprintf("columns [%d, %d)", lo, hi), x)
	layer := &op{
		name:  "columns",
		shape: tensor.Shape{n, hi - lo},
		wrt:   []bool{true},
		run: func(v []device.Buffer, y device.Buffer) error {
			g.dev.CopyMat(y.Mat(n, hi-lo), v[0].Mat(n, cols).ColRange(lo, hi))
			return nil
		},
	}
	layer.diff = func(_ G.Nodes, _, dy *Node) G.Nodes {
		pad := &op{
			name:  "columns backward",
			shape: tensor.Shape{n, cols},
			run: func(v []device.Buffer, dx device.Buffer) error {
				g.dev.Fill(dx, 0)
				g.dev.CopyMat(dx.Mat(n, cols).ColRange(lo, hi), v[0].Mat(n, hi-lo))
				return nil
			},
		}
		return G.Nodes{g.apply(pad, dy)}
	}
	return g.apply(layer, x)
}
