package engine

import (
	"context"
	"errors"
	"image"
	"math/rand"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/latco-studio/latco/render"
)

// slowEasel takes its time and counts.
type slowEasel struct {
	takes  atomic.Int64 // time.Duration
	drawn  atomic.Int64
	colour uint8
}

func (e *slowEasel) Draw(dst *image.RGBA, _ *render.Scene, _ render.Camera) error {
	time.Sleep(time.Duration(e.takes.Load()))
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
		full, sketch := &slowEasel{colour: 200}, &slowEasel{colour: 100}
		full.takes.Store(int64(20 * time.Millisecond))
		sketch.takes.Store(int64(10 * time.Millisecond))
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
	view := &liveView{w: 8, h: 8, moving: true}
	for began := time.Now(); time.Since(began) < d; time.Sleep(time.Second / 60) {
		view.asked = time.Now()
		view = p.show(view)
		view.w, view.h, view.moving = 8, 8, true
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
		full.takes.Store(int64(5 * time.Millisecond))
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

// A moving scene is sketched also where even a sketch takes longer than frames should,
// and drawn in full again when the machine that was busy is not.
func TestSketchingFollowsTheMachine(t *testing.T) {
	onPainter(t, func(p *painter, _ *screen, full, sketch *slowEasel) {
		full.takes.Store(int64(600 * time.Millisecond))
		sketch.takes.Store(int64(300 * time.Millisecond))
		showFor(p, 20*time.Second, nil)
		if n, m := full.drawn.Load(), sketch.drawn.Load(); n > 1 || m < 35 {
			t.Errorf("on a slow machine %d frames in full and %d sketches in 20 s", n, m)
		}
		full.takes.Store(int64(3 * time.Millisecond))
		sketch.takes.Store(int64(2 * time.Millisecond))
		showFor(p, time.Second, nil)
		before := sketch.drawn.Load()
		showFor(p, time.Second, nil)
		if n := sketch.drawn.Load() - before; n > 0 {
			t.Errorf("on a fast machine %d sketches", n)
		}
	})
}

// signed tells views apart by their width and draws at a speed of its own.
type signed struct{ rng *rand.Rand }

func (e *signed) Draw(dst *image.RGBA, _ *render.Scene, _ render.Camera) error {
	time.Sleep(time.Duration(e.rng.Intn(400)) * time.Millisecond)
	if e.rng.Intn(10) == 0 {
		return errors.New("the driver is out of sorts")
	}
	return nil
}

func (e *signed) Close() error { return nil }

// However views, observations and failures follow one another, the picture is soon that
// of the last view: the one after it that is drawn again now and then would not have to
// come. A lost wake-up or a view that overtakes another would show here.
func TestTheLastViewIsShown(t *testing.T) {
	for seed := range int64(20) {
		synctest.Test(t, func(t *testing.T) {
			rng := rand.New(rand.NewSource(seed))
			var s screen
			var failed atomic.Bool
			p := newPainter(&signed{rand.New(rand.NewSource(seed + 1000))}, 60, &s, func(error) { failed.Store(true) })
			p.sketcher = &signed{rand.New(rand.NewSource(seed + 2000))}
			ctx, cancel := context.WithCancel(context.Background())
			var all sync.WaitGroup
			all.Go(func() { p.loop(ctx) })
			all.Go(func() { // a trainer's observations
				rng, dst := rand.New(rand.NewSource(seed+3000)), image.NewRGBA(image.Rect(0, 0, 4, 4))
				for draw := p.pass(ctx); ctx.Err() == nil; time.Sleep(time.Duration(rng.Intn(100)) * time.Millisecond) {
					_ = draw.Draw(dst, nil, render.Camera{})
				}
			})
			view, width := new(liveView), 0
			for range 100 {
				for range 1 + rng.Intn(20) {
					width++
					view.w, view.h, view.moving, view.asked = 4*width, 4, rng.Intn(2) == 0, time.Now()
					failed.Store(false)
					view = p.show(view)
					time.Sleep(time.Duration(rng.Intn(3)*rng.Intn(30)) * time.Millisecond)
				}
				time.Sleep(2 * time.Second) // two frames and an observation
				var frame image.RGBA
				s.copyTo(&frame)
				if got := frame.Rect.Dx(); got != 4*width && got != 3*width && !failed.Load() {
					t.Fatalf("seed %d: view %d is not on screen, a frame %d wide is", seed, width, got)
				}
			}
			cancel()
			all.Wait()
		})
	}
}
