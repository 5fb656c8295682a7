package ui

import (
	"fmt"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/latco-studio/latco/app/engine"
)

// statusBar says what is going on, in a sentence, and a few facts at the right.
type statusBar struct {
	root     fyne.CanvasObject
	desk     *desk
	light    *light
	sentence *text
	details  *button
	facts    *text
	status   engine.Status
	model    engine.ModelInfo
	saved    time.Time
	clock    *clock
}

func newStatusBar(d *desk, c *clock) *statusBar {
	b := &statusBar{desk: d, clock: c, light: newLight(), sentence: newText(""), facts: newCaption("")}
	b.sentence.cut, b.sentence.size = true, theme.SizeNameCaptionText
	b.details = newButton(d, "Details", nil, "The whole error", b.explain).quiet()
	b.details.Hide()
	c.onSecond = b.second
	row := container.NewBorder(nil, nil, container.New(layout.NewCustomPaddedHBoxLayout(8), b.light, gap(0)),
		container.New(layout.NewCustomPaddedHBoxLayout(8), middle(tight(b.details)), b.facts), b.sentence)
	b.root = newBar(container.NewBorder(rule(), nil, nil, nil, container.New(layout.NewCustomPaddedLayout(4, 4, 14, 14), row)))
	return b
}

var levelColor = map[engine.Level]fyne.ThemeColorName{
	engine.Info:    theme.ColorNameSuccess,
	engine.Busy:    theme.ColorNamePrimary,
	engine.Warning: theme.ColorNameWarning,
	engine.Failure: theme.ColorNameError,
}

func (b *statusBar) show(s *engine.State) {
	b.status, b.model, b.saved = s.Status, s.Model, s.Train.LastSave
	b.light.set(levelColor[s.Status.Level])
	b.sentence.set(s.Status.Text)
	if hidden := s.Status.Details == ""; hidden != b.details.Hidden {
		b.details.Hidden = hidden
		b.root.Refresh()
	}
	b.second(time.Now())
}

// second renews the facts that change with time.
func (b *statusBar) second(now time.Time) {
	words := b.clock.words()
	if b.model.Name != "" {
		words += fmt.Sprintf("     model %s, %s updates", b.model.Name, whole(b.model.Updates))
	} else {
		words += "     no model"
	}
	if !b.saved.IsZero() {
		words += "     saved " + ago(b.saved, now)
	}
	b.facts.set(words)
}

// closing says that the window is about to go.
func (b *statusBar) closing() {
	b.light.set(theme.ColorNamePrimary)
	b.sentence.set("Closing: saving what can be saved …")
}

// explain shows the whole error, to be read and copied.
func (b *statusBar) explain() {
	full := widget.NewLabel(b.status.Text + "\n\n" + b.status.Details)
	full.Wrapping = fyne.TextWrapWord
	full.Selectable = true
	d := dialog.NewCustom("What happened", "Close", container.NewVScroll(full), b.desk.window)
	d.Resize(fyne.NewSize(620, 320))
	d.Show()
}
