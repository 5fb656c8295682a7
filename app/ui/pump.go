package ui

import (
	"context"
	"image"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"

	"github.com/latco-studio/latco/app/engine"
)

// pumpRate is how often the pump looks for news, per second.
const pumpRate = 60

// pump carries states and frames from the engine to the window. It is the only
// goroutine that calls fyne.Do, with at most one call under way: Fyne's queue is
// unbounded, so a slow window must make the pump wait, not the queue grow.
//
// There are two frame buffers. One is shown; the pump fills the other while no
// call is under way; the call swaps them on the main goroutine, where Fyne also
// reads them. So neither is ever written while it is read.
type pump struct {
	eng    Engine
	alarms []alarm
	do     func(func()) // fyne.Do
	// deliver runs on the main goroutine. frame is nil if there is no new one,
	// state is nil if it has not changed.
	deliver func(frame *image.RGBA, state *engine.State, now time.Time)

	busy  atomic.Bool // a call is under way
	back  *image.RGBA
	front *image.RGBA
	seq   uint64
	state *engine.State
	done  chan struct{}
}

// alarm is something in the window that happens by time alone.
type alarm interface {
	ripe(now time.Time) bool // asked by the pump's goroutine
	ring(now time.Time)      // called on the main goroutine
}

func newPump(eng Engine, deliver func(*image.RGBA, *engine.State, time.Time), alarms ...alarm) *pump {
	return &pump{eng: eng, deliver: deliver, alarms: alarms, do: fyne.Do,
		back: image.NewRGBA(image.Rect(0, 0, 1, 1)), front: image.NewRGBA(image.Rect(0, 0, 1, 1)), done: make(chan struct{})}
}

// run pumps until the context ends. Wait for done afterwards.
func (p *pump) run(ctx context.Context) {
	defer close(p.done)
	tick := time.NewTicker(time.Second / pumpRate)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			if call := p.look(now); call != nil {
				p.do(call)
			}
		}
	}
}

// look gathers what is new into one call for the main goroutine, nil if nothing
// is or the last call has not come back.
func (p *pump) look(now time.Time) func() {
	if p.busy.Load() {
		return nil
	}
	fresh := false
	if p.eng.Frames() != p.seq { // a frame is megabytes, not to be copied for nothing
		p.seq, fresh = p.eng.Frame(p.back)
	}
	state := p.eng.State()
	changed := state != nil && (p.state == nil || state.Version != p.state.Version)
	var ringing []alarm
	for _, a := range p.alarms {
		if a.ripe(now) {
			ringing = append(ringing, a)
		}
	}
	if !fresh && !changed && len(ringing) == 0 {
		return nil
	}
	var news *engine.State
	if changed {
		news, p.state = state, state
	}
	p.busy.Store(true)
	return func() {
		defer p.busy.Store(false)
		var frame *image.RGBA
		if fresh {
			p.back, p.front = p.front, p.back
			frame = p.front
		}
		p.deliver(frame, news, now)
		for _, a := range ringing {
			a.ring(now)
		}
	}
}
