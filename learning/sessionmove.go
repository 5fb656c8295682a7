package learning

import (
	"errors"
	"fmt"
	"sync"

	"github.com/latco-studio/latco/learning/device"
)

// Move is a change of device in the middle of a run.
type Move struct {
	// Open opens the new device; on Run's goroutine, between two updates.
	Open func() (device.Device, error)
	// Done is told of the end. Without an error the run is on the new device and old
	// is no longer used; with one it goes on where it was. Whoever opens a device
	// closes it, the one in use after Run.
	Done func(old device.Device, err error)
}

// orders are moves that have been asked for.
type orders struct {
	mu   sync.Mutex
	next *Move
}

// Move has the run go on on another device, from the same parameters, moments and
// position of the noise, which cross over the host. It may be called at any time,
// from any goroutine; a move that has not begun is replaced.
func (t *Trainer) Move(m Move) {
	t.moves.mu.Lock()
	defer t.moves.mu.Unlock()
	t.moves.next = &m
}

func (o *orders) take() *Move {
	o.mu.Lock()
	defer o.mu.Unlock()
	m := o.next
	o.next = nil
	return m
}

// move obeys the newest order. Its failure is told to who gave it, not the run's.
func (s *session) move() {
	m := s.moves.take()
	if m == nil {
		return
	}
	old := s.opts.Device
	err := s.moveTo(m.Open)
	if err != nil {
		err = fmt.Errorf("going on on another device: %w", err)
	}
	m.Done(old, err)
}

func (s *session) moveTo(open func() (device.Device, error)) error {
	state, err := s.learner.State()
	if err != nil {
		return err
	}
	dev, err := open()
	if err != nil {
		return err
	}
	moved, err := s.opts.world.Learner(state.Params, dev, 0) // the state has the noise
	if err != nil {
		return errors.Join(err, dev.Close())
	}
	if err := moved.Restore(state); err != nil {
		return errors.Join(err, moved.Close(), dev.Close())
	}
	if err := s.learner.Close(); err != nil {
		return errors.Join(err, moved.Close(), dev.Close())
	}
	s.learner, s.opts.Device = moved, dev
	return nil
}
