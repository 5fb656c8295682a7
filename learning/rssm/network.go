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
)

// leaf describes one parameter. A convolution's kernel has shape K, K, In, Out;
// its matrix form has K·K·In rows.
type leaf struct {
	name  string
	shape []int
	start start
}

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
			make(leaf{name + "/kernel", []int{in, out}, glorot}),
			make(leaf{name + "/bias", []int{out}, zero}),
		}
	}
	conv := func(name string, s device.ConvShape, bias int) layer[T] {
		return layer[T]{
			make(leaf{name + "/kernel", []int{s.K, s.K, s.In, s.Out}, glorot}),
			make(leaf{name + "/bias", []int{bias}, zero}),
		}
	}
	for i, s := range c.encoder(1) {
		n.Encoder[i] = conv(fmt.Sprintf("encoder/conv%d", i+1), s, s.Out)
	}
	n.Core = core(c.observe(1, 1, actionDim), make)
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

// core walks the recurrent parameters.
func core[T any](s graph.ObserveShape, make func(leaf) T) graph.ObserveParams[T] {
	shapes := s.Shapes()
	kernel := func(name string, shape []int) T { return make(leaf{name + "/kernel", shape, glorot}) }
	bias := func(name string, shape []int) T { return make(leaf{name + "/bias", shape, zero}) }
	return graph.ObserveParams[T]{
		InW: kernel("core/in", shapes.InW), InB: bias("core/in", shapes.InB),
		GateW: kernel("core/gru", shapes.GateW), GateB: bias("core/gru", shapes.GateB),
		RecurW: make(leaf{"core/gru/recurrent_kernel", shapes.RecurW, orthogonal}),
		RecurB: make(leaf{"core/gru/recurrent_bias", shapes.RecurB, zero}),
		PriorW: kernel("core/prior", shapes.PriorW), PriorB: bias("core/prior", shapes.PriorB),
		PriorOutW: kernel("core/prior/out", shapes.PriorOutW), PriorOutB: bias("core/prior/out", shapes.PriorOutB),
		PostW: kernel("core/posterior", shapes.PostW), PostB: bias("core/posterior", shapes.PostB),
		PostOutW: kernel("core/posterior/out", shapes.PostOutW), PostOutB: bias("core/posterior/out", shapes.PostOutB),
	}
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
func rewardAct(i, n int) device.Activation {
	if i == n-1 {
		return device.Identity
	}
	return device.ELU
}

// observe is the shape of a scan over b sequences of length t.
func (c *Config) observe(b, t, actionDim int) graph.ObserveShape {
	return graph.ObserveShape{
		T: t, B: b, Stoch: c.Stoch, Deter: c.Deter, Hidden: c.Hidden,
		Action: actionDim, Embed: c.Embed(), MinStd: float32(c.MinStd),
	}
}
