package ui

import (
	"context"
	"encoding/binary"
	"image"
	"math/rand"
	"sync/atomic"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/latco-studio/latco/app/engine"
	"github.com/latco-studio/latco/app/ui/internal/demo"
)

func TestPumpCarriesOnlyNews(t *testing.T) {
	eng := demo.New()
	var frames, states int
	p := newPump(eng, func(f *image.RGBA, s *engine.State, _ time.Time) {
		if f != nil {
			frames++
		}
		if s != nil {
			states++
		}
	})
	pump := func() {
		if call := p.look(time.Now()); call != nil {
			call()
		}
	}
	pump()
	if frames != 0 || states != 1 {
		t.Fatalf("at first %d frames and %d states", frames, states)
	}
	pump()
	if states != 1 {
		t.Error("the same state came twice")
	}
	eng.Tick()
	pump()
	pump()
	if frames != 1 || states != 2 {
		t.Errorf("after one tick %d frames and %d states", frames, states)
	}
}

// A second call is not made before the first has run, and the frame that is
// shown is never the one being filled.
func TestPumpWaitsForTheWindow(t *testing.T) {
	eng := demo.New()
	var shown *image.RGBA
	p := newPump(eng, func(f *image.RGBA, _ *engine.State, _ time.Time) { shown = f })
	for range 5 {
		eng.Tick()
		call := p.look(time.Now())
		if call == nil {
			t.Fatal("a new frame and no call")
		}
		eng.Tick()
		if p.look(time.Now()) != nil {
			t.Fatal("a second call while the first waits")
		}
		call()
		if shown == p.back {
			t.Fatal("the shown frame is the one that will be filled")
		}
	}
}

// numbered is an engine whose frames say which they are.
type numbered struct {
	*demo.Engine
	seq uint64
}

func (n *numbered) Frames() uint64 { return n.seq }

func (n *numbered) Frame(dst *image.RGBA) (uint64, bool) {
	*dst = image.RGBA{Pix: binary.BigEndian.AppendUint64(dst.Pix[:0], n.seq), Stride: 8, Rect: image.Rect(0, 0, 2, 1)}
	return n.seq, n.seq > 0
}

// However late the window runs what it is handed, it never goes back to an older frame,
// and the first look after it has caught up brings the newest.
func TestPumpLosesNoFrame(t *testing.T) {
	rng := rand.New(rand.NewSource(1))
	eng := &numbered{Engine: demo.New()}
	var shown uint64
	p := newPump(eng, func(f *image.RGBA, _ *engine.State, _ time.Time) {
		if f == nil {
			return
		}
		seq := binary.BigEndian.Uint64(f.Pix)
		if seq <= shown {
			t.Fatalf("frame %d after frame %d", seq, shown)
		}
		shown = seq
	})
	var waiting func() // in the window's queue
	for range 20_000 {
		switch rng.Intn(4) {
		case 0:
			eng.seq++
		case 1:
			eng.Tick() // a state
		case 2:
			if call := p.look(time.Now()); call != nil {
				if waiting != nil {
					t.Fatal("two calls wait")
				}
				waiting = call
			}
		default:
			if waiting != nil {
				waiting()
				waiting = nil
			}
		}
		if rng.Intn(50) > 0 {
			continue
		}
		for range 2 { // what waits may be older; then all is told
			if waiting != nil {
				waiting()
			}
			waiting = p.look(time.Now())
		}
		if waiting != nil {
			waiting()
			waiting = nil
		}
		if shown != eng.seq {
			t.Fatalf("frame %d is the newest, %d is shown", eng.seq, shown)
		}
	}
}

func TestTipsAppearAfterAMoment(t *testing.T) {
	b := newBench(t)
	tip := b.desk.tips
	b.side.plan.plan.MouseIn(nil)
	now := time.Now()
	if tip.ripe(now) {
		t.Error("it is ripe at once")
	}
	if !tip.ripe(now.Add(2 * tipDelay)) {
		t.Fatal("it never gets ripe")
	}
	tip.ring(now)
	if !tip.shown || len(test.WidgetRenderer(tip).Objects()) < 3 {
		t.Error("nothing is shown")
	}
	b.side.plan.plan.MouseOut()
	if tip.shown {
		t.Error("it stays after the mouse has left")
	}
}

// mainLoop stands in for Fyne's main goroutine, which the test driver has not:
// what is handed to do runs on the test's goroutine, in turn.
type mainLoop struct {
	t     *testing.T
	calls chan func()
	limit <-chan time.Time
}

func newMainLoop(t *testing.T, u *UI) *mainLoop {
	m := &mainLoop{t, make(chan func(), 8), time.After(60 * time.Second)}
	u.pump.do = func(f func()) { m.calls <- f }
	return m
}

// until runs calls until reached says so.
func (m *mainLoop) until(what string, reached func() bool) {
	m.t.Helper()
	for !reached() {
		select {
		case f := <-m.calls:
			f()
		case <-m.limit:
			m.t.Fatal("waited in vain for ", what)
		}
	}
}

// The window runs with its pump beside a live engine, is closed, stops both and
// remembers how it looked.
func TestClosing(t *testing.T) {
	app := test.NewTempApp(t)
	eng := demo.New()
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() { defer close(stopped); eng.Live(stop) }()
	var stops atomic.Int32
	closed := false
	u := New(app, eng, Options{Stop: func() { stops.Add(1); close(stop); <-stopped }})
	m := newMainLoop(t, u)
	u.quit = func() { closed = true }
	u.win.Resize(fyne.NewSize(1200, 800))
	u.win.Show()
	u.start(context.Background())
	m.until("a frame", func() bool { return u.scene.view.frame != nil })
	u.switchTheme()
	u.top.planners.choose(3)
	m.until("MPPI", func() bool { return u.state != nil && u.state.Planner.Name == "mppi" })
	u.close()
	u.close()
	m.until("the end", func() bool { return closed })
	<-u.ended
	if n := stops.Load(); n != 1 {
		t.Errorf("Stop was called %d times", n)
	}

	next := demo.New()
	again := New(app, next, Options{})
	defer again.win.Close()
	if again.memory.dark() || again.memory.window().Width != 1200 {
		t.Errorf("dark %v, window %v", again.memory.dark(), again.memory.window())
	}
	again.deliver(nil, next.State(), time.Now())
	if got := next.Commands(); len(got) != 1 || got[0] != (engine.SelectPlanner{Name: "mppi"}) {
		t.Errorf("at the next start %v", got)
	}
}

func TestContextClosesTheWindow(t *testing.T) {
	u := New(test.NewTempApp(t), demo.New(), Options{})
	m := newMainLoop(t, u)
	closed := false
	u.quit = func() { closed = true }
	ctx, cancel := context.WithCancel(context.Background())
	u.start(ctx)
	cancel()
	m.until("the end", func() bool { return closed })
	<-u.pump.done
}

// The rate counts the time in which the scene moves, however slowly its frames come,
// and not that in which it rests.
func TestClock(t *testing.T) {
	c := &clock{onSecond: func(time.Time) {}}
	at := time.Unix(100, 0)
	play := func(frames int, apart time.Duration, want string) {
		t.Helper()
		for range frames {
			at = at.Add(apart)
			c.frame(at)
		}
		if c.ring(at); c.words() != want {
			t.Errorf("%d frames %v apart, moving %v: %s, want %s", frames, apart, c.moving, c.words(), want)
		}
	}
	play(4, 250*time.Millisecond, "scene at rest") // drawn again now and then
	c.moving = true
	play(20, 20*time.Millisecond, "50 fps") // the first ends no interval
	play(3, 400*time.Millisecond, "2.5 fps")
	at = at.Add(2 * time.Second)
	play(0, 0, "0.5 fps")
	play(1, 500*time.Millisecond, "0.4 fps")
	play(0, 0, "0.4 fps") // not measured anew
	play(20, 20*time.Millisecond, "50 fps")
	c.moving = false
	c.frame(at.Add(250 * time.Millisecond))
	play(0, 0, "scene at rest")
}
