package ui

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/latco-studio/latco/app/engine"
)

// topBar chooses the task and the planner. What is chosen is what happens.
type topBar struct {
	root     fyne.CanvasObject
	file     *button
	task     *button
	summary  *text
	planners *segmented
	chip     *chip
}

// topActions are what the buttons at the right do.
type topActions struct {
	file, browse, theme, panel, help func()
}

func newTopBar(d *desk, do topActions) *topBar {
	b := &topBar{summary: newCaption(""), chip: newChip(d)}
	b.summary.cut = true
	b.file = newButton(d, "File", nil, "Open a scene, keep a state, quit", do.file).quiet()
	b.task = newButton(d, "", theme.GridIcon(), "", do.browse)
	b.planners = newSegmented(d, true, func(name string) { d.send(engine.SelectPlanner{Name: name}) })
	appearance := newButton(d, "", theme.ColorPaletteIcon(), "Light or dark", do.theme).quiet()
	side := newButton(d, "", theme.MenuIcon(), "Show or hide the side panel", do.panel).quiet()
	help := newButton(d, "", theme.QuestionIcon(), "Help (F1 or ?)\nAll keys.", do.help).quiet()
	title := newBold("LatCo Studio")
	title.size = theme.SizeNameSubHeadingText

	left := container.New(layout.NewCustomPaddedHBoxLayout(14), title, middle(tight(b.file)), middle(b.task), middle(b.planners))
	right := container.New(layout.NewCustomPaddedHBoxLayout(2), middle(b.chip), gap(0), middle(appearance), middle(side), middle(help))
	row := container.NewBorder(nil, nil, left, right, container.New(layout.NewCustomPaddedLayout(0, 0, 10, 10), b.summary))
	b.root = newBar(container.New(layout.NewCustomPaddedLayout(7, 7, 14, 10), row))
	return b
}

func (b *topBar) show(s *engine.State) {
	b.task.label(shortTitle(s.Task.Title))
	b.summary.set(s.Task.Summary)
	b.task.tip = fmt.Sprintf("%s: choose another task (B)\n%s %s", s.Task.Title, s.Task.Summary, s.Task.Success)
	items := make([]segment, len(s.Planners))
	for i, p := range s.Planners {
		items[i] = segment{Name: p.Name, Title: p.Title, Tip: fmt.Sprintf("%s (%d)\n%s", p.Title, i+1, p.Help)}
	}
	b.planners.setItems(items)
	b.planners.setChosen(s.Planner.Name)
	b.chip.show(s)
}

// maxTitle characters of a title fit into the bar of the smallest window.
const maxTitle = 20

func shortTitle(title string) string {
	if r := []rune(title); len(r) > maxTitle {
		return string(r[:maxTitle-1]) + "…"
	}
	return title
}

// middle centres an object vertically and lets it keep its height.
func middle(o fyne.CanvasObject) fyne.CanvasObject {
	return container.New(centred{}, o)
}

type centred struct{}

func (centred) MinSize(o []fyne.CanvasObject) fyne.Size { return o[0].MinSize() }
func (centred) Layout(o []fyne.CanvasObject, size fyne.Size) {
	h := o[0].MinSize().Height
	o[0].Move(fyne.NewPos(0, (size.Height-h)/2))
	o[0].Resize(fyne.NewSize(size.Width, h))
}

// chip says in a few words which model there is and how training goes.
type chip struct {
	widget.BaseWidget
	light *light
	words *hint
}

func newChip(d *desk) *chip {
	c := &chip{light: newLight(), words: newHint(d, "no model", "")}
	c.words.cut, c.words.color, c.words.size = false, theme.ColorNameForeground, theme.SizeNameCaptionText
	c.ExtendBaseWidget(c)
	return c
}

func (c *chip) show(s *engine.State) {
	words, color := "model "+shortTitle(s.Model.Name), theme.ColorNameSuccess
	if s.Model.Name == "" {
		words, color = "no model", theme.ColorNameDisabled
	}
	switch s.Train.Status {
	case engine.TrainCollecting:
		words, color = fmt.Sprintf("collecting · %s frames", whole(s.Train.Frames)), theme.ColorNamePrimary
	case engine.TrainRunning:
		words, color = fmt.Sprintf("training %s upd/s", figure(s.Train.Rate)), theme.ColorNameSuccess
	case engine.TrainPaused:
		words, color = "training paused", theme.ColorNameWarning
	case engine.TrainFailed:
		words, color = "training failed", theme.ColorNameError
	}
	c.words.set(words)
	c.words.tip = modelWords(s.Model)
	if s.Train.Status != engine.TrainIdle && s.Train.Task != s.Task.Name {
		c.words.tip += "\nIn training: " + s.Train.Title + ", " + trainWords(s.Train) + "."
	}
	c.light.set(color)
}

func modelWords(m engine.ModelInfo) string {
	if m.Name == "" {
		return "No world model\nLoad the bundled one or train one: tabs Models and Train."
	}
	return fmt.Sprintf("World model %s\nPreset %s, %s updates, %s.", m.Name, m.Preset, whole(m.Updates), m.Source)
}

func (c *chip) CreateRenderer() fyne.WidgetRenderer {
	row := container.New(layout.NewCustomPaddedHBoxLayout(7), c.light, c.words)
	return widget.NewSimpleRenderer(newPanel(colorPanel, 13, true, container.New(layout.NewCustomPaddedLayout(5, 5, 12, 12), row)))
}

// light is a small round lamp.
type light struct {
	widget.BaseWidget
	color fyne.ThemeColorName
}

func newLight() *light {
	l := &light{color: theme.ColorNameDisabled}
	l.ExtendBaseWidget(l)
	return l
}

func (l *light) set(color fyne.ThemeColorName) {
	if l.color != color {
		l.color = color
		l.Refresh()
	}
}

func (l *light) CreateRenderer() fyne.WidgetRenderer {
	r := &lightRenderer{l: l, dot: canvas.NewCircle(nil)}
	r.Refresh()
	return r
}

type lightRenderer struct {
	l   *light
	dot *canvas.Circle
}

func (r *lightRenderer) MinSize() fyne.Size { return fyne.NewSize(9, 9) }
func (r *lightRenderer) Layout(size fyne.Size) {
	r.dot.Move(fyne.NewPos(0, (size.Height-9)/2))
	r.dot.Resize(fyne.NewSize(9, 9))
}
func (r *lightRenderer) Refresh() {
	r.dot.FillColor = theme.ColorForWidget(r.l.color, r.l)
	r.dot.Refresh()
}
func (r *lightRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.dot} }
func (r *lightRenderer) Destroy()                     {}
