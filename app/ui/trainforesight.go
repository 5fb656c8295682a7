package ui

import (
	"fmt"
	"image"
	"math"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"

	"github.com/latco-studio/latco/app/engine"
)

// trainForesight is the page with the open-loop prediction of the run.
type trainForesight struct {
	root  fyne.CanvasObject
	panel *foresight
	none  *text
}

func newTrainForesight(d *desk) *trainForesight {
	t := &trainForesight{panel: newForesight(d), none: newCaption("The first prediction comes with the first updates.")}
	body := container.New(layout.NewCustomPaddedVBoxLayout(5), t.none, t.panel.root)
	t.root = container.NewVScroll(container.New(layout.NewCustomPaddedLayout(2, 10, 16, 16), body))
	t.panel.root.Hide()
	return t
}

func (t *trainForesight) show(v engine.TrainView) {
	t.panel.show(v.OpenLoop, v.Lapse)
	if some := v.OpenLoop != nil || v.Lapse != nil; some == t.panel.root.Hidden {
		setHidden(t.none, some)
		setHidden(t.panel.root, !some)
		t.root.Refresh()
	}
}

// watch says whether the page is in sight: nothing moves unseen.
func (t *trainForesight) watch(visible bool) { t.panel.watch(visible) }

// foresight plays what a model foresees of an episode beside what happened: truth,
// model and error, and the time-lapse of how it sharpened. It is an alarm of the pump.
type foresight struct {
	root    *fyne.Container
	source  *segmented
	words   *hint
	tiles   [3]*pixels
	play    *button
	slider  *slider
	step    *text
	strip   *openLoop
	lapse   *lapseTrack
	lapsing *fyne.Container

	newest  *engine.OpenLoop
	shots   *engine.TimeLapse
	of      *engine.OpenLoop // on display
	wrong   []*image.RGBA
	at      int // time step
	visible bool
	playing bool
	turning bool         // the time-lapse plays
	due     atomic.Int64 // when the next frame or shot is, Unix nanoseconds; 0 never
}

const (
	frameBeat = time.Second / 8
	shotBeat  = time.Second / 6
)

// What is shown.
const (
	showNewest = "newest"
	showLapse  = "lapse"
)

func newForesight(d *desk) *foresight {
	f := &foresight{words: newHint(d, "", ""), step: newCaption(""), strip: newOpenLoop(), playing: true}
	f.words.size = theme.SizeNameCaptionText
	f.source = newSegmented(d, true, f.choose)
	f.source.setItems([]segment{{showNewest, "Newest", "Predictions of the held-out episodes in turn, a new one every few seconds"},
		{showLapse, "Time-lapse", "How the prediction of one episode sharpened over the run"}})
	f.source.setChosen(showNewest)
	tiles := container.NewGridWithColumns(3)
	for i, name := range []string{"truth", "model", "error"} {
		f.tiles[i] = newPixels(92)
		tip := [...]string{"Truth\nWhat was seen.", "Model\nWhat the model foresees from the first frames and the actions alone.",
			"Error\nMean difference of the colours: dark blue none, yellow half of the range."}[i]
		caption := newHint(d, name, tip)
		caption.size = theme.SizeNameCaptionText
		tiles.Add(container.New(layout.NewCustomPaddedVBoxLayout(2), caption, container.New(square{}, f.tiles[i])))
	}
	f.play = newButton(d, "", theme.MediaPauseIcon(), "Play the prediction, or hold it", f.toggle).quiet()
	f.slider = newSlider(d, "Time step of the episode", 1)
	f.slider.OnChanged = func(v float64) {
		if t := int(math.Round(v * float64(f.last()))); t != f.at {
			f.seek(t)
		}
	}
	f.strip.onStep = func(t int) { f.hold(); f.seek(t) }
	f.lapse = newLapseTrack(d, f.shoot)
	turn := newButton(d, "", theme.MediaFastForwardIcon(), "Play the time-lapse from its beginning", f.turn).quiet()
	film := container.NewBorder(nil, nil, tight(f.play), middle(width(84, f.step)), f.slider)
	f.lapsing = container.New(layout.NewCustomPaddedVBoxLayout(2), container.NewBorder(nil, nil, tight(turn), nil, f.lapse), f.lapse.words)
	f.root = container.New(layout.NewCustomPaddedVBoxLayout(5), f.source, f.lapsing, f.words, tiles, film, f.strip)
	f.choose(showNewest)
	return f
}

// square makes its object as high as wide.
type square struct{}

func (square) MinSize(o []fyne.CanvasObject) fyne.Size { return o[0].MinSize() }
func (square) Layout(o []fyne.CanvasObject, size fyne.Size) {
	side := min(size.Width, size.Height)
	o[0].Resize(fyne.NewSquareSize(side))
}

// show follows a run.
func (f *foresight) show(newest *engine.OpenLoop, shots *engine.TimeLapse) {
	changed := newest != f.newest
	f.newest = newest
	setHidden(f.source, newest == nil || shots == nil)
	if shots != f.shots {
		f.shots = shots
		f.lapse.show(shots)
		if newest == nil && shots != nil && f.source.name() == showNewest {
			f.choose(showLapse) // there is nothing else
		} else if f.source.name() == showLapse {
			f.shoot(f.lapse.at)
		}
	}
	if changed && f.source.name() == showNewest {
		f.display(newest)
	}
}

func (f *foresight) choose(name string) {
	f.source.setChosen(name)
	if hidden := name != showLapse; hidden != f.lapsing.Hidden {
		setHidden(f.lapsing, hidden)
		f.root.Refresh()
	}
	f.turning = false
	if name == showLapse {
		f.shoot(f.lapse.at)
	} else {
		f.display(f.newest)
	}
	f.pace()
}

// shoot shows shot i of the time-lapse.
func (f *foresight) shoot(i int) {
	if f.shots == nil || i < 0 || i >= len(f.shots.Shots) {
		f.display(nil)
		return
	}
	of, err := f.shots.Open(i)
	if err != nil {
		f.display(nil)
		f.words.set(err.Error())
		return
	}
	f.display(of)
}

func (f *foresight) display(of *engine.OpenLoop) {
	f.of, f.wrong = of, nil
	words := ""
	if of != nil {
		f.wrong = errorPictures(of)
		words = fmt.Sprintf("update %s · sees %d frames, foresees %d · error %s", whole(of.Updates), of.Context, len(of.Truth)-of.Context, figure(of.Error))
		kept := "The episode was kept out of training."
		if !of.HeldOut {
			kept = "The episode was trained on: the run holds none out."
		}
		f.words.tip = "Open-loop prediction\nThe model sees the first frames and then only the actions; its prior goes on alone. Error: root mean square of what it foresees, pixels in [0, 1]. " + kept
	}
	f.words.set(words)
	f.strip.show(of, f.wrong)
	f.slider.Step = 1 / float64(max(f.last(), 1))
	f.seek(min(f.at, f.last()))
}

func (f *foresight) last() int {
	if f.of == nil {
		return 0
	}
	return max(0, min(len(f.of.Truth), len(f.of.Model))-1)
}

// seek shows a time step.
func (f *foresight) seek(t int) {
	f.at = t
	for i, p := range f.tiles {
		var picture *image.RGBA
		if f.of != nil && t < len(f.wrong) {
			picture = [...]*image.RGBA{f.of.Truth[t], f.of.Model[t], f.wrong[t]}[i]
		}
		p.show(picture)
	}
	f.strip.mark(t)
	seen := ""
	if f.of != nil && t < f.of.Context {
		seen = " seen"
	}
	f.step.set(fmt.Sprintf("%d of %d%s", t, f.last(), seen))
	if v := float64(t) / float64(max(f.last(), 1)); f.slider.Value != v {
		f.slider.Value = v
		f.slider.Refresh()
	}
}

func (f *foresight) toggle() {
	f.playing = !f.playing
	f.pace()
}

// hold stops the film.
func (f *foresight) hold() {
	f.playing = false
	f.pace()
}

// turn plays the time-lapse, or stops it. The film holds at a step that tells much.
func (f *foresight) turn() {
	if f.turning = !f.turning; f.turning {
		if f.at < f.last()/2 {
			f.seek(f.last() * 3 / 4)
		}
		f.playing = false
		f.lapse.seek(0)
	}
	f.pace()
}

func (f *foresight) watch(visible bool) {
	f.visible = visible
	f.pace()
}

// pace sets the alarm to what is to move.
func (f *foresight) pace() {
	if f.playing {
		f.play.icon(theme.MediaPauseIcon())
	} else {
		f.play.icon(theme.MediaPlayIcon())
	}
	if !f.visible || !f.playing && !f.turning {
		f.due.Store(0)
		return
	}
	f.due.Store(time.Now().UnixNano())
}

func (f *foresight) ripe(now time.Time) bool {
	at := f.due.Load()
	return at != 0 && now.UnixNano() >= at
}

func (f *foresight) ring(now time.Time) {
	if f.due.Load() == 0 {
		return
	}
	if f.turning {
		f.due.Store(now.Add(shotBeat).UnixNano())
		if !f.lapse.seek(f.lapse.at + 1) {
			f.turning = false
			f.pace()
		}
		return
	}
	f.due.Store(now.Add(frameBeat).UnixNano())
	if f.last() > 0 {
		f.seek((f.at + 1) % (f.last() + 1))
	}
}
