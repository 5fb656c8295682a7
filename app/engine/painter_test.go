package engine

import (
	"context"
	"image"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/latco-studio/latco/render"
)

// slowEasel takes its time and counts.
type slowEasel struct {
	takes  time.Duration
	drawn  atomic.Int64
	colour uint8
}

func (e *slowEasel) Draw(dst *image.RGBA, _ *render.Scene, _ render.Camera) error {
	time.Sleep(e.takes)
	e.drawn.Add(1)
	for i := range dst.Pix {
		dst.Pix[i] = e.colour
	}
	return nil
}

func (e *slowEasel) Close() error { return nil }

// onPainter runs a test beside a painter of live frames that take 20 ms, or 10 ms
// as a sketch.
func onPainter(t *testing.T, test func(p *painter, s *screen, full, sketch *slowEasel)) {
	synctest.Test(t, func(t *testing.T) {
		full, sketch := &slowEasel{takes: 20 * time.Millisecond, colour: 200}, &slowEasel{takes: 10 * time.Millisecond, colour: 100}
		var s screen
		p := newPainter(full, 60, &s, func(err error) { t.Error(err) })
		p.sketcher = sketch
		ctx, cancel := context.WithCancel(context.Background())
		done := make(chan struct{})
		go func() { p.loop(ctx); close(done) }()
		test(p, &s, full, sketch)
		cancel()
		<-done
	})
}

// show asks for frames at 60 Hz.
func showFor(p *painter, d time.Duration, each func()) {
	view := &liveView{w: 8, h: 8}
	for began := time.Now(); time.Since(began) < d; time.Sleep(time.Second / 60) {
		view.asked = time.Now()
		view = p.show(view)
		view.w, view.h = 8, 8
		if each != nil {
			each()
		}
	}
}

func TestMovingScenesAreSketchedAndStillOnesDrawn(t *testing.T) {
	onPainter(t, func(p *painter, s *screen, full, sketch *slowEasel) {
		showFor(p, 2*time.Second, nil)
		if n := sketch.drawn.Load(); n < 110 {
			t.Errorf("%d sketches in two seconds", n)
		}
		if fps := p.fps(); fps < 55 || fps > 62 {
			t.Errorf("%g frames per second", fps)
		}
		time.Sleep(time.Second)
		view := &liveView{w: 8, h: 8, asked: time.Now()}
		p.show(view)
		time.Sleep(100 * time.Millisecond)
		var frame image.RGBA
		if s.copyTo(&frame); frame.Pix[0] != full.colour {
			t.Errorf("the scene at rest has colour %d", frame.Pix[0])
		}
	})
}

// Observations are drawn in full, and neither they nor the live view starve.
func TestObservationsAndLiveViewShareThePainter(t *testing.T) {
	onPainter(t, func(p *painter, s *screen, full, sketch *slowEasel) {
		p.sketcher = nil
		full.takes = 5 * time.Millisecond
		ctx, cancel := context.WithCancel(context.Background())
		seen := make(chan int)
		go func() {
			dst, n := image.NewRGBA(image.Rect(0, 0, 4, 4)), 0
			draw := p.pass(ctx)
			for draw.Draw(dst, nil, render.Camera{}) == nil {
				n++
			}
			seen <- n
		}()
		showFor(p, 2*time.Second, nil)
		cancel()
		n := <-seen
		var frame image.RGBA
		seq, _ := s.copyTo(&frame)
		if seq < 80 || n < 200 {
			t.Errorf("%d live frames and %d observations in two seconds", seq, n)
		}
	})
}
