package ui

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/latco-studio/latco/app/engine"
)

// press types a key on the canvas: to what has the focus, else to the window.
func (b *bench) press(name fyne.KeyName) {
	if f := b.win.Canvas().Focused(); f != nil {
		f.TypedKey(&fyne.KeyEvent{Name: name})
		return
	}
	b.win.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: name})
}

func TestKeys(t *testing.T) {
	runes := map[string][]engine.Command{
		"p": {engine.Plan{}},
		"r": {engine.Reset{}},
		"R": {engine.Reset{New: true}},
		"1": {engine.SelectPlanner{Name: "latco"}}, // shown as chosen, but a click may be on its way
		"2": {engine.SelectPlanner{Name: "gaussian-latco"}},
		"3": {engine.SelectPlanner{Name: "cem"}},
		"4": {engine.SelectPlanner{Name: "mppi"}},
		"9": nil,
		"w": {engine.Watch{}},
		"m": {engine.SaveBookmark{}},
		"b": nil,
		"g": nil,
		"t": {engine.StartTraining{Preset: "class"}},
		"c": {engine.NextCamera{}},
		"[": {engine.SelectIteration{K: 199}},
		"{": {engine.SelectIteration{K: 190}},
		".": {engine.SelectColumn{T: 0}},
		",": {engine.SelectColumn{T: 30}},
		"x": nil,
	}
	for typed, want := range runes {
		t.Run(typed, func(t *testing.T) {
			b := newBench(t)
			b.planned()
			test.TypeOnCanvas(b.win.Canvas(), typed)
			b.wants(want...)
		})
	}
	names := map[fyne.KeyName][]engine.Command{
		fyne.KeySpace:  {engine.Pause{On: true}},
		fyne.KeyRight:  {engine.Pause{On: true}, engine.StepOnce{}},
		fyne.KeyReturn: {engine.Run{}},
		fyne.KeyEscape: {engine.Stop{}},
	}
	for name, want := range names {
		t.Run(string(name), func(t *testing.T) {
			b := newBench(t)
			b.planned()
			b.press(name)
			b.wants(want...)
		})
	}
}

func TestKeysForthAfterBack(t *testing.T) {
	b := newBench(t)
	b.planned()
	test.TypeOnCanvas(b.win.Canvas(), "{")
	b.wants(engine.SelectIteration{K: 190})
	test.TypeOnCanvas(b.win.Canvas(), "]")
	b.wants(engine.SelectIteration{K: 191})
	test.TypeOnCanvas(b.win.Canvas(), "}")
	b.wants(engine.SelectIteration{K: 200})
}

func TestKeysSleepWhileTyping(t *testing.T) {
	b := newBench(t)
	seed := b.scene.bar.seed
	b.win.Canvas().Focus(seed)
	test.Type(seed, "pr3 ")
	b.press(fyne.KeyRight)
	b.wants()
	b.press(fyne.KeyEscape)
	if seed.Text != "7" {
		t.Errorf("Esc left %q in the field", seed.Text)
	}
	b.wants()
	test.TypeOnCanvas(b.win.Canvas(), "p")
	b.wants(engine.Plan{})
}

func TestKeysWorkWhileAControlHasTheFocus(t *testing.T) {
	b := newBench(t)
	b.planned()
	row := b.side.plan.form.rows[0]
	for _, f := range []fyne.Focusable{row.slide, b.scene.view, b.film.strip, b.film.track, b.top.planners, b.scene.camera, b.scene.bar.speed} {
		b.win.Canvas().Focus(f)
		test.Type(f, "p")
		b.wants(engine.Plan{})
	}
}

func TestKeysAreBlockedByHelp(t *testing.T) {
	b := newBench(t)
	test.TypeOnCanvas(b.win.Canvas(), "?")
	if b.win.Canvas().Overlays().Top() == nil {
		t.Fatal("? shows no help")
	}
	test.TypeOnCanvas(b.win.Canvas(), "p")
	b.wants()
	b.press(fyne.KeyEscape)
	if b.win.Canvas().Overlays().Top() != nil {
		t.Error("Esc does not close the help")
	}
	b.wants()
}

// Every shortcut that does something is told in the help, by itself or by a
// line for its like.
func TestHelpTellsEveryKey(t *testing.T) {
	b := newBench(t)
	told := 0
	for _, s := range b.desk.keys.shortcuts {
		if s.label != "" {
			told++
			if s.help == "" {
				t.Errorf("%s has no explanation", s.label)
			}
		}
	}
	if told < 21 {
		t.Errorf("only %d lines of help", told)
	}
}

func TestFullScene(t *testing.T) {
	b := newBench(t)
	before := b.scene.view.Size()
	test.TypeOnCanvas(b.win.Canvas(), "f")
	if got := b.scene.view.Size(); got.Width < 1430 || got.Height < 890 {
		t.Errorf("the full scene is %v", got)
	}
	b.press(fyne.KeyEscape)
	if got := b.scene.view.Size(); got != before {
		t.Errorf("afterwards the scene is %v, before %v", got, before)
	}
	b.wants() // Esc left the full scene and stopped nothing
}
