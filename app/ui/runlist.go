package ui

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"

	"github.com/latco-studio/latco/app/engine"
	"github.com/latco-studio/latco/learning"
)

// runList lists the training runs on disk: each can be looked at, resumed, renamed
// and deleted, a few compared.
type runList struct {
	root    *fyne.Container
	desk    *desk
	list    *fyne.Container
	none    *text
	compare *button
	rows    map[string]*runRow // by name
	chosen  []string           // to be compared, in the order of choosing
	viewer  *runViewer
	seen    []*learning.RunInfo
	train   string // folder of the run in training here
}

// mostCompared is how many runs have a colour of their own.
const mostCompared = len(colorSeries)

func newRunList(d *desk) *runList {
	l := &runList{desk: d, list: container.New(layout.NewCustomPaddedVBoxLayout(10)), none: newCaption("none yet"), rows: map[string]*runRow{}}
	l.viewer = newRunViewer(d)
	l.compare = newButton(d, "compare", theme.VisibilityIcon(), "Compare\nCurves, settings and time-lapses of the ticked runs side by side: two to six.", func() { l.viewer.open(l.chosen) }).quiet()
	again := newButton(d, "", theme.ViewRefreshIcon(), "Read the list anew", l.ask).quiet()
	head := container.NewBorder(nil, nil, middle(newBold("Training runs")), container.New(layout.NewCustomPaddedHBoxLayout(0), link(l.compare), link(again)))
	l.root = container.New(layout.NewCustomPaddedVBoxLayout(6), head, l.none, l.list)
	l.count()
	return l
}

func (l *runList) ask() { l.desk.send(engine.ReadRuns{}) }

func (l *runList) show(s *engine.State) {
	l.train = ""
	if s.Train.Status == engine.TrainCollecting || s.Train.Status == engine.TrainRunning || s.Train.Status == engine.TrainPaused {
		l.train = s.Train.Out
	}
	l.viewer.show(s.Runs)
	if slices.Equal(l.seen, s.Runs.List) {
		return
	}
	l.seen = s.Runs.List
	rows := make(map[string]*runRow, len(l.seen))
	var objects []fyne.CanvasObject
	for _, r := range l.seen {
		row := l.rows[r.Name]
		if row == nil {
			row = newRunRow(l, r.Name)
		}
		row.show(r)
		rows[r.Name] = row
		objects = append(objects, row.root)
	}
	l.rows = rows
	l.chosen = slices.DeleteFunc(l.chosen, func(name string) bool { return rows[name] == nil })
	l.list.Objects = objects
	setHidden(l.none, len(objects) > 0)
	l.count()
	l.root.Refresh()
}

// choose ticks a run or unticks it; the seventh is refused.
func (l *runList) choose(name string, on bool) {
	l.chosen = slices.DeleteFunc(l.chosen, func(n string) bool { return n == name })
	if on {
		l.chosen = append(l.chosen, name)
	}
	if len(l.chosen) > mostCompared {
		l.rows[name].tick.setChecked(false)
		l.chosen = l.chosen[:mostCompared]
	}
	l.count()
}

func (l *runList) count() { l.compare.able(len(l.chosen) > 1) }
