package ui

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/latco-studio/latco/app/engine"
	"github.com/latco-studio/latco/resources/setting"
)

// trainSetup is the page on which a training is put together.
type trainSetup struct {
	root    fyne.CanvasObject
	desk    *desk
	preset  *choice
	updates *entry
	seed    *entry
	reason  *text
	also    *button
	source  *segmented
	data    *choice
	planner *choice
	device  *devicePicker
	offline *fyne.Container // what is to be said about a data set
	online  *fyne.Container // what is to be said about collecting
	forms   []*setupForm
	differ  *text
	back    *button

	tasks    func() []engine.TaskInfo
	folders  func() []string
	task     string
	planners []engine.PlannerInfo
	sets     map[string]string // folders by label
	beside   []string          // tasks
	fields   []setting.Field   // of the preset, with what was changed
	preset0  map[string]string // values of the preset by key
	values   map[string]string // what was changed, by key
}

// setupForm is a group of settings under a heading.
type setupForm struct {
	form   *form
	keys   []string // in this order; nil takes what no other form has
	model  bool     // of the model, else of the run
	fields []setting.Field
}

// Where a run has its episodes from.
const (
	sourceData   = "data"
	sourceOnline = "online"
)

// ownData and otherData are choices of a data set beside those that there are.
const (
	ownData   = "own, collected first"
	otherData = "choose a folder …"
)

// firstFrames are collected online if nothing else is said.
const firstFrames = 50_000

// setupTitles are for rows below a heading that says the rest.
var setupTitles = map[string]string{"eval_episodes": "Episodes each", "eval_updates": "Every n updates", "eval_frames": "Every n frames",
	"log_every": "Log every n updates", "publish_every": "To the planner every", "open_loop_every": "Predict every n", "open_loop_seconds": "Predict every n s"}

var onlineKeys = []string{"frames", "exploration_noise", "seed_episodes", "pretrain_updates", "updates_per_episode"}

func newTrainSetup(d *desk, presets []string) *trainSetup {
	t := &trainSetup{desk: d, reason: newCaption(""), differ: newCaption(""), values: map[string]string{}, sets: map[string]string{},
		tasks: func() []engine.TaskInfo { return nil }, folders: func() []string { return nil }}
	t.reason.color, t.reason.cut = theme.ColorNameError, true
	t.reason.Hide()
	t.controls(d, presets)
	learned := &setupForm{keys: onlineKeys}
	tested := &setupForm{keys: []string{"eval_episodes", "eval_updates", "eval_frames"}}
	reward := &setupForm{keys: []string{"reward", "reward_share", "held_out"}}
	watched := &setupForm{}
	network := &setupForm{model: true, keys: []string{"stoch", "deter", "hidden", "embed_depth", "decoder_units", "reward_layers",
		"reward_units", "min_std", "dynamics", "cell", "activation", "heads", "image_bits"}}
	optimiser := &setupForm{model: true, keys: []string{"learning_rate", "ramp", "anneal", "beta1", "beta2", "epsilon", "clip_norm", "batch", "length"}}
	loss := &setupForm{model: true}
	t.forms = []*setupForm{learned, tested, reward, watched, network, loss, optimiser}
	for _, f := range t.forms {
		first := 0
		if f == learned || f == tested {
			first = 2
		}
		f.form = newForm(d, first, t.set)
		f.form.lazy = true
	}
	section := func(title string, f *setupForm) fyne.CanvasObject {
		head := container.NewBorder(nil, nil, middle(newCaption(title)), link(f.form.more))
		return container.New(layout.NewCustomPaddedVBoxLayout(0), head, f.form.root)
	}
	row := func(title, tip string, o fyne.CanvasObject) fyne.CanvasObject {
		return container.New(fieldLayout{}, newHint(d, title, tip), tight(o))
	}
	t.offline = container.New(layout.NewCustomPaddedVBoxLayout(0), row("Data set", t.data.tip, t.data))
	t.online = container.New(layout.NewCustomPaddedVBoxLayout(0), row("Planner", t.planner.tip, t.planner), section("collecting", learned))
	changed := container.NewBorder(nil, nil, nil, link(t.back), t.differ)
	body := container.New(layout.NewCustomPaddedVBoxLayout(3),
		row("Preset", t.preset.tip, t.preset), row("Updates", t.updates.tip, t.updates), t.reason, row("Seed", t.seed.tip, t.seed),
		row("Computes on", t.device.tip, t.device.choice),
		row("Learns", t.also.tip, t.also),
		container.New(fieldLayout{}, newHint(d, "Episodes", "Where the episodes come from"), t.source), t.offline, t.online,
		gap(2), section("evaluation", tested), section("rewards and held-out episodes", reward), section("network", network), section("loss", loss),
		section("optimiser", optimiser), section("logging and saving", watched), changed)
	t.root = container.NewVScroll(container.New(layout.NewCustomPaddedLayout(0, 10, 16, 16), body))
	t.source.setChosen(sourceData)
	t.show(&engine.State{})
	t.choose(t.preset.Selected)
	t.arrange()
	return t
}

func (t *trainSetup) controls(d *desk, presets []string) {
	t.preset = newChoice(d, presets, "Preset\nclass: small, learns in minutes. paper: LatCo's. planet: PlaNet's, planet-v1: its first version with latent overshooting.\nAnother preset takes back what was changed below.", t.choose)
	if len(presets) > 0 {
		t.preset.Selected = presets[0]
	}
	t.updates = newEntry(d, "Updates\nGradient steps to take: a whole number ≥ 1; empty takes the preset's, or online goes on until the frames are collected.", func(string) { t.readUpdates() })
	t.updates.PlaceHolder = "as the preset says"
	t.seed = newEntry(d, "Seed\nOf every random number of the run: a whole number ≥ 0. Equal seeds and data give equal runs.", func(string) { t.readSeed() })
	t.seed.SetText("0")
	t.also = newButton(d, "this task alone", nil, "Tasks\nOne model can learn several tasks: episodes of each in turn, actions as wide as the widest.", t.others)
	t.also.Alignment = widget.ButtonAlignLeading
	t.source = newSegmented(d, true, func(name string) { t.source.setChosen(name); t.arrange() })
	t.source.setItems([]segment{{sourceData, "Data set", "Offline: learn from a data set alone"},
		{sourceOnline, "Online", "Online, Algorithm 1 of PlaNet: seed episodes, updates, one episode by the planner with exploration noise, and again"}})
	t.data = newChoice(d, []string{ownData, otherData}, "Data set\nOwn: episodes of a policy that needs no model, collected first and shared by later runs of this task as it is set. A chosen set also says how the task is set.", t.pick)
	t.data.Selected = ownData
	t.device = newDevicePicker(d, deviceTip, func(kind string) { d.send(engine.MoveTraining{Device: kind}) })
	t.planner = newChoice(d, nil, "Planner\nIt plays the collected episodes and those of evaluations, with its settings for this task.", nil)
	t.back = newButton(d, "take back", nil, "Back to the preset's values", func() { t.choose(t.preset.Selected) }).quiet()
}

// ask wants to know what data sets and devices there are to choose from.
func (t *trainSetup) ask() {
	t.desk.send(engine.ListData{Folders: t.folders()})
	t.device.offer(engine.Devices())
}

// arrange shows what matters for the chosen source.
func (t *trainSetup) arrange() {
	online := t.source.name() == sourceOnline
	setHidden(t.offline, online)
	setHidden(t.online, !online)
	t.updates.SetPlaceHolder("as the preset says")
	if online {
		t.updates.SetPlaceHolder("until the frames are collected")
	}
	t.count()
	t.root.Refresh()
}

// pick chooses a data set.
func (t *trainSetup) pick(label string) {
	if label != otherData {
		return
	}
	t.data.setChosen(ownData)
	ask := dialog.NewFolderOpen(func(folder fyne.ListableURI, err error) {
		if err != nil || folder == nil {
			return
		}
		t.offer(folder.Path(), folder.Path())
		t.data.setChosen(folder.Path())
	}, t.desk.window)
	ask.Resize(fyne.NewSize(760, 520))
	ask.Show()
}

// offer adds a data set to choose.
func (t *trainSetup) offer(label, dir string) {
	t.sets[label] = dir
	options := []string{ownData}
	options = append(options, slices.Sorted(maps.Keys(t.sets))...)
	t.data.Options = append(options, otherData)
	t.data.Refresh()
}

// others opens a menu of the tasks that the model may learn beside.
func (t *trainSetup) others() {
	var items []*fyne.MenuItem
	for _, info := range t.tasks() {
		if info.ActionDim == 0 || info.Name == t.task {
			continue
		}
		item := fyne.NewMenuItem(info.Title, func() { t.toggleTask(info.Name) })
		item.Checked = slices.Contains(t.beside, info.Name)
		items = append(items, item)
	}
	if len(items) == 0 {
		return
	}
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(t.also)
	widget.ShowPopUpMenuAtPosition(fyne.NewMenu("", items...), t.desk.canvas, at.AddXY(0, t.also.Size().Height))
}

func (t *trainSetup) toggleTask(name string) {
	if i := slices.Index(t.beside, name); i >= 0 {
		t.beside = slices.Delete(t.beside, i, i+1)
	} else {
		t.beside = append(t.beside, name)
	}
	words := "this task alone"
	if len(t.beside) > 0 {
		words = "this task, " + strings.Join(t.beside, ", ")
	}
	t.also.label(words)
	t.fill(t.preset.Selected)
}

// show follows the task, the planners and the data sets there are.
func (t *trainSetup) show(s *engine.State) {
	if s.Task.Name != t.task {
		t.task = s.Task.Name
		if i := slices.Index(t.beside, t.task); i >= 0 {
			t.toggleTask(t.task)
		}
		t.sets = map[string]string{}
		t.data.setChosen(ownData)
		t.fill(t.preset.Selected)
	}
	if len(t.planners) != len(s.Planners) {
		t.planners = s.Planners
		t.planner.Options = []string{chosenPlanner}
		for _, p := range s.Planners {
			t.planner.Options = append(t.planner.Options, p.Title)
		}
		t.planner.setChosen(chosenPlanner)
	}
	for _, set := range s.Data.Sets {
		label := fmt.Sprintf("%s · %s", set.Name, episodes(set.Episodes))
		if set.Task == t.task && set.Problem == "" && set.Episodes > 0 && t.sets[label] != set.Dir {
			t.offer(label, set.Dir)
		}
	}
}

// chosenPlanner is that of the top bar.
const chosenPlanner = "the one chosen above"
