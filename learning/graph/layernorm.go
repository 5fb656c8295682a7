package graph

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/latco-studio/latco/learning/device"
)

// LayerNorm is y = act(gain∘x̂ + bias), x̂ being the rows of x (N×D) with mean 0 and
// variance 1 but for epsilon (device.Normaliser): gain D, bias D, y N×D.
func (g *Graph) LayerNorm(act device.Activation, epsilon float32, x, gain, bias *Node) *Node {
	if g.err != nil {
		return nil
	}
	n, d := dims(x)
	must(gain.Shape()[0] == d && bias.Shape()[0] == d, "layer norm", x, gain, bias)
	norm, inverse := g.memory(n*d), g.memory(n)
	layer := &op{
		name:  "layer norm",
		shape: tensor.Shape{n, d},
		wrt:   []bool{!g.fixed[x], true, true},
		run: func(v []device.Buffer, y device.Buffer) error {
			g.dev.LayerNorm(act, epsilon, v[0].Mat(n, d), v[1], v[2], y.Mat(n, d), norm.Mat(n, d), inverse)
			return nil
		},
	}
	layer.diff = func(v G.Nodes, y, dy *Node) G.Nodes {
		shapes := []tensor.Shape{g.wanted(v[0]), v[1].Shape(), v[2].Shape()}
		back := &op{
			name:  "layer norm backward",
			shape: tensor.Shape{total(shapes...)},
			run: func(v []device.Buffer, packed device.Buffer) error {
				part, dx := parts(packed, shapes...), device.Mat{}
				if part[0].Len > 0 {
					dx = part[0].Mat(n, d)
				}
				g.dev.LayerNormBackward(act, v[1].Mat(n, d), v[2].Mat(n, d), v[0], norm.Mat(n, d), inverse, dx, part[1], part[2])
				return nil
			},
		}
		return g.unpack(g.apply(back, v[1], y, dy), shapes...)
	}
	return g.apply(layer, x, gain, bias)
}
