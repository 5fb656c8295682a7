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

func TestTrainTab(t *testing.T) {
	b := newBench(t)
	tab := b.side.train
	b.enter(tab.setup.updates, "20")
	tab.setup.preset.SetSelected("paper")
	tab.start.press()
	b.wants(engine.StartTraining{Preset: "paper", Updates: 20})
	if tab.page != pageCurves {
		t.Errorf("the page is %s", tab.page)
	}
	tab.start.press() // disabled: training is on
	b.wants()
	tab.pause.press()
	b.wants(engine.PauseTraining{On: true})
	if tab.pause.Text != "Go on" {
		t.Errorf("paused, the button says %q", tab.pause.Text)
	}
	test.TypeOnCanvas(b.win.Canvas(), "t")
	b.wants(engine.PauseTraining{On: false})
	tab.stop.press()
	b.wants(engine.StopTraining{})
}

func TestTrainTabRefusesInWords(t *testing.T) {
	b := newBench(t)
	tab := b.side.train
	for _, typed := range []string{"-1", "0", "few", "1.5"} {
		b.enter(tab.setup.updates, typed)
		tab.start.press()
		b.wants()
		if tab.setup.reason.Hidden || tab.setup.reason.content != quoted(typed)+" is not a whole number ≥ 1" {
			t.Errorf("%q: %q", typed, tab.setup.reason.content)
		}
	}
	b.enter(tab.setup.updates, "")
	b.enter(tab.setup.seed, "-3")
	tab.start.press()
	b.wants()
	if tab.setup.reason.content != "“-3” is not a whole number ≥ 0" {
		t.Errorf("seed: %q", tab.setup.reason.content)
	}
}

// setupRow finds a setting of a training by its key.
func (b *bench) setupRow(key string) *fieldRow {
	b.t.Helper()
	if !b.side.train.visible {
		b.side.open(tabTrain)
		b.eng.Commands() // it asks for data sets
	}
	b.side.train.open(pageSetup)
	for _, f := range b.side.train.setup.forms {
		for i, field := range f.fields {
			if field.Key == key {
				if f.form.rest.Hidden && i >= f.form.first {
					test.Tap(f.form.more)
				}
				return f.form.rows[i]
			}
		}
	}
	b.t.Fatalf("no row %q", key)
	return nil
}

// Every setting of model and run has a row, and what is changed goes along.
func TestTrainingSettingsGoAlong(t *testing.T) {
	b := newBench(t)
	setup := b.side.train.setup
	model, run, err := engine.TrainingFields("class")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range append(model, run...) {
		if f.Key != "updates" {
			b.setupRow(f.Key)
		}
	}
	b.enter(b.setupRow("free_nats").number, "2.5")
	b.enter(b.setupRow("eval_updates").number, "500")
	setup.source.choose(1)
	b.enter(b.setupRow("exploration_noise").number, "0.1") // nothing is explored offline
	setup.source.choose(0)
	if got := setup.differ.content; got != "2 of the settings differ from class" {
		t.Errorf("the page says %q", got)
	}
	b.side.train.start.press()
	b.wants(engine.StartTraining{Preset: "class", Fields: map[string]string{"free_nats": "2.5", "eval_updates": "500"}})
	b.eng.Do(engine.StopTraining{})
	b.eng.Commands()
	b.refresh()

	setup.source.choose(1)
	setup.planner.SetSelected("CEM")
	b.enter(setup.seed, "7")
	setup.toggleTask("push")
	b.side.train.start.press()
	b.wants(engine.StartTraining{Preset: "class", Planner: "cem", Seed: 7, Beside: []string{"push"},
		Fields: map[string]string{"free_nats": "2.5", "eval_updates": "500", "exploration_noise": "0.1", "frames": "50000"}})
	if setup.also.Text != "this task, push" || setup.online.Hidden || !setup.offline.Hidden {
		t.Errorf("learns %q", setup.also.Text)
	}
}

func TestTrainingSettingsAreChecked(t *testing.T) {
	b := newBench(t)
	row := b.setupRow("held_out")
	b.enter(row.number, "0.7")
	b.side.train.open(pageCurves)
	b.side.train.start.press()
	b.wants()
	if row.reason.content != "“0.7” is not a number in [0, 0.5]" || b.side.train.page != pageSetup {
		t.Errorf("reason %q on page %s", row.reason.content, b.side.train.page)
	}
	b.enter(row.number, "0.1")
	b.enter(row.number, "0.05") // as it was
	b.side.train.start.press()
	b.wants(engine.StartTraining{Preset: "class"})
}

func TestADataSetIsChosen(t *testing.T) {
	b := newBench(t)
	b.edit(func(s *engine.State) {
		s.Data.Sets = []engine.DataSet{{Dir: "/d/one", Name: "one", Task: "lottery", Episodes: 120}, {Dir: "/d/two", Name: "two", Task: "push", Episodes: 9}}
	})
	setup := b.side.train.setup
	if len(setup.data.Options) != 3 || setup.data.Options[1] != "one · 120 episodes" {
		t.Fatalf("data sets %v", setup.data.Options)
	}
	setup.data.SetSelected("one · 120 episodes")
	b.side.train.start.press()
	b.wants(engine.StartTraining{Preset: "class", Data: "/d/one"})
}

func TestTrainProgress(t *testing.T) {
	b := newBench(t)
	b.eng.Do(engine.StartTraining{Preset: "class"})
	b.refresh()
	tab := b.side.train
	if tab.phase.content != "840 of 2\u202f000 updates" || tab.pace.content != "61.0 updates/s · 100 episodes · 19 s left" || math.Abs(tab.bar.at-0.42) > 1e-9 {
		t.Errorf("%q, %q, %g", tab.phase.content, tab.pace.content, tab.bar.at)
	}
	if want := "1.4 of 2 CPUs · memory 612 MB · replay 184 MB · cpu (oneDNN 2.6.3)"; tab.machine.content != want {
		t.Errorf("usage %q", tab.machine.content)
	}
	if len(tab.curves.losses.plot.curves) != 3 || tab.curves.returns.root.Hidden || tab.curves.success.root.Hidden || tab.foresight.panel.of == nil {
		t.Error("curves, returns, success or prediction are missing")
	}
	b.edit(func(s *engine.State) { s.Train.Status, s.Train.Err = engine.TrainFailed, "the loss is not a number" })
	if !tab.failure.Visible() || tab.trouble.Text != "the loss is not a number" {
		t.Error("the error is not told")
	}
	b.edit(func(s *engine.State) {
		s.Train.Status, s.Train.Err, s.Train.Doing = engine.TrainRunning, "", "evaluating"
		s.Train.Total, s.Train.Collected, s.Train.TotalFrames = 0, 20_000, 50_000
	})
	if tab.phase.content != "840 updates, evaluating" || tab.pace.content != "61.0 updates/s · 20\u202f000 of 50\u202f000 frames · 19 s left" || tab.bar.at != 0.4 {
		t.Errorf("online: %q, %q, %g", tab.phase.content, tab.pace.content, tab.bar.at)
	}
}

func TestCurvesAreChosenAndPointedAt(t *testing.T) {
	b := newBench(t)
	b.eng.Do(engine.StartTraining{Preset: "class"})
	b.refresh()
	c := b.side.train.curves
	c.toggles[0].Tapped(nil) // total
	c.toggles[1].TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	if got := c.losses.plot.curves; len(got) != 3 || got[0].color != lossCurves[0].color || got[1].color != lossCurves[2].color || !got[0].log {
		t.Errorf("%d curves", len(got))
	}
	c.log.SetChecked(false)
	c.axis.SetSelected(overTime)
	if got := c.losses.plot.curves[0]; got.log || got.xy[10].X != 5 {
		t.Errorf("over time, linear: %v, log %v", got.xy[10], got.log)
	}
	c.losses.plot.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(0, 5)}})
	first := b.eng.State().Train.Curves["kl"][0]
	if want := "KL " + figure(first.Y); c.toggles[3].content != want || c.returns.chart.plot.cursor != 0 {
		t.Errorf("%q, want %q; the cursor of the returns is at %g", c.toggles[3].content, want, c.returns.chart.plot.cursor)
	}
	if a, b := c.losses.plot.span, c.success.chart.plot.span; a != b || a != [2]float64{0, 41.5} {
		t.Errorf("the losses are over %v, success over %v", a, b)
	}
	c.losses.plot.MouseOut()
	if !math.IsNaN(c.returns.chart.plot.cursor) {
		t.Error("the cursor stays")
	}
	if e := c.returns.chart.plot.curves[0]; !e.marks || len(e.low) != len(e.xy) || e.high[0]-e.low[0] != 3 {
		t.Errorf("evaluations %v to %v", e.low, e.high)
	}
}

// The film plays in sight only; the time-lapse is scrubbed and played.
func TestForesight(t *testing.T) {
	b := newBench(t)
	b.eng.Do(engine.StartTraining{Preset: "class"})
	b.refresh()
	tab := b.side.train
	f := tab.foresight.panel
	now := time.Now().Add(time.Minute)
	if f.ripe(now) {
		t.Error("the film plays unseen")
	}
	b.side.open(tabTrain)
	tab.open(pagePredict)
	if !f.ripe(now) {
		t.Fatal("the film does not play")
	}
	f.ring(now)
	if f.at != 1 || f.tiles[0].picture != f.of.Truth[1] || f.tiles[1].picture != f.of.Model[1] || f.tiles[2].picture != f.wrong[1] || f.step.content != "1 of 29 seen" {
		t.Errorf("at step %d: %q", f.at, f.step.content)
	}
	for range 28 {
		f.ring(now)
	}
	if f.ring(now); f.at != 0 {
		t.Errorf("after the last step comes %d", f.at)
	}
	f.source.choose(1)
	shots := b.eng.State().Train.Lapse.Shots
	if n := len(shots); f.lapse.at != n-1 || f.of.Updates != shots[n-1].Updates {
		t.Errorf("the time-lapse begins at shot %d of %d", f.lapse.at, n)
	}
	f.lapse.TypedKey(&fyne.KeyEvent{Name: fyne.KeyHome})
	if f.of.Updates != 1 || f.lapse.at != 0 {
		t.Errorf("Home goes to update %d", f.of.Updates)
	}
	grown := lapseOf(b, 1000)
	b.edit(func(s *engine.State) { s.Train.Lapse = grown })
	if f.lapse.at != 0 || f.of.Updates != 1 { // the chosen one stays
		t.Errorf("a longer time-lapse moves to shot %d", f.lapse.at)
	}
	f.turn()
	for i := 1; i < len(grown.Shots); i++ {
		if f.ring(now); f.lapse.at != i {
			t.Fatalf("played %d shots, at %d", i, f.lapse.at)
		}
	}
	if f.ring(now); f.turning || f.ripe(now) {
		t.Error("the time-lapse does not end")
	}
	b.side.open(tabPlan)
	if f.toggle(); f.ripe(now) {
		t.Error("plays behind another tab")
	}
}

// lapseOf is the time-lapse of a longer run.
func lapseOf(b *bench, updates int) *engine.TimeLapse {
	l := *b.eng.State().Train.Lapse
	last := l.Shots[len(l.Shots)-1]
	last.Updates = updates
	shots, open := append(l.Shots[:len(l.Shots):len(l.Shots)], last), l.Open
	return &engine.TimeLapse{Shots: shots, Open: func(i int) (*engine.OpenLoop, error) { return open(min(i, len(shots)-2)) }}
}

// What is wrong is bright, what is right dark.
func TestErrorPictures(t *testing.T) {
	b := newBench(t)
	b.eng.Do(engine.StartTraining{Preset: "class"})
	of := b.eng.State().Train.OpenLoop
	of.Model[0] = of.Truth[0]
	wrong := errorPictures(of)
	none := wrong[0].RGBAAt(30, 30)
	brightest := uint8(0)
	for i := 0; i < len(wrong[29].Pix); i += 4 {
		brightest = max(brightest, wrong[29].Pix[i])
	}
	if none.R != 0 || brightest < 0x60 {
		t.Errorf("no error is %v, the largest %d", none, brightest)
	}
}

func TestTicks(t *testing.T) {
	for _, c := range []struct {
		got, want []float64
	}{
		{ticks(0, 10, 5), []float64{0, 2, 4, 6, 8, 10}},
		{ticks(-0.3, 1.1, 4), []float64{0, 0.5, 1}},
		{ticks(840, 840, 4), nil},
		{ticks(math.Inf(-1), 1, 4), nil},
		{logTicks(-3.2, 2.5, 4), []float64{-2, 0, 2}},
		{logTicks(0, 0.8, 4), []float64{0, math.Log10(2), math.Log10(5)}},
	} {
		same := len(c.got) == len(c.want)
		for i := range c.want {
			same = same && math.Abs(c.got[i]-c.want[i]) < 1e-9
		}
		if !same {
			t.Errorf("%v, want %v", c.got, c.want)
		}
	}
	if got := clockWords(95 * time.Minute); got != "95 min" {
		t.Errorf("%q", got)
	}
}
