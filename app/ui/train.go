package ui

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/latco-studio/latco/app/engine"
)

// trainTab trains world models beside the live scene: how far the run is stands on
// top, below it one of three pages: what is to be trained, the curves, the prediction.
type trainTab struct {
	root        *fyne.Container
	desk        *desk
	status      engine.TrainStatus
	start       *button
	pause, stop *button
	rescue      *button // after a failure of the GPU
	note        *text   // what is learned from, where that is not plain
	bar         *meter
	phase, pace *text
	share       *text
	machine     *hint
	trouble     *widget.Label
	failure     fyne.CanvasObject // trouble with its room
	tabs        *segmented
	pages       map[string]fyne.CanvasObject
	setup       *trainSetup
	curves      *trainCurves
	foresight   *trainForesight
	head        *fyne.Container
	lines       [4]bool // of the head that there are
	seen        engine.TrainView
	visible     bool
	page        string
}

// Pages of the Train tab.
const (
	pageSetup   = "setup"
	pageCurves  = "curves"
	pagePredict = "prediction"
)

func newTrainTab(d *desk, presets []string) *trainTab {
	t := &trainTab{desk: d, note: newCaption("learns from the camera's pictures, not from the state"), bar: newMeter(), share: newCaption(""),
		phase: newBold("not training"), pace: newCaption(""), machine: newHint(d, "", ""), trouble: widget.NewLabel("")}
	t.setup, t.curves, t.foresight = newTrainSetup(d, presets), newTrainCurves(d), newTrainForesight(d)
	t.buttons(d)
	t.note.cut, t.phase.cut, t.pace.cut = true, true, true
	t.machine.size = theme.SizeNameCaptionText
	t.trouble.Wrapping, t.trouble.Importance = fyne.TextWrapWord, widget.DangerImportance
	t.failure = container.NewVBox(tight(t.trouble), t.rescue)
	t.failure.Hide()
	t.tabs = newSegmented(d, true, t.open)
	t.tabs.setItems([]segment{{pageSetup, "Setup", "What is to be trained, and how"},
		{pageCurves, "Curves", "Losses, returns and evaluations of the run"},
		{pagePredict, "Prediction", "What the model foresees of an episode it has never seen, and how that sharpened"}})
	t.pages = map[string]fyne.CanvasObject{pageSetup: t.setup.root, pageCurves: t.curves.root, pagePredict: t.foresight.root}

	top := container.New(layout.NewCustomPaddedHBoxLayout(8), t.start, t.pause, t.stop)
	progress := container.New(layout.NewCustomPaddedVBoxLayout(4), container.NewBorder(nil, nil, nil, t.share, t.phase), t.bar, t.pace, t.machine)
	t.head = container.New(layout.NewCustomPaddedVBoxLayout(7), top, t.note, progress, t.failure, t.tabs)
	pages := container.NewStack(t.setup.root, t.curves.root, t.foresight.root)
	t.root = container.NewBorder(container.New(layout.NewCustomPaddedLayout(12, 8, 16, 16), t.head), nil, nil, nil, pages)
	t.open(pageSetup)
	return t
}

func (t *trainTab) buttons(d *desk) {
	t.start = newButton(d, "Train", theme.MediaPlayIcon(), "Train (T)\nTrain a new world model in the background; planning uses it as it gets better.", t.begin)
	t.start.Importance = widget.HighImportance
	t.pause = newButton(d, "Pause", theme.MediaPauseIcon(), "Pause training, or go on with it", t.halt)
	t.rescue = newButton(d, "Go on on the CPU", theme.MediaPlayIcon(), "Go on from the last checkpoint on the CPU", func() {
		d.send(engine.StartTraining{Resume: true, Out: t.seen.Out, Device: engine.DeviceCPU})
	})
	t.stop = newButton(d, "Stop", theme.MediaStopIcon(), "Stop training\nIt saves a checkpoint; the model so far stays.", func() { d.send(engine.StopTraining{}) })
}

// open shows one page.
func (t *trainTab) open(name string) {
	t.page = name
	for n, page := range t.pages {
		setHidden(page, n != name)
	}
	t.tabs.setChosen(name)
	t.foresight.watch(t.visible && t.page == pagePredict)
}

// opened says whether the tab is in sight.
func (t *trainTab) opened(visible bool) {
	if visible && !t.visible {
		t.setup.ask()
	}
	t.visible = visible
	t.foresight.watch(visible && t.page == pagePredict)
}

// begin starts training, or continues it if it is paused.
func (t *trainTab) begin() {
	if t.status == engine.TrainPaused {
		t.desk.send(engine.PauseTraining{On: false})
		return
	}
	if c, ok := t.setup.command(); ok {
		t.desk.send(c)
		if t.page == pageSetup {
			t.open(pageCurves)
		}
	} else {
		t.open(pageSetup)
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
	setText(t.pace, paceWords(v))
	t.use(v.Usage, v.Task != "")
	t.progress(v)
	t.setup.show(s)
	t.curves.show(v)
	t.foresight.show(v)
	t.setup.device.busy = active
	setHidden(t.rescue, !v.DeviceFailed)
	setHidden(t.failure, v.Err == "")
	if v.Err != t.seen.Err {
		t.trouble.SetText(v.Err)
	}
	t.seen = v
	if lines := [4]bool{t.note.Hidden, t.pace.Hidden, t.machine.Hidden, t.failure.Visible()}; lines != t.lines {
		t.lines = lines
		t.root.Refresh()
	}
}

// setText shows a line, and no room for an empty one.
func setText(t *text, s string) {
	t.set(s)
	setHidden(t, s == "")
}

// use says what training takes of the machine.
func (t *trainTab) use(u engine.Usage, begun bool) {
	words := unless(!begun, usageWords(u))
	t.machine.set(words)
	t.machine.tip = "What training takes of the machine\nProcessors and memory are of the whole program, the window included." +
		unless(u.Device == "", "\nComputes on "+u.Device+".") +
		unless(u.Scratch == 0, fmt.Sprintf("\nOf the replay buffer's images %s are in a scratch file.", megabytes(u.Scratch)))
	setHidden(t.machine, words == "")
}

func (t *trainTab) progress(v engine.TrainView) {
	at := 0.0
	switch {
	case v.Total > 0:
		at = float64(v.Updates) / float64(v.Total)
	case v.TotalFrames > 0:
		at = float64(v.Collected) / float64(v.TotalFrames)
	}
	t.bar.set(at)
	t.share.set(unless(v.Task == "", fmt.Sprintf("%.0f %%", 100*min(at, 1))))
}

func trainWords(v engine.TrainView) string {
	of := unless(v.Total == 0, " of "+whole(v.Total))
	switch v.Status {
	case engine.TrainCollecting:
		return fmt.Sprintf("collecting: %s episodes so far", whole(v.Episodes))
	case engine.TrainRunning:
		return whole(v.Updates) + of + " updates" + unless(v.Doing == "updating" || v.Doing == "" || v.Doing == "done", ", "+v.Doing)
	case engine.TrainPaused:
		return "paused at " + whole(v.Updates) + of
	case engine.TrainDone:
		return fmt.Sprintf("done: %s updates", whole(v.Updates))
	case engine.TrainFailed:
		return "failed"
	}
	if v.Task != "" {
		return fmt.Sprintf("stopped after %s updates", whole(v.Updates))
	}
	return "not training"
}

func paceWords(v engine.TrainView) string {
	var parts []string
	if v.Status == engine.TrainRunning && v.Rate > 0 {
		parts = append(parts, figure(v.Rate)+" updates/s")
	}
	if v.TotalFrames > 0 {
		parts = append(parts, fmt.Sprintf("%s of %s frames", whole(v.Collected), whole(v.TotalFrames)))
	} else if v.Episodes > 0 && v.Task != "" {
		parts = append(parts, whole(v.Episodes)+" episodes")
	}
	if v.Status == engine.TrainRunning && v.ETA > 0 {
		parts = append(parts, seconds(v.ETA)+" left")
	}
	return strings.Join(parts, " · ")
}

// usageWords are short enough for one line.
func usageWords(u engine.Usage) string {
	var parts []string
	if u.Cores > 0 {
		parts = append(parts, fmt.Sprintf("%.1f of %d CPUs", u.Cores, u.CPUs))
	}
	if u.Resident > 0 {
		parts = append(parts, "memory "+megabytes(u.Resident))
	}
	if u.CardAll > 0 {
		parts = append(parts, fmt.Sprintf("GPU %s of %s", megabytes(u.Card), megabytes(u.CardAll)))
	}
	if u.Replay > 0 {
		parts = append(parts, "replay "+megabytes(u.Replay))
	}
	if u.Device != "" {
		name, _, _ := strings.Cut(u.Device, ",")
		if strings.Contains(name, "(") && !strings.HasSuffix(name, ")") {
			name += ")"
		}
		parts = append(parts, name)
	}
	return strings.Join(parts, " · ")
}
