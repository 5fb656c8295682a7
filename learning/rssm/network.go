package rssm

import (
	"fmt"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/graph"
)

// layer is a kernel and a bias, in whatever form the user needs them.
type layer[T any] struct{ W, B T }

// network is every parameter of the model.
type network[T any] struct {
	Encoder [4]layer[T]
	Core    graph.ObserveParams[T]
	Decoder layer[T]
	Deconv  [4]layer[T]
	Reward  []layer[T] // the last has one output
}

// start says how a parameter begins.
type start uint8

const (
	zero       start = iota
	glorot           // uniform within ±√(6/(fan in + fan out))
	orthogonal       // orthonormal rows
	openGates        // two thirds ones, the biases of the gates z and r, then zeros
)

// leaf describes one parameter. A convolution's kernel has shape K, K, In, Out;
// its matrix form has K·K·In rows.
type leaf struct {
	name  string
	shape []int
	start start
	parts []fan // of a kernel that begins as several, column by column
}

// fan is a part of a kernel that begins as a kernel of its own.
type fan struct{ cols, in, out int }

// matrix is the shape with all but the last dimension merged.
func (l leaf) matrix() []int {
	if len(l.shape) < 3 {
		return l.shape
	}
	last := len(l.shape) - 1
	return []int{size(l.shape[:last]), l.shape[last]}
}

func size(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

// build walks all parameters in the order in which they lie in memory.
func build[T any](c *Config, actionDim int, make func(leaf) T) network[T] {
	var n network[T]
	dense := func(name string, in, out int) layer[T] {
		return layer[T]{
			make(leaf{name: name + "/kernel", shape: []int{in, out}, start: glorot}),
			make(leaf{name: name + "/bias", shape: []int{out}}),
		}
	}
	conv := func(name string, s device.ConvShape, bias int) layer[T] {
		return layer[T]{
			make(leaf{name: name + "/kernel", shape: []int{s.K, s.K, s.In, s.Out}, start: glorot}),
			make(leaf{name: name + "/bias", shape: []int{bias}}),
		}
	}
	for i, s := range c.encoder(1) {
		n.Encoder[i] = conv(fmt.Sprintf("encoder/conv%d", i+1), s, s.Out)
	}
	n.Core = core(c, actionDim, make)
	n.Decoder = dense("decoder/dense", c.Feature(), c.DecoderUnits)
	for i, s := range c.decoder(1) {
		n.Deconv[i] = conv(fmt.Sprintf("decoder/deconv%d", i+1), s, s.In)
	}
	in := c.Feature()
	for i := range c.RewardLayers {
		n.Reward = append(n.Reward, dense(fmt.Sprintf("reward/dense%d", i+1), in, c.RewardUnits))
		in = c.RewardUnits
	}
	n.Reward = append(n.Reward, dense("reward/out", in, 1))
	return n
}

// coreNames are the names of the recurrent parameters.
var coreNames = graph.ObserveParams[string]{
	InW: "core/in/kernel", InB: "core/in/bias",
	GateW: "core/gru/kernel", GateB: "core/gru/bias",
	RecurW: "core/gru/recurrent_kernel", RecurB: "core/gru/recurrent_bias",
	PriorW: "core/prior/kernel", PriorB: "core/prior/bias",
	PriorOutW: "core/prior/out/kernel", PriorOutB: "core/prior/out/bias",
	PostW: "core/posterior/kernel", PostB: "core/posterior/bias",
	PostDeepW: "core/posterior/deep/kernel", PostDeepB: "core/posterior/deep/bias",
	PostOutW: "core/posterior/out/kernel", PostOutB: "core/posterior/out/bias",
}

// core walks the recurrent parameters.
func core[T any](c *Config, actionDim int, make func(leaf) T) graph.ObserveParams[T] {
	var p graph.ObserveParams[T]
	s, names, starts := c.observe(1, 1, actionDim), coreNames, c.coreStarts()
	shapes := s.Shapes()
	name, shape, begin := graph.Fields(s.Dynamics, &names), graph.Fields(s.Dynamics, &shapes), graph.Fields(s.Dynamics, &starts)
	for i, field := range graph.Fields(s.Dynamics, &p) {
		l := *begin[i]
		l.name, l.shape = *name[i], *shape[i]
		*field = make(l)
	}
	return p
}

// coreStarts says how the recurrent parameters begin (REFERENCE A1, A2).
func (c *Config) coreStarts() graph.ObserveParams[leaf] {
	kernel := leaf{start: glorot}
	p := graph.ObserveParams[leaf]{
		InW: kernel, GateW: kernel, RecurW: leaf{start: orthogonal},
		PriorW: kernel, PriorOutW: kernel, PostW: kernel, PostDeepW: kernel, PostOutW: kernel,
	}
	if c.Heads == SeparateHeads {
		head := fan{c.Stoch, c.Hidden, c.Stoch}
		p.PriorOutW.parts = []fan{head, head}
		p.PostOutW.parts = p.PriorOutW.parts
	}
	if d := c.deter(); c.dynamics() == graph.ResetBefore {
		// The cell has two kernels, of [in, h]: the gates' and the new value's.
		both := []fan{{2 * d, c.Hidden + d, 2 * d}, {d, c.Hidden + d, d}}
		p.GateW.parts, p.RecurW = both, leaf{start: glorot, parts: both}
		p.GateB.start = openGates
	}
	return p
}

// encoder is the chain 64 → 31 → 14 → 6 → 2 for n images.
func (c *Config) encoder(n int) [4]device.ConvShape {
	d := c.EmbedDepth
	return [4]device.ConvShape{
		{N: n, H: 64, W: 64, In: Channels, Out: d, K: 4, Stride: 2},
		{N: n, H: 31, W: 31, In: d, Out: 2 * d, K: 4, Stride: 2},
		{N: n, H: 14, W: 14, In: 2 * d, Out: 4 * d, K: 4, Stride: 2},
		{N: n, H: 6, W: 6, In: 4 * d, Out: 8 * d, K: 4, Stride: 2},
	}
}

// decoder is the chain 1 → 5 → 13 → 30 → 64 for n images, each layer described
// by the convolution it reverses.
func (c *Config) decoder(n int) [4]device.ConvShape {
	d := c.EmbedDepth
	return [4]device.ConvShape{
		{N: n, H: 5, W: 5, In: 4 * d, Out: c.DecoderUnits, K: 5, Stride: 2},
		{N: n, H: 13, W: 13, In: 2 * d, Out: 4 * d, K: 5, Stride: 2},
		{N: n, H: 30, W: 30, In: d, Out: 2 * d, K: 6, Stride: 2},
		{N: n, H: 64, W: 64, In: Channels, Out: d, K: 6, Stride: 2},
	}
}

// deconvAct is the activation behind the decoder's layer i.
func deconvAct(i int) device.Activation {
	if i == 3 {
		return device.Identity
	}
	return device.ReLU
}

// rewardAct is the activation behind layer i of n in the reward head.
func (c *Config) rewardAct(i, n int) device.Activation {
	if i == n-1 {
		return device.Identity
	}
	return c.act()
}

// observe is the shape of a scan over b sequences of length t.
func (c *Config) observe(b, t, actionDim int) graph.ObserveShape {
	return graph.ObserveShape{
		T: t, B: b, Dynamics: c.dynamics(), Act: c.act(), Stoch: c.Stoch, Deter: c.deter(), Hidden: c.Hidden,
		Action: actionDim, Embed: c.Embed(), MinStd: float32(c.MinStd),
	}
}
