package ui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"github.com/latco-studio/latco/app/engine"
)

// runsShown opens the Models tab on the made-up runs.
func runsShown(t *testing.T) (*bench, *runList) {
	b := newBench(t)
	b.side.open(tabModels)
	b.wants(engine.ReadRuns{})
	l := b.side.models.runs
	if len(l.rows) != 4 {
		t.Fatalf("%d runs", len(l.rows))
	}
	return b, l
}

func TestRunsAreListed(t *testing.T) {
	_, l := runsShown(t)
	training, done, damaged := l.rows["lottery-20260314"], l.rows["free nats 3"], l.rows["lottery-old"]
	if training.light.color != theme.ColorNameSuccess || training.facts.content != "in training · lottery · class · 840 of 2\u202f000 updates" || !training.going.Disabled() {
		t.Errorf("in training: %q", training.facts.content)
	}
	if done.came.content != "evaluated 0.620, 60 % · best 0.710 · 43.0 MB · 14 Mar 10:09" || done.light.color != theme.ColorNamePrimary {
		t.Errorf("finished: %q", done.came.content)
	}
	if !strings.Contains(damaged.came.content, "truncated") || damaged.light.color != theme.ColorNameError {
		t.Errorf("damaged: %q", damaged.came.content)
	}
}

func TestRunsAreLoadedResumedRenamed(t *testing.T) {
	b, l := runsShown(t)
	row := l.rows["without KL"]
	row.load.press()
	b.wants(engine.LoadModel{Name: "/runs/without KL"})
	row.going.press()
	b.wants(engine.StartTraining{Resume: true, Out: "/runs/without KL"})
	b.enter(row.name, "no KL")
	b.wants(engine.NameRun{From: "without KL", To: "no KL"})
	if l.rows["no KL"] == nil || l.rows["without KL"] != nil {
		t.Error("the list has not taken the new name")
	}
	l.rows["free nats 3"].going.press() // it is finished: how far?
	b.wants()
	if b.win.Canvas().Overlays().Top() == nil {
		t.Error("a finished run is not asked about")
	}
}

func TestRunsAreDeletedAfterAQuestion(t *testing.T) {
	b, l := runsShown(t)
	l.rows["lottery-20260314"].erase.press() // the engine says why not
	b.wants(engine.EraseRun{Name: "lottery-20260314"})
	l.rows["without KL"].erase.press()
	b.wants()
	top := b.win.Canvas().Overlays().Top()
	if top == nil {
		t.Fatal("no question")
	}
	for _, o := range test.LaidOutObjects(top) {
		if a, ok := o.(*answer); ok && a.Text == "Delete" {
			a.Tapped(nil)
		}
	}
	b.wants(engine.EraseRun{Name: "without KL"})
	if l.rows["without KL"] != nil {
		t.Error("the row stays")
	}
}

func TestRunsAreCompared(t *testing.T) {
	b, l := runsShown(t)
	if !l.compare.Disabled() {
		t.Error("nothing is ticked and can be compared")
	}
	names := []string{"free nats 3", "without KL", "lottery-old"}
	for _, n := range names {
		l.rows[n].tick.SetChecked(true)
	}
	l.compare.press()
	b.wants(engine.PlotRuns{Names: names})
	v := l.viewer
	if v.curve.Selected != "evaluation: return" || len(v.chart.plot.curves) != 3 || len(v.chart.plot.curves[1].low) == 0 {
		t.Errorf("%q of %d runs", v.curve.Selected, len(v.chart.plot.curves))
	}
	seen := map[string]bool{}
	for i, c := range v.chart.plot.curves {
		if seen[string(c.color)] || c.dash != dash(i%3) {
			t.Errorf("run %d is drawn like another", i)
		}
		seen[string(c.color)] = true
	}
	v.curve.SetSelected("KL loss")
	v.axis.SetSelected(overTime)
	v.log.SetChecked(true)
	if c := v.chart.plot.curves[0]; !c.log || c.xy[1].X != 0.5 {
		t.Errorf("KL over time: %v", c.xy[1])
	}
	v.toggles[1].turn()
	if len(v.chart.plot.curves) != 2 || !strings.HasPrefix(v.toggles[1].content, "B  without KL") {
		t.Errorf("%d curves, %q", len(v.chart.plot.curves), v.toggles[1].content)
	}
	if n := len(v.table.Objects); n != 3 || v.foresight.of == nil || v.foresight.of.Updates == 0 {
		t.Errorf("%d rows of settings", n)
	}
	v.lapse.SetSelected("lottery-old")
	if last := v.foresight.shots.Shots; last[len(last)-1].Updates > 300 {
		t.Error("the time-lapse is that of another run")
	}
	v.hide()
	b.wants(engine.PlotRuns{})
	l.rows["free nats 3"].tick.SetChecked(false)
	if len(l.chosen) != 2 || l.chosen[0] != "without KL" {
		t.Errorf("chosen are %v", l.chosen)
	}
}

func TestOneRunIsLookedAt(t *testing.T) {
	b, l := runsShown(t)
	l.rows["without KL"].look.press()
	b.wants(engine.PlotRuns{Names: []string{"without KL"}})
	v := l.viewer
	if v.title.content != "Run without KL" || len(v.chart.plot.curves) != 1 || v.foresight.of == nil {
		t.Errorf("%q with %d curves", v.title.content, len(v.chart.plot.curves))
	}
	b.press(fyne.KeyEscape)
	b.wants(engine.PlotRuns{})
	if v.pop != nil || v.foresight.due.Load() != 0 {
		t.Error("Esc does not close the view")
	}
}
