package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/latco-studio/latco/app/engine"
)

// side is the panel at the right with its tabs.
type side struct {
	root   *fyne.Container
	tabs   *segmented
	pages  map[string]fyne.CanvasObject
	plan   *planTab
	train  *trainTab
	data   *dataTab
	models *modelsTab
}

// sideWidth is the least width of the pages.
const sideWidth = 318

// Names of the tabs.
const (
	tabPlan   = "plan"
	tabTrain  = "train"
	tabData   = "data"
	tabModels = "models"
)

func newSide(d *desk, h *history, opts Options) *side {
	s := &side{plan: newPlanTab(d, h), train: newTrainTab(d, opts.Presets), data: newDataTab(d, opts.Exports), models: newModelsTab(d, opts.Bundled)}
	s.pages = map[string]fyne.CanvasObject{tabPlan: s.plan.root, tabTrain: s.train.root, tabData: s.data.root, tabModels: s.models.root}
	s.tabs = newSegmented(d, false, s.open)
	s.tabs.setItems([]segment{{tabPlan, "Plan", ""}, {tabTrain, "Train", ""}, {tabData, "Data", "Recorded episodes (D)"}, {tabModels, "Models", ""}})
	s.tabs.setChosen(tabPlan)
	pages := container.NewStack(s.plan.root, s.train.root, s.data.root, s.models.root)
	head := container.NewVBox(s.tabs, rule())
	s.root = container.NewStack(newBar(container.NewBorder(head, nil, nil, nil, width(sideWidth, pages))))
	s.open(tabPlan)
	return s
}

// open shows one page.
func (s *side) open(name string) {
	for n, page := range s.pages {
		if n == name {
			page.Show()
		} else {
			page.Hide()
		}
	}
	s.tabs.setChosen(name)
	s.data.opened(name == tabData)
	s.train.opened(name == tabTrain)
	s.models.opened(name == tabModels)
}

func (s *side) show(st *engine.State) {
	s.plan.show(st)
	s.train.show(st)
	s.data.show(st)
	s.models.show(st)
}
