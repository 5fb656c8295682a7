package rssm

import (
	"errors"
	"fmt"
	"math"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/graph"
)

// NonFiniteError says which term of a gradient step is NaN or infinite.
type NonFiniteError = graph.NonFiniteError

// Trainer improves a model by gradient steps (Adam as Keras has it, the
// gradient clipped by its global norm). It belongs to one goroutine, on which
// all the device's work is done.
type Trainer struct {
	dev       device.Device
	config    Config
	actionDim int
	updates   int
	layout    []Tensor

	flat          device.Buffer // parameters
	first, second device.Buffer // Adam's moments
	params        []device.Buffer
	adam          graph.Adam
	noise         *noise
	graph         *training // for the shape of the last batch

	rows struct{ actions, rewards, noise []float32 } // batches reordered by time
}

// NewTrainer starts from p with fresh moments. seed starts the noise of the
// posterior samples. The device must outlive the trainer.
func NewTrainer(p *Params, dev device.Device, seed int64) (*Trainer, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	t := &Trainer{
		dev: dev, config: p.Config, actionDim: p.ActionDim, updates: p.Updates,
		layout: p.Layout(), noise: newNoise(seed),
	}
	t.adam = graph.Adam{
		LearningRate: p.Config.LearningRate, Beta1: p.Config.Beta1, Beta2: p.Config.Beta2,
		Epsilon: p.Config.Epsilon, ClipNorm: p.Config.ClipNorm,
	}
	if err := t.allocate(p); err != nil {
		t.Close()
		return nil, fmt.Errorf("trainer: %w", err)
	}
	return t, nil
}

func (t *Trainer) allocate(p *Params) (err error) {
	if t.flat, err = p.upload(t.dev); err != nil {
		return err
	}
	for _, b := range []*device.Buffer{&t.first, &t.second} {
		if *b, err = t.dev.Alloc(len(p.Values)); err != nil {
			return fmt.Errorf("allocating Adam's moments: %w", err)
		}
	}
	cut := func(flat device.Buffer) []device.Buffer {
		var list []device.Buffer
		for _, l := range t.layout {
			list = append(list, flat.Slice(l.Offset, l.Offset+l.Len()))
		}
		return list
	}
	t.params, t.adam.First, t.adam.Second = cut(t.flat), cut(t.first), cut(t.second)
	return nil
}

// Update does one gradient step on b. A loss or gradient that is not finite is
// a *NonFiniteError, a batch of the wrong size a *BatchError; either leaves the
// parameters as they were. The first batch of a new shape costs the building of
// its graph.
func (t *Trainer) Update(b *Batch) (Losses, error) {
	if err := b.check(t.actionDim); err != nil {
		return Losses{}, err
	}
	if err := t.prepare(b); err != nil {
		return Losses{}, err
	}
	if err := t.graph.Run(); err != nil {
		return Losses{}, fmt.Errorf("training step %d: %w", t.updates+1, err)
	}
	losses, err := t.graph.losses()
	if err != nil {
		return losses, fmt.Errorf("training step %d: %w", t.updates+1, err)
	}
	if err := losses.finite(); err != nil {
		return losses, err
	}
	t.adam.LearningRate = t.config.rate(t.updates)
	grads := t.graph.Gradients()
	losses.GradNorm = graph.GradNorm(t.dev, grads)
	if err := t.adam.Update(t.dev, t.params, grads, losses.GradNorm); err != nil {
		return losses, err
	}
	if err := t.dev.Sync(); err != nil {
		return losses, fmt.Errorf("training step %d: %w", t.updates+1, err)
	}
	t.updates++
	return losses, nil
}

// finite names the first term that is not.
func (l Losses) finite() error {
	for _, x := range []struct {
		term  string
		value float64
	}{{"image loss", l.Image}, {"reward loss", l.Reward}, {"KL loss", l.KL}, {"total loss", l.Total}} {
		if math.IsNaN(x.value) || math.IsInf(x.value, 0) {
			return &NonFiniteError{Term: x.term, Value: x.value}
		}
	}
	return nil
}

// prepare makes the graph fit b and fills its inputs.
func (t *Trainer) prepare(b *Batch) error {
	if t.graph == nil || t.graph.b != b.B || t.graph.t != b.T {
		if t.graph != nil {
			if err := t.graph.Close(); err != nil {
				return err
			}
			t.graph = nil
		}
		g, err := newTraining(t.dev, &t.config, t.actionDim, b.B, b.T, t.flat)
		if err != nil {
			return err
		}
		t.graph = g
	}
	for s := range b.B {
		for i := range b.T {
			row, from := i*b.B+s, (s*b.T+i)*Pixels
			dst := t.graph.images.Slice(row*Pixels, (row+1)*Pixels)
			if err := t.dev.UploadPixels(dst, b.Pixels[from:from+Pixels]); err != nil {
				return fmt.Errorf("uploading a batch: %w", err)
			}
		}
	}
	n := b.B * b.T
	t.rows.actions = byTime(t.rows.actions, b.Actions, b.B, b.T, t.actionDim)
	t.rows.rewards = byTime(t.rows.rewards, b.Rewards, b.B, b.T, 1)
	t.rows.noise = t.noise.normal(t.rows.noise, n*t.config.Stoch)
	if err := errors.Join(
		t.dev.Upload(t.graph.actions, t.rows.actions),
		t.dev.Upload(t.graph.rewards, t.rows.rewards),
		t.dev.Upload(t.graph.noise, t.rows.noise),
	); err != nil {
		return fmt.Errorf("uploading a batch: %w", err)
	}
	return nil
}

// byTime reorders B×T×n to T×B×n, into dst where it is long enough.
func byTime(dst, src []float32, b, t, n int) []float32 {
	if len(dst) != len(src) {
		dst = make([]float32, len(src))
	}
	for s := range b {
		for i := range t {
			copy(dst[(i*b+s)*n:(i*b+s+1)*n], src[(s*t+i)*n:(s*t+i+1)*n])
		}
	}
	return dst
}

// Close frees the trainer's memory on the device.
func (t *Trainer) Close() error {
	var err error
	if t.graph != nil {
		err = t.graph.Close()
		t.graph = nil
	}
	for _, b := range []*device.Buffer{&t.flat, &t.first, &t.second} {
		if b.Len > 0 {
			t.dev.Free(*b)
			*b = device.Buffer{}
		}
	}
	return err
}
