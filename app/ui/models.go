package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"

	"github.com/latco-studio/latco/app/engine"
)

// modelsTab shows which world model plans, and loads another.
type modelsTab struct {
	root                          fyne.CanvasObject
	desk                          *desk
	name, preset, updates, source *text
	advice                        *text
	runs                          *runList
	visible                       bool
}

// newModelsTab offers the models that come with the program by name.
func newModelsTab(d *desk, bundled []string) *modelsTab {
	t := &modelsTab{desk: d, name: newBold(""), preset: newText(""), updates: newText(""), source: newText(""), advice: newCaption(""), runs: newRunList(d)}
	t.name.size = theme.SizeNameSubHeadingText
	t.source.cut = true
	buttons := container.New(layout.NewCustomPaddedVBoxLayout(6))
	for _, name := range bundled {
		buttons.Add(newButton(d, "Load “"+name+"” (bundled)", theme.DownloadIcon(), "Load the model that comes with the program",
			func() { d.send(engine.LoadModel{Name: name}) }))
	}
	buttons.Add(newButton(d, "Open a checkpoint …", theme.FolderOpenIcon(), "Load a model from a file that training has written", t.open))
	body := container.New(layout.NewCustomPaddedVBoxLayout(10), t.name, t.advice,
		container.NewGridWithColumns(2, fact("preset", t.preset), fact("gradient updates", t.updates)),
		fact("comes from", t.source), buttons, gap(2), t.runs.root)
	t.root = container.NewVScroll(container.New(layout.NewCustomPaddedLayout(14, 10, 16, 16), body))
	return t
}

func (t *modelsTab) show(s *engine.State) {
	t.runs.show(s)
	m := s.Model
	if m.Name == "" {
		t.name.set("No world model")
		t.advice.set("Load one below, or train one in the Train tab.")
		for _, f := range []*text{t.preset, t.updates, t.source} {
			f.set("–")
		}
		return
	}
	t.name.set(m.Name)
	t.advice.set("the world model that plans and paints the strip")
	t.preset.set(m.Preset)
	t.updates.set(whole(m.Updates))
	t.source.set(m.Source)
}

func (t *modelsTab) open() {
	d := dialog.NewFileOpen(func(file fyne.URIReadCloser, err error) {
		if err != nil {
			dialog.ShowError(err, t.desk.window)
			return
		}
		if file == nil { // cancelled
			return
		}
		path := file.URI().Path()
		file.Close() // only its name was wanted
		t.desk.send(engine.LoadModel{Name: path})
	}, t.desk.window)
	d.Resize(fyne.NewSize(760, 520))
	d.Show()
}

// opened asks for the runs when the tab comes into sight.
func (t *modelsTab) opened(visible bool) {
	if visible && !t.visible {
		t.runs.ask()
	}
	t.visible = visible
}
