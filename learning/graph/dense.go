package graph

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/latco-studio/latco/learning/device"
)

// Dense is y = act(x·w + b): x N×I, w I×O, b O, y N×O.
func (g *Graph) Dense(act device.Activation, x, w, b *Node) *Node {
	if g.err != nil {
		return nil
	}
	n, in := dims(x)
	wIn, out := dims(w)
	must(wIn == in && b.Shape()[0] == out, "dense", x, w, b)
	layer := &op{
		name:  "dense",
		shape: tensor.Shape{n, out},
		wrt:   []bool{!g.fixed[x], true, true},
		run: func(v []device.Buffer, y device.Buffer) error {
			g.dev.Gemm(false, false, 1, v[0].Mat(n, in), v[1].Mat(in, out), 0, y.Mat(n, out))
			g.dev.BiasAct(act, v[2], y.Mat(n, out))
			return nil
		},
	}
	layer.diff = func(v G.Nodes, y, dy *Node) G.Nodes {
		return g.denseBackward(act, v[0], v[1], v[2], y, dy)
	}
	return g.apply(layer, x, w, b)
}

func (g *Graph) denseBackward(act device.Activation, x, w, b, y, dy *Node) G.Nodes {
	n, in := dims(x)
	_, out := dims(w)
	shapes := []tensor.Shape{g.wanted(x), w.Shape(), b.Shape()}
	dpre := g.memory(n * out)
	back := &op{
		name:  "dense backward",
		shape: tensor.Shape{total(shapes...)},
		run: func(v []device.Buffer, packed device.Buffer) error {
			part := parts(packed, shapes...)
			pre := dpre.Mat(n, out)
			g.dev.ActBackward(act, v[2].Mat(n, out), v[3].Mat(n, out), pre)
			g.dev.Gemm(true, false, 1, v[0].Mat(n, in), pre, 0, part[1].Mat(in, out))
			g.dev.ColSum(pre, 0, part[2])
			if part[0].Len > 0 {
				g.dev.Gemm(false, true, 1, pre, v[1].Mat(in, out), 0, part[0].Mat(n, in))
			}
			return nil
		},
	}
	return g.unpack(g.apply(back, x, w, y, dy), shapes...)
}
