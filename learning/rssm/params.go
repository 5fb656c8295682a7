package rssm

import (
	"fmt"
	"math"
	"math/rand"

	"github.com/latco-studio/latco/learning/device"
)

// Tensor is one parameter's place in Params.Values.
type Tensor struct {
	Name   string `json:"name"` // such as "core/gru/kernel"
	Shape  []int  `json:"shape"`
	Offset int    `json:"offset"`
}

// Len is the number of elements.
func (t Tensor) Len() int { return size(t.Shape) }

// Params is a snapshot of a model. It is immutable: whoever holds one may read
// it from any goroutine, nobody writes to it.
type Params struct {
	Config    Config
	ActionDim int
	Updates   int        // gradient steps that led here
	Rewards   Normalizer // what predicted rewards are in units of; zero: they are rewards
	Values    []float32  // all parameters, one behind the other as Layout says
}

// Layout lists the parameters in the order in which they lie in Values.
func Layout(c *Config, actionDim int) []Tensor {
	var list []Tensor
	offset := 0
	build(c, actionDim, func(l leaf) struct{} {
		list = append(list, Tensor{Name: l.name, Shape: l.shape, Offset: offset})
		offset += size(l.shape)
		return struct{}{}
	})
	return list
}

// NewParams initialises a model as Keras does: Glorot-uniform kernels, an
// orthogonal recurrent kernel, zero biases; or, where the configuration says so,
// as PlaNet does. Equal seeds give equal parameters.
func NewParams(cfg Config, actionDim int, seed int64) (*Params, error) {
	p := &Params{Config: cfg, ActionDim: actionDim}
	if err := p.validateShape(); err != nil {
		return nil, err
	}
	rng := rand.New(rand.NewSource(seed))
	build(&cfg, actionDim, func(l leaf) struct{} {
		p.Values = append(p.Values, initial(l, rng)...)
		return struct{}{}
	})
	return p, nil
}

// Layout lists p's parameters.
func (p *Params) Layout() []Tensor { return Layout(&p.Config, p.ActionDim) }

// Validate checks what a reader of files cannot trust: the configuration, the
// number of values, and that all of them are finite.
func (p *Params) Validate() error {
	if err := p.validateShape(); err != nil {
		return err
	}
	if p.Updates < 0 {
		return fmt.Errorf("world model: %d updates", p.Updates)
	}
	if err := p.Rewards.validate(); err != nil {
		return err
	}
	want := 0
	for _, t := range p.Layout() {
		want += t.Len()
	}
	if len(p.Values) != want {
		return fmt.Errorf("world model: %d values, the configuration has %d", len(p.Values), want)
	}
	for _, t := range p.Layout() {
		for i, v := range p.Values[t.Offset : t.Offset+t.Len()] {
			if f := float64(v); math.IsNaN(f) || math.IsInf(f, 0) {
				return fmt.Errorf("world model: %s[%d] is %g", t.Name, i, f)
			}
		}
	}
	return nil
}

func (p *Params) validateShape() error {
	if err := p.Config.Validate(); err != nil {
		return err
	}
	if p.ActionDim < 1 || p.ActionDim > 256 {
		return fmt.Errorf("world model: %d action dimensions, want 1 to 256", p.ActionDim)
	}
	return nil
}

// Narrow is the model for a task with fewer actions than the model was trained
// with, the others being zero (one model for several tasks, as in PlaNet, section
// 5: actions are padded with zeros). Its predictions are the same.
func (p *Params) Narrow(actionDim int) (*Params, error) {
	if actionDim < 1 || actionDim > p.ActionDim {
		return nil, fmt.Errorf("world model: narrowing %d action dimensions to %d", p.ActionDim, actionDim)
	}
	q := &Params{Config: p.Config, ActionDim: actionDim, Updates: p.Updates, Rewards: p.Rewards}
	for _, x := range p.Layout() {
		v := p.Values[x.Offset : x.Offset+x.Len()]
		if x.Name == coreNames.InW || x.Name == coreNames.PostW && p.Config.Dynamics == SSMLatCo {
			// The actions' rows are the last.
			v = v[:len(v)-(p.ActionDim-actionDim)*p.Config.Hidden]
		}
		q.Values = append(q.Values, v...)
	}
	return q, nil
}

// upload copies the values to new memory on dev.
func (p *Params) upload(dev device.Device) (device.Buffer, error) {
	b, err := dev.Alloc(len(p.Values))
	if err != nil {
		return b, fmt.Errorf("allocating the parameters: %w", err)
	}
	if err := dev.Upload(b, p.Values); err != nil {
		dev.Free(b)
		return b, fmt.Errorf("uploading the parameters: %w", err)
	}
	return b, nil
}

// place walks a flat buffer of parameters as build does.
func place[T any](c *Config, actionDim int, flat device.Buffer, make func(leaf, device.Buffer) T) network[T] {
	lo := 0
	return build(c, actionDim, func(l leaf) T {
		hi := lo + size(l.shape)
		b := flat.Slice(lo, hi)
		lo = hi
		return make(l, b)
	})
}
