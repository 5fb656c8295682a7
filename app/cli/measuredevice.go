package cli

import (
	"errors"
	"fmt"

	"github.com/latco-studio/latco/app/engine"
	"github.com/latco-studio/latco/learning/device/cuda"
)

// streamed is how many numbers a device adds to others in a run, in so many passes:
// more than caches hold.
const (
	streamed       = 16 << 20
	streamedPasses = 32
)

// stream measures the memory of the device: two numbers read and one written for
// every addition.
func (w workplace) stream() measurement {
	m := measurement{name: "device/stream", runs: 9, bytes: 12. * streamed * streamedPasses}
	m.note = fmt.Sprintf("y += x of %d million numbers, %d times", streamed>>20, streamedPasses)
	m.open = func() (timed, error) {
		dev, err := engine.OpenDevice(string(w), 0)
		if err != nil {
			return timed{}, err
		}
		a := &area{dev: dev}
		x, y := a.buffer(streamed), a.buffer(streamed)
		if a.err != nil {
			a.free()
			return timed{}, errors.Join(a.err, dev.Close())
		}
		run := func() error {
			for range streamedPasses {
				dev.Axpy(0.5, x, y)
			}
			return dev.Sync()
		}
		return timed{run: run, close: func() { a.free(); dev.Close() }}, nil
	}
	return m
}

// card describes the GPU that models compute on; zero if it is the CPU.
func (w workplace) card() cuda.Info {
	if !w.onGPU() {
		return cuda.Info{}
	}
	cards, err := cuda.Devices(cuda.Options{})
	if err != nil || len(cards) == 0 {
		return cuda.Info{}
	}
	return cards[0]
}

// reach notes what of the card's peaks a result reached, if its work is counted.
func (r *result) reach(card cuda.Info) {
	if r.GBS > 0 {
		r.Note += fmt.Sprintf("; %.4g GB/s", r.GBS)
	}
	switch {
	case r.host:
	case r.GBS > 0 && card.Bandwidth() > 0:
		r.OfPeak = r.GBS * 1e9 / card.Bandwidth()
		r.Note += fmt.Sprintf(", %.0f %% of the card's memory", 100*r.OfPeak)
	case r.GFLOPS > 0 && card.FLOPS() > 0:
		r.OfPeak = r.GFLOPS * 1e9 / card.FLOPS()
		r.Note += fmt.Sprintf("; %.0f %% of the card's float32 peak", 100*r.OfPeak)
	}
}
