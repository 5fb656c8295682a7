package rssm

import (
	"fmt"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/graph"
)

// Model is a set of parameters ready to filter observations, imagine, be
// linearised and decode. It owns its memory on the device, which must outlive
// it, and belongs to one goroutine at a time. Features are [stoch, deter].
type Model struct {
	dev    device.Device
	config Config
	act    int // A
	shape  graph.ObserveShape
	onHost bool // the device computes in the processor's memory

	memory arena // parameters
	net    network[device.Buffer]
	core   graph.ObserveWeights
	recurT []float32  // on the host: 3·Deter×Deter, the recurrent kernel transposed
	meanT  device.Mat // Stoch×Hidden, the mean half of the prior's last kernel transposed
	eye    device.Mat // Stoch×Stoch
	freshT device.Mat // Deter×Deter, of ResetBefore: the new value's recurrent kernel transposed

	laid        int // grows when a workspace moves
	step        transition
	head        rewardHead
	plans       plans
	origin      origin
	clouds      clouds
	expectation expectation
	search      search
	jac         jacobian
	tan         tangents
	eyes        encoder
	painter     painter
	staging     []float32
	square      []float32

	collocation collocation
}

// NewModel uploads p to dev. Workspaces are allocated when first used.
func NewModel(p *Params, dev device.Device) (*Model, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	m := &Model{
		dev: dev, config: p.Config, act: p.ActionDim,
		shape: p.Config.observe(1, 1, p.ActionDim),
	}
	for _, a := range m.arenas() {
		a.dev = dev
	}
	flat := m.memory.holding(p.Values)
	m.onHost = flat.Host != nil
	if m.memory.err == nil {
		m.net = place(&m.config, m.act, flat, func(_ leaf, b device.Buffer) device.Buffer { return b })
		m.core = m.shape.Weights(m.net.Core)
		m.transposes(p)
	}
	if err := m.memory.err; err != nil {
		m.memory.free()
		return nil, fmt.Errorf("world model: %w", err)
	}
	return m, nil
}

// transposes stores the kernels that Jacobians of recurrent models want the other
// way round.
func (m *Model) transposes(p *Params) {
	c := &m.config
	if !m.shape.Dynamics.Recurrent() {
		return
	}
	host := place(c, m.act, device.Buffer{Len: len(p.Values), Host: p.Values},
		func(_ leaf, b device.Buffer) []float32 { return b.Host })
	m.recurT = transposed(host.Core.RecurW, c.Deter, 3*c.Deter)
	outT := transposed(host.Core.PriorOutW, c.Hidden, 2*c.Stoch)
	m.meanT = m.memory.holding(outT[:c.Stoch*c.Hidden]).Mat(c.Stoch, c.Hidden)
	m.eye = m.memory.holding(identity(c.Stoch)).Mat(c.Stoch, c.Stoch)
	if m.shape.Dynamics == graph.ResetBefore {
		d := c.Deter
		m.freshT = m.memory.holding(m.recurT[2*d*d:]).Mat(d, d)
	}
}

func identity(n int) []float32 {
	eye := make([]float32, n*n)
	for i := range n {
		eye[i*n+i] = 1
	}
	return eye
}

func transposed(w []float32, rows, cols int) []float32 {
	t := make([]float32, len(w))
	for i := range rows {
		for j := range cols {
			t[j*rows+i] = w[i*cols+j]
		}
	}
	return t
}

// Config is the configuration of the parameters.
func (m *Model) Config() Config { return m.config }

// FeatureDim is Z.
func (m *Model) FeatureDim() int { return m.config.Feature() }

// ActionDim is A.
func (m *Model) ActionDim() int { return m.act }

func (m *Model) arenas() []*arena {
	return []*arena{&m.memory, &m.step.arena, &m.head.arena, &m.plans.arena, &m.origin.arena, &m.clouds.arena, &m.expectation.arena, &m.search.arena, &m.jac.arena, &m.tan.arena, &m.eyes.arena, &m.painter.arena,
		&m.collocation.arena}
}

// Close frees the model's memory on the device.
func (m *Model) Close() error {
	err := m.forgetSequences()
	for _, a := range m.arenas() {
		a.free()
	}
	return err
}

// stage is host memory of n numbers, good until the next call.
func (m *Model) stage(n int) []float32 {
	if cap(m.staging) < n {
		m.staging = make([]float32, n)
	}
	return m.staging[:n]
}

// upload copies float64 numbers to the start of b.
func (m *Model) upload(b device.Buffer, v []float64) error {
	s := m.stage(len(v))
	for i, x := range v {
		s[i] = float32(x)
	}
	if err := m.dev.Upload(b, s); err != nil {
		return fmt.Errorf("world model: %w", err)
	}
	return nil
}

// download fills v from the start of b.
func (m *Model) download(v []float64, b device.Buffer) error {
	s := m.stage(len(v))
	if err := m.dev.Download(s, b); err != nil {
		return fmt.Errorf("world model: %w", err)
	}
	for i, x := range s {
		v[i] = float64(x)
	}
	return nil
}

// SizeError says which argument of a Model's method has the wrong length.
type SizeError struct {
	Argument  string
	Got, Want int
}

func (e *SizeError) Error() string {
	return fmt.Sprintf("world model: %s has %d numbers, want %d", e.Argument, e.Got, e.Want)
}

func need(argument string, got, want int) error {
	if got != want {
		return &SizeError{argument, got, want}
	}
	return nil
}
