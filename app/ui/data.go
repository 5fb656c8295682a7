package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/latco-studio/latco/app/engine"
)

// dataTab is the browser of recorded episodes: which sets there are, the episodes of
// one as pictures, and the chosen one to be played, exported or deleted.
type dataTab struct {
	root    *fyne.Container
	desk    *desk
	exports string // folder

	task    *choice
	set     *choice
	add     *button
	about   *hint
	use     *hint
	filter  *segmented
	order   *choice
	grid    *dataGrid
	none    *widget.Label // why there is nothing to see
	player  *episodePlayer
	collect *collectBox
	replay  *button
	save    *button
	erase   *button
	picked  *text
	undo    *button
	undone  *text

	sorting  *fyne.Container
	below    *fyne.Container // the player and what can be done
	undoing  *fyne.Container
	state    *engine.State
	visible  bool
	adding   bool // the box to collect was asked for
	dirs     []string
	folders  func() []string // named by a person, in earlier sessions
	remember func(dir string)
	sets     []engine.DataSet
	episodes []engine.DataEpisode
	dir      string
	open     *engine.OpenSet
	asked    string // folder that a person named
	tried    bool   // a set was opened by itself
}

const anyTask = "all tasks"

func newDataTab(d *desk, exports string) *dataTab {
	t := &dataTab{desk: d, exports: exports, none: newParagraph(), picked: newCaption(""), undone: newCaption(""),
		folders: func() []string { return nil }, remember: func(string) {}}
	t.collect = newCollectBox(d)
	t.player = newEpisodePlayer(d)
	t.grid = newDataGrid(d, gridActions{
		want:   func(n []int) { d.send(engine.ShowThumbs{Numbers: n}) },
		choose: func(n int) { d.send(engine.ChooseEpisode{Number: n}); t.follow(n) },
		play:   t.player.toggle, replay: t.toggleReplay, erase: t.confirm, menu: t.menu, turned: t.count,
	})
	t.head(d)
	t.foot(d)
	head := container.New(layout.NewCustomPaddedVBoxLayout(6), t.sources(d), t.facts(d), t.sorting, t.collect.root)
	t.none.Alignment = fyne.TextAlignCenter
	t.root = container.New(dataLayout{t.player}, container.New(layout.NewCustomPaddedLayout(12, 6, 16, 12), head),
		container.New(layout.NewCustomPaddedLayout(0, 0, 16, 2), container.NewStack(t.grid, middle(t.none))),
		container.New(layout.NewCustomPaddedLayout(8, 10, 16, 12), t.below))
	t.arrange()
	return t
}

// head makes what chooses sets and sorts episodes.
func (t *dataTab) head(d *desk) {
	t.task = newChoice(d, []string{anyTask}, "Task\nOnly the data sets of one task.", func(string) { t.list() })
	t.task.Selected = anyTask
	t.set = newChoice(d, nil, "Data set\nEpisodes collected by you, or by training runs.", t.openChosen)
	t.set.PlaceHolder = "no data set"
	t.add = newButton(d, "", theme.ContentAddIcon(), "Collect more episodes of the present task", t.toggleCollect).quiet()
	t.filter = newSegmented(d, true, func(string) { t.sort() })
	t.filter.setItems([]segment{{showAll, "all", "All episodes"}, {showSolved, "solved", "Episodes that solved the task"}, {showFailed, "failed", "Episodes that did not"}})
	t.filter.setChosen(showAll)
	t.order = newChoice(d, orderNames(), "Order of the episodes", func(string) { t.sort() })
	t.order.Selected = dataOrders[0].name
	t.sorting = container.NewBorder(nil, nil, t.filter, middle(tight(width(118, t.order))))
}

// sources is the row that names a set.
func (t *dataTab) sources(d *desk) fyne.CanvasObject {
	folder := newButton(d, "", theme.FolderOpenIcon(), "Open data …\nA folder of episodes anywhere on the disk.", t.openFolder).quiet()
	buttons := container.New(layout.NewCustomPaddedHBoxLayout(0), tight(folder), tight(t.add))
	return container.NewBorder(nil, nil, tight(width(92, t.task)), buttons, tight(width(60, t.set)))
}

// facts is the row that sums a set up.
func (t *dataTab) facts(d *desk) fyne.CanvasObject {
	t.about, t.use = newHint(d, "", ""), newHint(d, "", "")
	t.about.size, t.use.size = theme.SizeNameCaptionText, theme.SizeNameCaptionText
	t.use.color, t.use.cut = theme.ColorNameWarning, false
	return container.NewBorder(nil, nil, nil, t.use, t.about)
}

// foot makes what can be done with episodes.
func (t *dataTab) foot(d *desk) {
	t.replay = newButton(d, "Play in 3D", theme.MediaPlayIcon(), "Play in the scene (Enter)\nThe episode is simulated again from its seed with the recorded actions, and compared. The present scene waits and comes back.", t.toggleReplay)
	t.save = newButton(d, "Export", theme.DocumentSaveIcon(), "Export the picked episodes\nAs animated GIF or NumPy archive. Ctrl+click and Shift+click pick several, Ctrl+A all.", t.exportMenu)
	t.erase = newButton(d, "", theme.DeleteIcon(), "Delete the picked episodes (Del)", t.confirm)
	t.undo = newButton(d, "Undo", theme.ContentUndoIcon(), "Bring the deleted episodes back (Ctrl+Z)\nPossible until others are deleted or the window closes.", func() { d.send(engine.UndoDelete{}) }).quiet()
	t.picked.cut, t.undone.cut = true, true
	t.undoing = container.NewBorder(nil, nil, nil, link(t.undo), t.undone)
	buttons := container.NewBorder(nil, nil, container.New(layout.NewCustomPaddedHBoxLayout(6), t.replay, t.save, t.erase), nil,
		container.New(layout.NewCustomPaddedLayout(0, 0, 8, 0), t.picked))
	t.below = container.New(layout.NewCustomPaddedVBoxLayout(6), t.undoing, t.player.root, buttons)
}

// shown follows the open set.
func (t *dataTab) shown(d engine.DataView) {
	if d.Open == nil {
		return
	}
	if d.Open.Dir != t.dir {
		t.dir = d.Open.Dir
		if t.dir == t.asked {
			t.remember(t.dir)
		}
		t.grid.picked, t.grid.at = map[int]bool{}, -1
		t.grid.list = nil
		t.grid.ScrollToTop()
		t.list()
		t.episodes = nil
		t.resort(d.Open)
	} else if !sameEpisodes(t.episodes, d.Open.Episodes) {
		t.resort(d.Open)
	}
	if t.open != d.Open {
		t.open = d.Open
		t.grid.pictures(d.Open.Thumbs)
	}
	t.about.set(setWords(d.Open.DataSet))
	t.about.tip = setTip(d.Open)
	t.use.set(useWords(d.Open.DataSet))
	t.use.tip = "Read only\n" + d.Open.InUse
}

func sameEpisodes(a, b []engine.DataEpisode) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}

// sort puts the episodes into the chosen order.
func (t *dataTab) sort() {
	if t.state != nil && t.state.Data.Open != nil {
		t.resort(t.state.Data.Open)
	}
}

func (t *dataTab) resort(set *engine.OpenSet) {
	t.episodes = set.Episodes
	t.grid.show(arranged(set.Episodes, t.filterName(), t.order.Selected))
	t.arrange()
}

func (t *dataTab) filterName() string {
	if at := t.filter.chosen; at >= 0 {
		return t.filter.items[at].Name
	}
	return showAll
}

// arrange shows what there is something to show of.
func (t *dataTab) arrange() {
	have := t.state != nil && t.state.Data.Open != nil
	collecting := t.state != nil && t.state.Data.Collect != nil && t.state.Data.Collect.Running
	empty := t.state != nil && t.state.Data.Listed && len(t.state.Data.Sets) == 0
	none := ""
	switch {
	case t.state == nil || !t.state.Data.Listed:
		none = "looking for data …"
	case empty:
		none = "No data yet. Collect some episodes above, or train a model, which collects its own."
	case have && len(t.episodes) == 0:
		none = "No episodes in this set yet."
	case have && len(t.grid.list) == 0:
		none = "No episode of this set is " + map[string]string{showSolved: "solved", showFailed: "failed"}[t.filterName()] + "."
	}
	setLabel(t.none, none)
	changed := hide(t.sorting, !have) || hide(t.collect.root, !(t.adding || collecting || empty))
	changed = hide(t.player.root, !have || t.state.Data.Chosen == nil) || changed
	changed = hide(t.undoing, !have || t.state.Data.Undo == 0) || changed
	changed = hide(t.below, !have) || changed
	if changed {
		t.root.Refresh()
	}
}

// hide hides or shows, and says whether that changed anything.
func hide(o fyne.CanvasObject, hidden bool) bool {
	if o.Visible() != hidden {
		return false
	}
	setHidden(o, hidden)
	return true
}

func (t *dataTab) toggleCollect() {
	t.adding = !t.adding
	t.arrange()
}
