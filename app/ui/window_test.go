package ui

import (
	"reflect"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"github.com/latco-studio/latco/app/engine"
	"github.com/latco-studio/latco/app/ui/internal/demo"
)

// bench is a window on a made-up engine, pumped by hand.
type bench struct {
	*UI
	t   *testing.T
	eng *demo.Engine
}

func newBench(t *testing.T) *bench {
	t.Helper()
	app := test.NewTempApp(t)
	b := &bench{t: t, eng: demo.New()}
	b.UI = New(app, b.eng, Options{Tasks: b.eng.Tasks, Presets: []string{"class", "paper"}, Bundled: []string{"lottery-class"}, Pictures: "pictures"})
	t.Cleanup(func() { b.win.Close() })
	b.win.Resize(fyne.NewSize(1440, 900))
	b.win.Show()
	b.refresh()
	b.eng.Commands()
	return b
}

// refresh carries the engine's state into the window, as the pump would.
func (b *bench) refresh() {
	b.t.Helper()
	for range 3 {
		if call := b.pump.look(time.Now()); call != nil {
			call()
		}
	}
}

// wants checks which commands have been sent since the last time.
func (b *bench) wants(want ...engine.Command) {
	b.t.Helper()
	var got []engine.Command
	for _, c := range b.eng.Commands() {
		if _, sizing := c.(engine.Viewport); !sizing {
			got = append(got, c)
		}
	}
	if len(got) == 0 && len(want) == 0 {
		return
	}
	if !reflect.DeepEqual(got, want) {
		b.t.Errorf("sent %#v, want %#v", got, want)
	}
	b.refresh()
}

func (b *bench) edit(change func(*engine.State)) {
	b.t.Helper()
	b.eng.Edit(change)
	b.refresh()
}

// planned makes a plan without leaving its command behind.
func (b *bench) planned() {
	b.t.Helper()
	b.eng.Do(engine.Plan{})
	b.eng.Commands()
	b.refresh()
}

func TestButtonsSendTheirCommands(t *testing.T) {
	b := newBench(t)
	b.planned()
	b.edit(func(s *engine.State) { s.Phase = engine.Executing })
	seed := int64(42)
	for name, c := range map[string]struct {
		do   func()
		want []engine.Command
	}{
		"plan":    {b.side.plan.plan.press, []engine.Command{engine.Plan{}}},
		"run":     {b.side.plan.run.press, []engine.Command{engine.Run{}}},
		"stop":    {b.side.plan.stop.press, []engine.Command{engine.Stop{}}},
		"play":    {b.scene.bar.play.press, []engine.Command{engine.Pause{On: true}}},
		"speed":   {func() { b.scene.bar.speed.SetSelected("2×") }, []engine.Command{engine.SetSpeed{Factor: 2}}},
		"seed":    {func() { b.enter(b.scene.bar.seed, "42") }, []engine.Command{engine.Reset{Seed: &seed}}},
		"no seed": {func() { b.enter(b.scene.bar.seed, "soon") }, nil},
		"planner": {func() { b.top.planners.choose(2) }, []engine.Command{engine.SelectPlanner{Name: "cem"}}},
		"same":    {b.scene.bar.same.press, []engine.Command{engine.Reset{}}},
		"new":     {b.scene.bar.fresh.press, []engine.Command{engine.Reset{New: true}}},
		"watch":   {func() { b.side.plan.watch.choose(2) }, []engine.Command{engine.Watch{Policy: "random"}}},
		"camera":  {b.scene.camera.press, []engine.Command{engine.NextCamera{}}},
		"train":   {b.side.train.start.press, []engine.Command{engine.StartTraining{Preset: "class"}}},
	} {
		b.edit(func(s *engine.State) { s.Phase, s.Paused, s.Watch = engine.Executing, false, engine.WatchView{} })
		b.eng.Commands()
		c.do()
		t.Run(name, func(t *testing.T) { b.t = t; b.wants(c.want...) })
		b.t = t
	}
}

// enter types into a text line and leaves it.
func (b *bench) enter(e *entry, s string) {
	b.win.Canvas().Focus(e)
	e.SetText(s)
	b.win.Canvas().Unfocus()
}

// The window can be made as small as 1024×700, with everything still in it.
func TestSmallestWindow(t *testing.T) {
	b := newBench(t)
	b.planned()
	if m := b.win.Content().MinSize(); m.Width > 1024 || m.Height > 700 {
		t.Errorf("the content needs %v", m)
	}
}

// One step of the iteration track, with everything that it repaints. At least
// thirty a second have to fit beside the rest.
func BenchmarkScrub(b *testing.B) {
	app := test.NewTempApp(b)
	eng := demo.New()
	u := New(app, eng, Options{})
	defer u.win.Close()
	u.win.Resize(fyne.NewSize(1440, 900))
	u.win.Show()
	eng.Do(engine.Plan{})
	k := 0
	for b.Loop() {
		k = (k + 1) % 200
		b.StopTimer()
		eng.Do(engine.SelectIteration{K: k})
		b.StartTimer()
		u.pump.look(time.Now())()
		u.film.strip.draw(1440, 240)
		u.film.track.draw(1300, 38)
		u.side.plan.plot.draw(370, 128)
	}
}

// In the narrowest side panel nothing of the tabs is wider than the panel.
func TestTabsFitTheNarrowestPanel(t *testing.T) {
	b := newBench(t)
	b.eng.Do(engine.StartTraining{})
	b.planned()
	for name, page := range b.side.pages {
		w := page.MinSize().Width
		if scroll := findScroll(page); scroll != nil {
			w = scroll.Content.MinSize().Width
		}
		if w > sideWidth {
			t.Errorf("%s needs a width of %g", name, w)
		}
	}
}

func findScroll(o fyne.CanvasObject) *container.Scroll {
	if s, ok := o.(*container.Scroll); ok {
		return s
	}
	for _, c := range o.(*fyne.Container).Objects {
		if s, ok := c.(*container.Scroll); ok {
			return s
		}
	}
	return nil
}
