package engine

import (
	"context"
	"fmt"
	"image"
	"sync/atomic"
)

// stripWorker is the goroutine that owns the decoding model: it paints the
// shown iteration of a plan. Only the newest request counts, so that dragging
// through the iterations always shows where the pointer is.
type stripWorker struct {
	threads int
	report  func(event)

	newest atomic.Pointer[stripRequest]
	wake   chan struct{}

	world  World
	device string // that mind computes on, as chosen
	mind   Mind
	plan   int // whose strips the cache holds
	cache  map[stripKey]strips
	order  []stripKey // oldest first
}

// maxStrips bounds the cache; a strip of 31 frames takes half a megabyte.
const maxStrips = 48

// stripKey tells apart what a plan's strips may show.
type stripKey struct {
	k     int
	final bool // with the actions of the finished plan
}

// stripRequest asks for an iterate to be painted.
type stripRequest struct {
	plan             int
	key              stripKey
	world            World
	device           string      // see Devices
	feature          []float64   // Z
	latents, actions [][]float64 // (H+1)×Z, H×A
}

// strips are the painted rows; model is nil until it is done.
type strips struct{ plan, model []*image.RGBA }

// stripDone reports a painted iterate, first without and then with model.
type stripDone struct {
	plan   int
	key    stripKey
	strips strips
}

func newStripWorker(threads int, report func(event)) *stripWorker {
	return &stripWorker{threads: threads, report: report,
		wake: make(chan struct{}, 1), cache: map[stripKey]strips{}}
}

// ask replaces the request that is waiting.
func (w *stripWorker) ask(r *stripRequest) {
	w.newest.Store(r)
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// loop serves until ctx ends.
func (w *stripWorker) loop(ctx context.Context) {
	defer w.close()
	for {
		select {
		case <-ctx.Done():
			return
		case <-w.wake:
		}
		if r := w.newest.Swap(nil); r != nil {
			if err := w.serve(r); err != nil {
				w.close()
				w.report(mindFailed{"Could not decode the plan", err})
			}
		}
	}
}

func (w *stripWorker) close() {
	if w.mind != nil {
		w.mind.Close()
	}
	w.mind, w.world = nil, nil
}

func (w *stripWorker) serve(r *stripRequest) error {
	if r.world != w.world || r.device != w.device {
		w.close()
		mind, err := r.world.Open(r.device, w.threads)
		if err != nil {
			return fmt.Errorf("opening %s: %w", r.world.Info().Name, err)
		}
		w.mind, w.world, w.device = mind, r.world, r.device
		w.forget(r.plan)
	}
	if r.plan != w.plan {
		w.forget(r.plan)
	}
	s, cached := w.cache[r.key]
	var err error
	if s.plan == nil {
		if s.plan, err = decodeStrip(w.mind, r.latents); err != nil {
			return err
		}
	}
	if !cached {
		w.keep(r.key, s)
	}
	w.report(stripDone{r.plan, r.key, s})
	if s.model != nil || w.newest.Load() != nil {
		return nil // done, or the pointer has moved on
	}
	if s.model, err = imagineStrip(w.mind, r.feature, r.actions); err != nil {
		return err
	}
	w.cache[r.key] = s
	w.report(stripDone{r.plan, r.key, s})
	return nil
}

func (w *stripWorker) forget(plan int) {
	w.plan = plan
	clear(w.cache)
	w.order = w.order[:0]
}

func (w *stripWorker) keep(key stripKey, s strips) {
	if len(w.order) == maxStrips {
		delete(w.cache, w.order[0])
		w.order = append(w.order[:0], w.order[1:]...)
	}
	w.cache[key] = s
	w.order = append(w.order, key)
}
