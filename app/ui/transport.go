package ui

import (
	"fmt"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"

	"github.com/latco-studio/latco/app/engine"
)

// transport holds the scene's clock: where it starts, pause, single step, speed, seed.
type transport struct {
	root   fyne.CanvasObject
	desk   *desk
	paused bool
	same   *button // start
	fresh  *button // start
	play   *button
	step   *button
	speed  *choice
	seed   *entry
}

var speeds = []float64{0.1, 0.25, 0.5, 1, 2, 5, 10}

func newTransport(d *desk) *transport {
	t := &transport{desk: d}
	t.same = newButton(d, "same", theme.MediaSkipPreviousIcon(), "Same start again (R)\nThis episode from its beginning, with the same seed.", t.reset).quiet()
	t.fresh = newButton(d, "new", theme.ViewRefreshIcon(), "New random start (Shift+R)\nAn episode that begins elsewhere: the next seed.", t.newStart).quiet()
	t.play = newButton(d, "", theme.MediaPauseIcon(), "Pause or go on (Space)", t.toggle).quiet()
	t.step = newButton(d, "step", theme.MediaSkipNextIcon(), "One step (→)\nPause and advance by one control step.", t.stepOnce).quiet()
	names := make([]string, len(speeds))
	for i, f := range speeds {
		names[i] = speedName(f)
	}
	t.speed = newChoice(d, names, "Speed\nRatio of simulated to real time.", t.pickSpeed)
	t.seed = newEntry(d, "Seed\nWhere the episode starts: the same seed gives the same start. A whole number.", t.setSeed)

	row := container.New(layout.NewCustomPaddedHBoxLayout(2), newCaption("  start"), t.same, t.fresh, t.play, t.step,
		middle(tight(width(70, t.speed))), newCaption("  seed "), middle(tight(width(64, t.seed))), gap(0))
	t.root = newPanel(colorOverlay, 7, true, container.New(layout.NewCustomPaddedLayout(2, 2, 4, 4), row))
	return t
}

func speedName(f float64) string { return strconv.FormatFloat(f, 'g', 3, 64) + "×" }

func (t *transport) reset()    { t.desk.send(engine.Reset{}) }
func (t *transport) newStart() { t.desk.send(engine.Reset{New: true}) }
func (t *transport) toggle()   { t.desk.send(engine.Pause{On: !t.paused}) }

func (t *transport) stepOnce() {
	if !t.paused {
		t.desk.send(engine.Pause{On: true})
	}
	t.desk.send(engine.StepOnce{})
}

func (t *transport) pickSpeed(name string) {
	for _, f := range speeds {
		if speedName(f) == name {
			t.desk.send(engine.SetSpeed{Factor: f})
		}
	}
}

func (t *transport) setSeed(s string) {
	seed, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		t.seed.SetText(t.seed.kept)
		return
	}
	t.desk.send(engine.Reset{Seed: &seed})
}

func (t *transport) show(s *engine.State) {
	t.paused = s.Paused
	if s.Paused {
		t.play.icon(theme.MediaPlayIcon())
	} else {
		t.play.icon(theme.MediaPauseIcon())
	}
	t.speed.setChosen(speedName(s.Speed))
	t.seed.setText(fmt.Sprint(s.Seed))
}
