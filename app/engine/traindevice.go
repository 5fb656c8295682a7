package engine

import (
	"cmp"
	"errors"
	"fmt"

	"github.com/latco-studio/latco/learning"
	"github.com/latco-studio/latco/learning/device"
)

// What a training does when its GPU fails: runs out of memory, or is lost.
const (
	DeviceFailureStop = "stop" // the run ends; it can be resumed, also on the CPU
	DeviceFailureCPU  = "cpu"  // it goes on from its last checkpoint on the CPU
)

// onDevices has run train on the device of the options; after a failure of it, and
// if the options say so, once more on the CPU. What warn is told is no end.
func (o TrainOptions) onDevices(warn func(error), run func(kind string, resume bool) error) error {
	switch o.OnDeviceFailure {
	case "", DeviceFailureStop, DeviceFailureCPU:
	default:
		return &UnknownNameError{"way to go on after a failure of the device", o.OnDeviceFailure, []string{DeviceFailureStop, DeviceFailureCPU}}
	}
	kind := cmp.Or(o.Device, DeviceAuto)
	err := run(kind, o.Resume)
	if !deviceFailed(err) || o.OnDeviceFailure != DeviceFailureCPU || kind == DeviceCPU {
		return err
	}
	saved, listErr := learning.Checkpoints(o.Out)
	if listErr != nil {
		return errors.Join(err, listErr)
	}
	if warn != nil {
		warn(fmt.Errorf("%w; going on on the CPU", err))
	}
	return run(DeviceCPU, o.Resume || len(saved) > 0)
}

// seat is the device that a run computes on, which may change.
type seat struct {
	dev     device.Device
	threads int
}

// take opens the first device.
func (s *seat) take(kind string) (err error) {
	s.dev, err = openDevice(kind, s.threads)
	return err
}

func (s *seat) close() error { return s.dev.Close() }

// read says what is in use of a GPU's memory. It is called on the goroutine that
// computes; a card that fails says so at the next step.
func (s *seat) read(u *Usage) {
	u.Card, u.CardAll = 0, 0
	if card, ok := s.dev.(device.Metered); ok {
		if free, total, err := card.MemoryLeft(); err == nil {
			u.Card, u.CardAll = total-free, total
		}
	}
}

// mover is a Trainer that can change its device, such as learning.Trainer.
type mover interface{ Move(learning.Move) }

// move has t go on on another device; told is called at the end of it, on the
// goroutine of the run.
func (s *seat) move(t mover, kind string, told func(error)) {
	var opened device.Device
	t.Move(learning.Move{
		Open: func() (device.Device, error) {
			var err error
			opened, err = openDevice(kind, s.threads)
			return opened, err
		},
		Done: func(old device.Device, err error) {
			if err == nil {
				s.dev = opened
				err = old.Close()
			}
			told(err)
		},
	})
}
