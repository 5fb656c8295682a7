package graph

import "github.com/latco-studio/latco/learning/device"

// Dynamics is what carries the state from one time step to the next.
type Dynamics uint8

const (
	// ResetAfter is the RSSM of Dreamer and LatCo: a GRU as Keras has it.
	ResetAfter Dynamics = iota
	// ResetBefore is PlaNet's RSSM: TensorFlow's GRUBlockCell.
	ResetBefore
	// Markov is PlaNet's stochastic model (Hafner et al. 2019, section 3): no
	// deterministic state, s_t ~ p(s | s_{t−1}, a_t) from one hidden layer, the
	// posterior from [prior mean, prior std, e_t].
	Markov
	// DeepMarkov is LatCo's model without deterministic state (Rybkin et al. 2021,
	// appendix): two hidden layers, the second a sigmoid; the posterior from
	// [prior sample, e_t, a_t], of as many layers.
	DeepMarkov
)

// Recurrent says that there is a deterministic state.
func (d Dynamics) Recurrent() bool { return d == ResetAfter || d == ResetBefore }

// ObserveParams are the parameters of the dynamics and of the posterior. Which
// of them a model has Fields says.
type ObserveParams[T any] struct {
	InW, InB             T // (Stoch+Action)×Hidden, Hidden
	GateW, GateB         T // Hidden×3·Deter, 3·Deter: GRU, input side, columns z, r, n
	RecurW, RecurB       T // Deter×3·Deter, 3·Deter: GRU, recurrent side
	PriorW, PriorB       T // (Deter or Hidden)×Hidden, Hidden
	PriorOutW, PriorOutB T // Hidden×2·Stoch, 2·Stoch
	PostW, PostB         T // (state + Embed + …)×Hidden, Hidden
	PostDeepW, PostDeepB T // Hidden×Hidden, Hidden
	PostOutW, PostOutB   T // Hidden×2·Stoch, 2·Stoch
}

// Fields are the parameters that dynamics d have, in the order in which they
// lie in memory and in files.
func Fields[T any](d Dynamics, p *ObserveParams[T]) []*T {
	list := []*T{&p.InW, &p.InB}
	if d.Recurrent() {
		list = append(list, &p.GateW, &p.GateB, &p.RecurW)
	}
	if d == ResetAfter {
		list = append(list, &p.RecurB)
	}
	if d != Markov {
		list = append(list, &p.PriorW, &p.PriorB)
	}
	list = append(list, &p.PriorOutW, &p.PriorOutB, &p.PostW, &p.PostB)
	if d == DeepMarkov {
		list = append(list, &p.PostDeepW, &p.PostDeepB)
	}
	return append(list, &p.PostOutW, &p.PostOutB)
}

// values are the fields' contents.
func values[T any](d Dynamics, p ObserveParams[T]) []T {
	var list []T
	for _, f := range Fields(d, &p) {
		list = append(list, *f)
	}
	return list
}

// assigned is values' inverse.
func assigned[T any](d Dynamics, list []T) ObserveParams[T] {
	var p ObserveParams[T]
	for i, f := range Fields(d, &p) {
		*f = list[i]
	}
	return p
}

// ObserveShape sizes the scan over a batch of sequences. Rows of every matrix
// are ordered by time, then by sequence: row t·B + b.
type ObserveShape struct {
	T, B                                int
	Dynamics                            Dynamics
	Act                                 device.Activation // of the dense layers
	Stoch, Deter, Hidden, Action, Embed int               // Deter is 0 without a deterministic state
	MinStd                              float32           // added to the softplus of a raw std
}

// Rows is T·B.
func (s ObserveShape) Rows() int { return s.T * s.B }

// Feature is the width of [stoch, deter].
func (s ObserveShape) Feature() int { return s.Stoch + s.Deter }

// Noise is the width of Observe's noise: that of the posterior's samples and,
// for DeepMarkov, that of the prior's.
func (s ObserveShape) Noise() int {
	if s.Dynamics == DeepMarkov {
		return 2 * s.Stoch
	}
	return s.Stoch
}

// PostState is the width of what the posterior reads of the prior's side.
func (s ObserveShape) PostState() int {
	switch s.Dynamics {
	case Markov:
		return 2 * s.Stoch
	case DeepMarkov:
		return s.Stoch
	}
	return s.Deter
}

// postAction is the width of what the posterior reads of the action.
func (s ObserveShape) postAction() int {
	if s.Dynamics == DeepMarkov {
		return s.Action
	}
	return 0
}

// PriorAct is the activation of the prior's own layer.
func (s ObserveShape) PriorAct() device.Activation {
	if s.Dynamics == DeepMarkov {
		return device.Sigmoid
	}
	return s.Act
}

// Shapes are the shapes of the parameters.
func (s ObserveShape) Shapes() ObserveParams[[]int] {
	d, h, z := s.Deter, s.Hidden, 2*s.Stoch
	base := d
	if !s.Dynamics.Recurrent() {
		base = h
	}
	return ObserveParams[[]int]{
		InW: []int{s.Stoch + s.Action, h}, InB: []int{h},
		GateW: []int{h, 3 * d}, GateB: []int{3 * d},
		RecurW: []int{d, 3 * d}, RecurB: []int{3 * d},
		PriorW: []int{base, h}, PriorB: []int{h},
		PriorOutW: []int{h, z}, PriorOutB: []int{z},
		PostW: []int{s.PostState() + s.Embed + s.postAction(), h}, PostB: []int{h},
		PostDeepW: []int{h, h}, PostDeepB: []int{h},
		PostOutW: []int{h, z}, PostOutB: []int{z},
	}
}

// ObserveWeights are the kernels as matrices; those that multiply a
// concatenation are cut into the rows of its parts. Kernels that the dynamics
// do not have are empty.
type ObserveWeights struct {
	In, InStoch, InAction            device.Mat // In is the other two together
	Gate, Recur                      device.Mat
	Prior, PriorOut                  device.Mat
	PostState, PostEmbed, PostAction device.Mat
	PostDeep, PostOut                device.Mat
}

// Weights views the kernels of p.
func (s ObserveShape) Weights(p ObserveParams[device.Buffer]) ObserveWeights {
	shapes := s.Shapes()
	mat := func(b device.Buffer, shape []int) device.Mat {
		if b.Len == 0 {
			return device.Mat{}
		}
		return b.Mat(shape[0], shape[1])
	}
	in, post := mat(p.InW, shapes.InW), mat(p.PostW, shapes.PostW)
	embed := s.PostState() + s.Embed
	return ObserveWeights{
		In: in, InStoch: in.RowRange(0, s.Stoch), InAction: in.RowRange(s.Stoch, in.Rows),
		Gate: mat(p.GateW, shapes.GateW), Recur: mat(p.RecurW, shapes.RecurW),
		Prior: mat(p.PriorW, shapes.PriorW), PriorOut: mat(p.PriorOutW, shapes.PriorOutW),
		PostState: post.RowRange(0, s.PostState()), PostEmbed: post.RowRange(s.PostState(), embed),
		PostAction: post.RowRange(embed, post.Rows),
		PostDeep:   mat(p.PostDeepW, shapes.PostDeepW), PostOut: mat(p.PostOutW, shapes.PostOutW),
	}
}
