package ui

import (
	"fmt"
	"math"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/latco-studio/latco/app/engine"
	"github.com/latco-studio/latco/app/ui/paint"
)

// trainTab trains the world model beside the live scene.
type trainTab struct {
	root          fyne.CanvasObject
	desk          *desk
	status        engine.TrainStatus
	start         *button
	pause, stop   *button
	preset        *choice
	updates       *entry
	reason        *text
	note          *text // what is learned from, where that is not plain
	bar           *widget.ProgressBar
	phase, pace   *text
	losses        *plot
	lossNames     []*legendItem
	returns       *plot
	returnName    *legendItem
	open          *openLoop
	openWords     *text
	trouble       *widget.Label
	seen          engine.TrainView
	hasReturns    *fyne.Container
	hasPrediction *fyne.Container
}

// The curves of training: key in TrainView.Curves, colour and explanation.
var lossCurves = []struct {
	key   string
	color fyne.ThemeColorName
	tip   string
}{
	{"image", colorViolation, "Image loss\n−log p(o | z): how badly the decoder paints what was seen."},
	{"reward", colorReturn, "Reward loss\n−log p(r | z): how badly the model predicts rewards."},
	{"kl", colorLambda, "KL loss\nKL(posterior ‖ prior), in nats: how far the prediction is from what the image then showed."},
}

func newTrainTab(d *desk, presets []string) *trainTab {
	t := &trainTab{desk: d, reason: newCaption(""), note: newCaption("learns from the camera's pictures, not from the state"), bar: widget.NewProgressBar(), phase: newBold(""), pace: newCaption(""),
		losses: newPlot(110), returns: newPlot(70), open: newOpenLoop(), openWords: newCaption(""), trouble: widget.NewLabel("")}
	t.buttons(d, presets)
	t.openWords.cut, t.reason.cut, t.pace.cut = true, true, true
	t.trouble.Wrapping, t.trouble.Importance = fyne.TextWrapWord, widget.DangerImportance
	t.trouble.Hide()
	t.reason.color = theme.ColorNameError
	t.reason.Hide()
	t.note.cut = true
	legend := container.New(layout.NewCustomPaddedHBoxLayout(9))
	for _, c := range lossCurves {
		item := newLegendItem(d, c.color, c.tip)
		t.lossNames = append(t.lossNames, item)
		legend.Add(item.root)
	}
	t.returnName = newLegendItem(d, colorReal, "Return\nΣ of the rewards of the episodes collected while training.")
	t.hasReturns = container.New(layout.NewCustomPaddedVBoxLayout(4), t.returnName.root, t.returns)
	t.hasPrediction = container.New(layout.NewCustomPaddedVBoxLayout(4), t.openWords, t.open)

	settings := container.New(fieldLayout{}, newHint(d, "Preset", t.preset.tip), tight(t.preset))
	amount := container.New(fieldLayout{}, newHint(d, "Updates", t.updates.tip), tight(t.updates))
	progress := container.New(layout.NewCustomPaddedVBoxLayout(4), t.phase, tight(t.bar), t.pace)
	body := container.New(layout.NewCustomPaddedVBoxLayout(8), settings, amount, t.note, t.reason, progress, t.trouble,
		legend, t.losses, t.hasReturns, t.hasPrediction)
	scroll := container.NewVScroll(container.New(layout.NewCustomPaddedLayout(0, 10, 16, 16), body))
	top := container.New(layout.NewCustomPaddedHBoxLayout(8), t.start, t.pause, t.stop)
	t.root = container.NewBorder(container.New(layout.NewCustomPaddedLayout(12, 6, 16, 16), top), nil, nil, nil, scroll)
	return t
}

func (t *trainTab) buttons(d *desk, presets []string) {
	t.start = newButton(d, "Train", theme.MediaPlayIcon(), "Train (T)\nCollect data and train a new world model in the background; planning uses it as it gets better.", t.begin)
	t.start.Importance = widget.HighImportance
	t.pause = newButton(d, "Pause", theme.MediaPauseIcon(), "Pause training, or go on with it", t.halt)
	t.stop = newButton(d, "Stop", theme.MediaStopIcon(), "Stop training\nIt saves a checkpoint; the model so far stays.", func() { d.send(engine.StopTraining{}) })
	t.preset = newChoice(d, presets, "Preset\nclass: small, learns this task in minutes. paper: the size used in the paper.", nil)
	if len(presets) > 0 {
		t.preset.Selected = presets[0]
	}
	t.updates = newEntry(d, "Updates\nGradient steps to take: a whole number ≥ 1; empty takes the preset's.", func(string) { t.readUpdates() })
	t.updates.PlaceHolder = "as the preset says"
}

// readUpdates is the number typed, 0 if none, and whether it is one.
func (t *trainTab) readUpdates() (int, bool) {
	n, err := 0, error(nil)
	if t.updates.Text != "" {
		n, err = strconv.Atoi(t.updates.Text)
	}
	ok := err == nil && n >= 0 && (n > 0 || t.updates.Text == "")
	if ok {
		t.reason.set("")
	} else {
		t.reason.set(quoted(t.updates.Text) + " is not a whole number ≥ 1")
	}
	setHidden(t.reason, ok)
	return n, ok
}

// begin starts training, or continues it if it is paused.
func (t *trainTab) begin() {
	if t.status == engine.TrainPaused {
		t.desk.send(engine.PauseTraining{On: false})
		return
	}
	if n, ok := t.readUpdates(); ok {
		t.desk.send(engine.StartTraining{Preset: t.preset.Selected, Updates: n})
	}
}

func (t *trainTab) halt() { t.desk.send(engine.PauseTraining{On: t.status != engine.TrainPaused}) }

// toggle is key T: start, pause, go on.
func (t *trainTab) toggle() {
	if t.running() {
		t.halt()
	} else {
		t.begin()
	}
}

func (t *trainTab) running() bool {
	return t.status == engine.TrainCollecting || t.status == engine.TrainRunning
}

func (t *trainTab) show(s *engine.State) {
	v := s.Train
	t.status = v.Status
	active := t.running() || v.Status == engine.TrainPaused
	t.start.able(!t.running() && s.Task.ActionDim > 0)
	setHidden(t.note, s.Task.Group != "gym")
	t.pause.able(active)
	t.stop.able(active)
	if v.Status == engine.TrainPaused {
		t.pause.label("Go on")
		t.pause.icon(theme.MediaPlayIcon())
	} else {
		t.pause.label("Pause")
		t.pause.icon(theme.MediaPauseIcon())
	}
	t.phase.set(unless(v.Task == "" || v.Task == s.Task.Name, v.Title+": ") + trainWords(v))
	t.pace.set(paceWords(v))
	t.progress(v)
	t.curves(v)
	t.prediction(v)
	if hidden := v.Err == ""; hidden != t.trouble.Hidden || v.Err != t.seen.Err {
		t.trouble.Hidden = hidden
		t.trouble.SetText(v.Err)
	}
	t.seen = v
}

func (t *trainTab) progress(v engine.TrainView) {
	at := 0.0
	if v.Total > 0 {
		at = float64(v.Updates) / float64(v.Total)
	}
	if t.bar.Value != at {
		t.bar.SetValue(at)
	}
}

func trainWords(v engine.TrainView) string {
	switch v.Status {
	case engine.TrainCollecting:
		return fmt.Sprintf("collecting data: %d episodes", v.Episodes)
	case engine.TrainRunning:
		return fmt.Sprintf("%s of %s updates", whole(v.Updates), whole(v.Total))
	case engine.TrainPaused:
		return fmt.Sprintf("paused at %s of %s", whole(v.Updates), whole(v.Total))
	case engine.TrainDone:
		return fmt.Sprintf("done: %s updates", whole(v.Updates))
	case engine.TrainFailed:
		return "failed"
	}
	return "not training"
}

func paceWords(v engine.TrainView) string {
	if v.Status != engine.TrainRunning || v.Rate <= 0 {
		return ""
	}
	return fmt.Sprintf("%s updates/s · %s left", figure(v.Rate), seconds(v.ETA))
}

// curves redraws what has grown. A curve that is absent has no legend.
func (t *trainTab) curves(v engine.TrainView) {
	if !grown(t.seen.Curves, v.Curves) && t.seen.Status == v.Status && t.losses.curves != nil {
		return
	}
	var cs []curve
	for i, c := range lossCurves {
		points := v.Curves[c.key]
		if len(points) == 0 {
			t.lossNames[i].set(c.key)
			continue
		}
		cs = append(cs, curve{color: c.color, log: true, xy: vectors(points)})
		t.lossNames[i].set(c.key + " " + figure(points[len(points)-1].Y))
	}
	t.losses.set(cs, math.NaN())
	returns := v.Curves["return"]
	if t.hasReturns.Hidden = len(returns) == 0; !t.hasReturns.Hidden {
		t.returns.set([]curve{{color: colorReal, xy: vectors(returns)}}, math.NaN())
		t.returnName.set("return of episodes " + figure(returns[len(returns)-1].Y))
	}
}

// grown reports whether any curve has other points than before.
func grown(before, now map[string][]engine.Point) bool {
	if len(before) != len(now) {
		return true
	}
	for k, points := range now {
		old := before[k]
		if len(old) != len(points) || len(points) > 0 && old[len(old)-1] != points[len(points)-1] {
			return true
		}
	}
	return false
}

func vectors(points []engine.Point) []paint.Vec {
	out := make([]paint.Vec, len(points))
	for i, p := range points {
		out[i] = paint.Vec{X: float64(p.Updates), Y: p.Y}
	}
	return out
}

func (t *trainTab) prediction(v engine.TrainView) {
	t.hasPrediction.Hidden = v.OpenLoop == nil
	if v.OpenLoop == nil || v.OpenLoop == t.seen.OpenLoop {
		return
	}
	t.openWords.set(fmt.Sprintf("above: truth · below: prediction after %d frames · update %s",
		v.OpenLoop.Context, whole(v.OpenLoop.Updates)))
	t.open.show(v.OpenLoop)
}
