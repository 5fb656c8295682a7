package ui

import (
	"math"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"github.com/latco-studio/latco/app/engine"
)

func TestPlanNeedsAModel(t *testing.T) {
	b := newBench(t)
	b.edit(func(s *engine.State) { s.Model = engine.ModelInfo{} })
	b.side.plan.plan.press()
	b.side.plan.run.press()
	test.TypeOnCanvas(b.win.Canvas(), "p")
	b.wants()
	if got := b.top.chip.words.content; got != "no model" {
		t.Errorf("the chip says %q", got)
	}
	if got := b.side.models.name.content; got != "No world model" {
		t.Errorf("the Models tab says %q", got)
	}
}

func TestPlanResults(t *testing.T) {
	b := newBench(t)
	b.planned()
	p := b.side.plan
	if p.predicted.content != "18.2" || p.obtained.content != "–" || p.wall.content != "1.74 s" {
		t.Errorf("results %q, %q, %q", p.predicted.content, p.obtained.content, p.wall.content)
	}
	b.edit(func(s *engine.State) {
		v := *s.Plan
		v.RealReward, v.Obtained = []float64{0, 1, 2}, 3
		s.Plan = &v
	})
	if p.obtained.content != "3.00 in 3 steps" {
		t.Errorf("obtained %q", p.obtained.content)
	}
	if len(p.plot.curves) != 3 || p.plot.cursor != 200 {
		t.Errorf("%d curves, cursor at %g", len(p.plot.curves), p.plot.cursor)
	}
}

func TestPlanPlotTellsTheNumbersUnderTheMouse(t *testing.T) {
	b := newBench(t)
	b.planned()
	p := b.side.plan
	p.plot.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(0, 0)}})
	it := b.eng.State().Plan.Iterations[0]
	if want := "return " + figure(it.Return); p.ret.name.content != want || p.plot.cursor != 0 {
		t.Errorf("%q at %g, want %q", p.ret.name.content, p.plot.cursor, want)
	}
	p.plot.MouseOut()
	if p.plot.cursor != 200 {
		t.Errorf("after leaving the cursor is at %g", p.plot.cursor)
	}
}

func TestShootingHasNoViolation(t *testing.T) {
	b := newBench(t)
	b.eng.Do(engine.SelectPlanner{Name: "cem"})
	b.planned()
	p := b.side.plan
	if !p.viol.root.Hidden || !p.lam.root.Hidden || len(p.plot.curves) != 1 {
		t.Errorf("violation hidden %v, λ hidden %v, %d curves", p.viol.root.Hidden, p.lam.root.Hidden, len(p.plot.curves))
	}
	if b.film.scale.row.Visible() {
		t.Error("a colour scale for violations that do not exist")
	}
}

func TestTabs(t *testing.T) {
	b := newBench(t)
	tabs := b.side.tabs
	tabs.choose(1)
	if b.side.train.root.Visible() != true || b.side.plan.root.Visible() {
		t.Error("the Train tab does not show")
	}
	b.win.Canvas().Focus(tabs)
	b.press(fyne.KeyRight)
	if !b.side.data.root.Visible() {
		t.Error("the arrow does not open Data")
	}
	b.press(fyne.KeyRight)
	if !b.side.models.root.Visible() {
		t.Error("the arrow does not open Models")
	}
	tabs.Tapped(&fyne.PointEvent{Position: fyne.NewPos(3, 3)})
	if !b.side.plan.root.Visible() {
		t.Error("a click does not open Plan")
	}
}

func TestStatusLine(t *testing.T) {
	b := newBench(t)
	if b.status.details.Visible() {
		t.Error("details without an error")
	}
	b.edit(func(s *engine.State) {
		s.Status = engine.Status{Level: engine.Failure, Text: "The checkpoint is damaged.", Details: "reading x: unexpected EOF"}
	})
	if b.status.sentence.content != "The checkpoint is damaged." || b.status.light.color != levelColor[engine.Failure] {
		t.Errorf("%q in %s", b.status.sentence.content, b.status.light.color)
	}
	test.Tap(b.status.details)
	if b.win.Canvas().Overlays().Top() == nil {
		t.Error("Details shows nothing")
	}
}

func TestPhaseWords(t *testing.T) {
	plan := &engine.PlanView{StartStep: 4}
	for _, c := range []struct {
		s    engine.State
		want string
	}{
		{engine.State{}, "live"},
		{engine.State{Paused: true}, "paused"},
		{engine.State{Phase: engine.Planning}, "planning"},
		{engine.State{Phase: engine.PlanReady, Plan: plan}, "plan ready"},
		{engine.State{Phase: engine.PlanReady, Plan: &engine.PlanView{Stale: true}}, "plan is stale: the scene has moved on"},
		{engine.State{Phase: engine.Executing, Step: 9, Plan: plan}, "executing · plan age 5 steps"},
		{engine.State{Phase: engine.EpisodeOver}, "episode over"},
		{engine.State{Phase: engine.EpisodeOver, Success: true, Outcome: "sure"}, "goal reached: sure"},
	} {
		if got := phaseWords(&c.s); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

func TestNumbers(t *testing.T) {
	for v, want := range map[float64]string{0: "0", 18.234: "18.2", 1: "1.00", -0.00421: "-0.00421", 1.3e-6: "1.30e-6", 99999: "99999", 1.5e6: "1.50e6",
		math.Inf(-1): "-∞"} {
		if got := figure(v); got != want {
			t.Errorf("figure(%g) = %q, want %q", v, got, want)
		}
	}
	for v, want := range map[float64]string{1e-4: "1e-4", 0.25: "0.25", 30: "30", 0.1 + 0.2: "0.3", 2e7: "2e7", 0: "0"} {
		if got := plain(v); got != want {
			t.Errorf("plain(%g) = %q, want %q", v, got, want)
		}
	}
	for n, want := range map[int]string{7: "7", 999: "999", 12000: "12\u202f000", -1234567: "-1\u202f234\u202f567"} {
		if got := whole(n); got != want {
			t.Errorf("whole(%d) = %q, want %q", n, got, want)
		}
	}
	for d, want := range map[time.Duration]string{840 * time.Millisecond: "0.84 s", 14 * time.Second: "14 s", 200 * time.Second: "3 min 20 s", 125 * time.Minute: "2 h 5 min", -1: "–"} {
		if got := seconds(d); got != want {
			t.Errorf("seconds(%v) = %q, want %q", d, got, want)
		}
	}
}
