package engine

import (
	"context"
	"errors"
	"image"
	"math"
	"sync/atomic"
	"time"

	"github.com/latco-studio/latco/render"
)

// painter owns the renderer. It draws the live scene whenever there is a newer
// one, at most maxFPS times a second and in at most liveShare of its time, and
// in between whatever else is asked for through Draw: observations of the live
// scene and of the trainer's.
type painter struct {
	renderer render.Renderer
	sketcher render.Renderer // nil if there is none
	interval time.Duration   // least time between live frames
	screen   *screen
	failed   func(error) // told of a live frame that could not be drawn

	calls   chan *drawCall
	wake    chan struct{} // a live view is pending
	pending atomic.Pointer[liveView]
	spare   chan *liveView
	rate    atomic.Uint64 // float64 bits: live frames per second

	back    *image.RGBA
	lastEnd time.Time
	fine    time.Duration // what a live frame of the renderer took lately
}

// liveShare leaves time for observations: a trainer that collects episodes is
// never starved by a slow live view, nor the other way round.
const liveShare = 0.75

// maxRest bounds that time: one frame that was held up, on a machine that has much
// else to do, must not hold up the next as well.
const maxRest = 200 * time.Millisecond

// drawCall is one Draw on its way to the painter's goroutine.
type drawCall struct {
	dst    *image.RGBA
	scene  *render.Scene
	camera render.Camera
	done   chan error
}

// liveView is a scene to be shown in the window.
type liveView struct {
	scene  render.Scene
	camera render.Camera
	w, h   int
	moving bool      // more will follow; else it is to be as good as can be
	asked  time.Time // when it was handed over
}

func newPainter(r render.Renderer, maxFPS int, screen *screen, failed func(error)) *painter {
	return &painter{
		renderer: r, interval: time.Second / time.Duration(maxFPS), screen: screen, failed: failed,
		calls: make(chan *drawCall), wake: make(chan struct{}, 1), spare: make(chan *liveView, 3),
	}
}

// pass is the painter as a drawer for one goroutine, until ctx ends.
func (p *painter) pass(ctx context.Context) drawer {
	return &paintPass{ctx: ctx, painter: p, call: drawCall{done: make(chan error, 1)}}
}

type paintPass struct {
	ctx     context.Context
	painter *painter
	call    drawCall
}

// Draw waits for its turn, at most one live frame long.
func (d *paintPass) Draw(dst *image.RGBA, s *render.Scene, c render.Camera) error {
	d.call.dst, d.call.scene, d.call.camera = dst, s, c
	select {
	case d.painter.calls <- &d.call:
		return <-d.call.done // soon: the painter outlives its callers
	case <-d.ctx.Done():
		return d.ctx.Err()
	}
}

// show replaces the live view that is waiting to be drawn, and returns another
// to be filled next.
func (p *painter) show(next *liveView) *liveView {
	old := p.pending.Swap(next)
	select {
	case p.wake <- struct{}{}:
	default:
	}
	if old != nil {
		return old
	}
	select {
	case v := <-p.spare:
		return v
	default:
		return new(liveView)
	}
}

// fps is the rate of live frames over the last second or so.
func (p *painter) fps() float64 { return math.Float64frombits(p.rate.Load()) }

// loop serves until ctx ends.
func (p *painter) loop(ctx context.Context) {
	timer := time.NewTimer(0)
	<-timer.C
	waiting := false // for the time of the next live frame
	next := time.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case c := <-p.calls:
			c.done <- p.renderer.Draw(c.dst, c.scene, c.camera)
		case <-p.wake:
			if !waiting {
				waiting = true
				timer.Reset(time.Until(next))
			}
		case <-timer.C:
			waiting = false
			began := time.Now()
			p.paint()
			next = began.Add(max(p.interval, p.withRest(time.Since(began))))
		}
	}
}

// withRest is the time from one live frame to the next if it took so long to draw.
func (p *painter) withRest(took time.Duration) time.Duration {
	return took + min(maxRest, time.Duration(float64(took)*(1/liveShare-1)))
}

// paint draws the pending live view, if it has not been taken back.
func (p *painter) paint() {
	v := p.pending.Swap(nil)
	if v == nil {
		return
	}
	defer func() { p.spare <- v }() // never blocks: there are three views
	if p.back == nil {
		p.back = new(image.RGBA)
	}
	resize(p.back, v.w, v.h)
	if err := p.draw(v); err != nil {
		p.failed(err)
		return
	}
	p.back = p.screen.swap(p.back)
	p.count(v.asked)
}

// slowFrame is what a live frame may take before moving scenes are sketched.
const slowFrame = 12 * time.Millisecond

// sketchScale is the resolution of a sketch; the window enlarges it. While things
// move, frames are worth more than pixels: drawing and uploading cost half.
const sketchScale = 0.75

// fullCost is what a frame in full costs at most, in sketches: one that was held up
// once need not be sketched for as long as the scene moves.
const fullCost = 3

// draw sketches a scene that moves where drawing is slow. A scene that has come
// to rest is drawn again by the actor's keep-alive, and then in full.
func (p *painter) draw(v *liveView) error {
	began := time.Now()
	if p.sketcher != nil && v.moving && p.fine > slowFrame {
		resize(p.back, max(1, int(sketchScale*float64(v.w))), max(1, int(sketchScale*float64(v.h))))
		err := p.sketcher.Draw(p.back, &v.scene, v.camera)
		p.fine += (fullCost*time.Since(began) - p.fine) / 8
		return err
	}
	err := p.renderer.Draw(p.back, &v.scene, v.camera)
	p.fine = (p.fine + time.Since(began)) / 2
	return err
}

// close frees both renderers.
func (p *painter) close() error {
	err := p.renderer.Close()
	if p.sketcher != nil {
		err = errors.Join(err, p.sketcher.Close())
	}
	return err
}

// continuous is the longest gap between frames that are wanted one after the other.
const continuous = 50 * time.Millisecond

// count updates the frame rate: how many pictures a second the live view keeps
// up with. While the scene moves that is the rate of frames; a still scene is
// seldom drawn, and then it is the inverse of the time from asking for a picture
// to having it. The mean forgets with a time of half a second.
func (p *painter) count(asked time.Time) {
	now := time.Now()
	gap := now.Sub(p.lastEnd)
	p.lastEnd = now
	if gap > continuous {
		gap = max(p.interval, now.Sub(asked))
	}
	sample, old := max(gap.Seconds(), 1e-3), p.fps()
	if old == 0 {
		old = 1 / sample
	}
	period := 1/old + (1-math.Exp(-sample/0.5))*(sample-1/old)
	p.rate.Store(math.Float64bits(1 / period))
}
