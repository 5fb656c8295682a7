//go:build nvidia && linux && cgo && (amd64 || arm64)

package cuda

import (
	"fmt"

	"gorgonia.org/cu"
)

// pace bounds what a card is given ahead: so that what a person asked for in between
// does not wait for long, and a plan that is called off does not go on by itself. It
// belongs to the device's thread.
type pace struct {
	queued int // commands since the last mark
	marks  [paceMarks]*cu.Event
	set    int // marks set so far
}

const (
	// paceEach commands lie between two marks, paceMarks marks ahead of the card: some
	// milliseconds of small kernels.
	paceEach  = 256
	paceMarks = 4
)

// open makes the marks. Who waits for one sleeps.
func (p *pace) open() error {
	for i := range p.marks {
		e, err := cu.MakeEvent(cu.DisableTiming | cu.BlockingSyncEvent)
		if err != nil {
			return fmt.Errorf("making an event: %w", err)
		}
		p.marks[i] = &e
	}
	return nil
}

// keep counts a command given to the stream, and waits where the card is too far
// behind.
func (p *pace) keep(stream cu.Stream) error {
	if p.queued++; p.queued < paceEach {
		return nil
	}
	p.queued = 0
	mark := p.marks[p.set%paceMarks]
	if p.set >= paceMarks {
		if err := mark.Synchronize(); err != nil {
			return fmt.Errorf("waiting for the card: %w", err)
		}
	}
	p.set++
	return doing("recording an event", mark.Record(stream))
}

func (p *pace) close() {
	for i, e := range p.marks {
		if e != nil {
			cu.DestroyEvent(e)
			p.marks[i] = nil
		}
	}
}
