package rssm

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/latco-studio/latco/learning/device"
)

// TrainerState is all that a trainer needs to go on as if it had never stopped:
// bit for bit on a CPU. It is plain data for a checkpoint.
type TrainerState struct {
	Params *Params
	First  []float32 // Adam's mean gradients, laid out as Params.Values
	Second []float32 // Adam's mean squared gradients
	Step   int       // Adam's steps
	Noise  []byte    // position of the noise generator
}

// Snapshot copies the present parameters.
func (t *Trainer) Snapshot() (*Params, error) {
	p := &Params{Config: t.config, ActionDim: t.actionDim, Updates: t.updates, Rewards: t.rewards}
	var err error
	if p.Values, err = t.download(t.flat); err != nil {
		return nil, err
	}
	return p, nil
}

// State copies everything a Restore needs.
func (t *Trainer) State() (TrainerState, error) {
	p, err := t.Snapshot()
	if err != nil {
		return TrainerState{}, err
	}
	first, err1 := t.download(t.first)
	second, err2 := t.download(t.second)
	position, err3 := t.position()
	if err := errors.Join(err1, err2, err3); err != nil {
		return TrainerState{}, err
	}
	return TrainerState{Params: p, First: first, Second: second, Step: t.adam.Step, Noise: position}, nil
}

// Restore continues from s. Its networks must be the trainer's; the trainer
// keeps its own training settings. An error about s leaves it as it was.
func (t *Trainer) Restore(s TrainerState) error {
	if err := t.checkState(s); err != nil {
		return fmt.Errorf("restoring a trainer: %w", err)
	}
	t.ahead = ahead{}
	if err := t.noise.restore(s.Noise); err != nil {
		return fmt.Errorf("restoring a trainer: %w", err)
	}
	if err := errors.Join(
		t.dev.Upload(t.flat, s.Params.Values),
		t.dev.Upload(t.first, s.First),
		t.dev.Upload(t.second, s.Second),
	); err != nil {
		return fmt.Errorf("restoring a trainer: %w", err)
	}
	t.updates, t.adam.Step, t.rewards = s.Params.Updates, s.Step, s.Params.Rewards
	return nil
}

func (t *Trainer) checkState(s TrainerState) error {
	if s.Params == nil {
		return errors.New("no parameters")
	}
	if err := s.Params.Validate(); err != nil {
		return err
	}
	if s.Params.ActionDim != t.actionDim {
		return fmt.Errorf("%d action dimensions, the trainer has %d", s.Params.ActionDim, t.actionDim)
	}
	if err := t.config.SameNetworks(&s.Params.Config); err != nil {
		return err
	}
	if len(s.First) != t.flat.Len || len(s.Second) != t.flat.Len {
		return fmt.Errorf("%d and %d moments, want %d", len(s.First), len(s.Second), t.flat.Len)
	}
	if i := slices.IndexFunc(s.First, notFinite); i >= 0 {
		return fmt.Errorf("first moment %d is %g", i, s.First[i])
	}
	if i := slices.IndexFunc(s.Second, func(v float32) bool { return notFinite(v) || v < 0 }); i >= 0 {
		return fmt.Errorf("second moment %d is %g", i, s.Second[i])
	}
	if s.Step < 0 {
		return fmt.Errorf("%d steps of Adam", s.Step)
	}
	return nil
}

func notFinite(v float32) bool { return math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) }

func (t *Trainer) download(b device.Buffer) ([]float32, error) {
	v := make([]float32, b.Len)
	if err := t.dev.Download(v, b); err != nil {
		return nil, fmt.Errorf("reading the trainer's state: %w", err)
	}
	return v, nil
}
