package learning

import (
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/rssm"
)

// rescue is what a checkpoint would have held a moment ago, in the host's memory: a
// device with memory of its own can be lost with all that it has learned since the
// last one.
type rescue struct {
	counters Counters
	state    rssm.TrainerState // Params nil: none
	replay   []EpisodeRef
	evicted  int
	next     time.Time // when another is due
}

// A copy stops training for the time that it takes: between two, rescueCost times
// as long goes by, and rescueEvery at least.
const (
	rescueCost  = 200
	rescueEvery = time.Second
)

// remember takes a copy where one is due.
func (s *session) remember() error {
	if !s.apart() || time.Now().Before(s.rescue.next) {
		return nil
	}
	began := time.Now()
	state, err := s.learner.State()
	if err != nil {
		return err
	}
	s.counters.WallS = s.wall()
	s.keep(state, time.Since(began))
	return nil
}

// apart says that the learner's memory is a device's own.
func (s *session) apart() bool {
	_, apart := s.opts.Device.(device.Metered)
	return apart
}

// keep remembers a state of this moment, which took that long to get. Memory that is
// the host's is not lost: nothing is kept of it.
func (s *session) keep(state rssm.TrainerState, took time.Duration) {
	if !s.apart() {
		s.rescue = rescue{}
		return
	}
	wait := max(rescueEvery, rescueCost*took)
	if s.opts.rescueAlways {
		wait = 0
	}
	s.rescue = rescue{s.counters, state, s.replay.Refs(), s.replay.Stats().Evicted, time.Now().Add(wait)}
}

// lost ends a run whose device was lost: what was remembered becomes a checkpoint,
// and the error says what is gone.
func (s *session) lost(cause error) error {
	s.broken = true
	from := fmt.Errorf("%w; the run goes on from %s", cause, filepath.Base(s.checkpoint))
	r := &s.rescue
	if r.state.Params == nil {
		return from
	}
	gone := s.counters.Updates - r.counters.Updates
	if r.counters.Updates > s.savedAt.Updates {
		path, err := s.write(r.counters, r.state, r.replay, r.evicted)
		if err != nil {
			return errors.Join(from, fmt.Errorf("saving what was remembered: %w", err))
		}
		s.checkpoint = path
	}
	return fmt.Errorf("%w; the run goes on from %s, %d of its updates are lost", cause, filepath.Base(s.checkpoint), gone)
}

// isLost says that a device has stopped working.
func isLost(err error) bool {
	var lost *device.LostError
	return errors.As(err, &lost)
}
