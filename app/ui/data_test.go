package ui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/latco-studio/latco/app/engine"
	"github.com/latco-studio/latco/app/ui/internal/demo"
)

// dataBench is a bench with the Data tab in front and the first set open.
func dataBench(t *testing.T) (*bench, *dataTab) {
	t.Helper()
	b := newBench(t)
	test.TypeOnCanvas(b.win.Canvas(), "d")
	b.refresh()
	tab := b.side.data
	if !tab.root.Visible() || tab.state.Data.Open == nil {
		t.Fatal("D does not open the Data tab and a set")
	}
	b.eng.Commands()
	return b, tab
}

// shownNumbers are the episodes of the grid, in order.
func shownNumbers(tab *dataTab) []int {
	var numbers []int
	for _, e := range tab.grid.list {
		numbers = append(numbers, e.Number)
	}
	return numbers
}

func TestDataTabOpensTheLikelySet(t *testing.T) {
	b := newBench(t)
	b.showSide(tabData)
	b.wants(engine.ListData{Folders: []string{}})
	var got []engine.Command
	for _, c := range b.eng.Commands() {
		if _, sizing := c.(engine.Viewport); !sizing {
			got = append(got, c)
		}
	}
	if len(got) < 2 || got[0] != (engine.OpenData{Dir: "/data/lottery-mixed"}) {
		t.Fatalf("sent %#v", got)
	}
	if show, ok := got[1].(engine.ShowThumbs); !ok || !slices.Contains(show.Numbers, 0) {
		t.Errorf("asked for %#v", got[1])
	}
	tab := b.side.data
	if tab.set.Selected != "Lottery, mixed" || tab.about.content != "12 episodes · 75 % solved · mean return 0.610 · 4.10 MB" || tab.use.content != "" {
		t.Errorf("%q: %q, %q", tab.set.Selected, tab.about.content, tab.use.content)
	}
	if !slices.Equal(tab.task.Options, []string{anyTask, "Lottery", "Push", "Reach"}) {
		t.Errorf("tasks %v", tab.task.Options)
	}
	tab.task.SetSelected("Push")
	if !slices.Equal(tab.set.Options, []string{"Push, run push-1/episodes"}) {
		t.Errorf("sets of push: %v", tab.set.Options)
	}
	tab.set.SetSelected("Push, run push-1/episodes")
	b.refresh()
	if tab.use.content != "in training: read only" || len(tab.grid.list) != 3000 {
		t.Errorf("%q, %d episodes", tab.use.content, len(tab.grid.list))
	}
	tab.task.SetSelected("Reach")
	tab.set.SetSelected("Reach, random")
	b.refresh()
	if tab.none.Text != "No episodes in this set yet." || !tab.none.Visible() {
		t.Errorf("an empty set says %q", tab.none.Text)
	}
}

func TestEpisodesAreSortedAndFiltered(t *testing.T) {
	_, tab := dataBench(t)
	tab.filter.choose(2)
	if got := shownNumbers(tab); !slices.Equal(got, []int{3, 7, 11}) {
		t.Errorf("failed: %v", got)
	}
	tab.order.SetSelected("newest first")
	if got := shownNumbers(tab); !slices.Equal(got, []int{11, 7, 3}) {
		t.Errorf("failed, newest first: %v", got)
	}
	tab.filter.choose(0)
	for order, want := range map[string][]int{"best return": {11, 9, 7}, "worst return": {0, 2, 4}, "solved first": {0, 1, 2}, "longest": {4, 9, 3}, "oldest first": {0, 1, 2}} {
		tab.order.SetSelected(order)
		if got := shownNumbers(tab)[:3]; !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", order, got, want)
		}
	}
}

func TestEpisodesArePicked(t *testing.T) {
	b, tab := dataBench(t)
	g := tab.grid
	g.press(2, 0)
	b.wants(engine.ChooseEpisode{Number: 2})
	if tab.player.title.content != "Episode 2 · solved (sure)" || !slices.Equal(g.selection(), []int{2}) {
		t.Errorf("%q, picked %v", tab.player.title.content, g.selection())
	}
	g.press(5, fyne.KeyModifierShift)
	g.press(9, fyne.KeyModifierControl)
	g.press(3, fyne.KeyModifierControl) // not any more
	if !slices.Equal(g.selection(), []int{2, 4, 5, 9}) || tab.picked.content != "4 picked" {
		t.Errorf("picked %v, %q", g.selection(), tab.picked.content)
	}
	b.eng.Commands()
	tab.export(engine.ExportGIF, "")
	b.wants(engine.ExportEpisodes{Numbers: []int{2, 4, 5, 9}, Format: "gif"})
	b.edit(func(s *engine.State) { s.Data.Export = &engine.Work{Done: 1, Total: 4} })
	if tab.save.Text != "Stop at 1 of 4" {
		t.Errorf("exporting, the button says %q", tab.save.Text)
	}
	tab.save.press()
	b.wants(engine.StopExport{})
	b.edit(func(s *engine.State) { s.Data.Export = nil })
	tab.save.press()
	if b.win.Canvas().Overlays().Top() == nil {
		t.Error("Export opens no menu")
	}
	b.win.Canvas().Overlays().Remove(b.win.Canvas().Overlays().Top())
	g.TypedShortcut(&fyne.ShortcutSelectAll{})
	if len(g.selection()) != 12 {
		t.Errorf("Ctrl+A picks %v", g.selection())
	}
	tab.filter.choose(2) // those out of sight are not picked any more
	if !slices.Equal(g.selection(), []int{3, 7, 11}) {
		t.Errorf("picked %v", g.selection())
	}
}

func TestEpisodeKeys(t *testing.T) {
	b, tab := dataBench(t)
	b.win.Canvas().Focus(tab.grid)
	columns := tab.grid.ColumnCount()
	if columns < 3 {
		t.Fatalf("%d columns", columns)
	}
	for _, step := range []struct {
		key  fyne.KeyName
		want int
	}{{fyne.KeyRight, 0}, {fyne.KeyRight, 1}, {fyne.KeyDown, 1 + columns}, {fyne.KeyUp, 1}, {fyne.KeyLeft, 0}, {fyne.KeyUp, 0}, {fyne.KeyEnd, 11}, {fyne.KeyHome, 0}, {fyne.KeyPageDown, min(11, 0+columns*max(1, int(tab.grid.Size().Height)/(thumbSide+cellWords)))}, {fyne.KeyHome, 0}} {
		b.press(step.key)
		if got := tab.grid.chosen(); got != step.want {
			t.Errorf("%s leads to %d, want %d", step.key, got, step.want)
		}
	}
	b.refresh()
	b.eng.Commands()
	b.press(fyne.KeyReturn)
	b.wants(engine.ReplayEpisode{Number: 0})
	if tab.replay.Text != "Back to the scene" {
		t.Errorf("the button says %q", tab.replay.Text)
	}
	b.press(fyne.KeySpace)
	b.wants(engine.Pause{On: true})
	b.press(fyne.KeyRight) // the next one follows in the scene
	b.wants(engine.ChooseEpisode{Number: 1}, engine.ReplayEpisode{Number: 1})
	b.press(fyne.KeyReturn)
	b.wants(engine.Stop{})
	test.TypeOnCanvas(b.win.Canvas(), "p")
	b.wants(engine.Plan{})
}

func TestDeletingAsksFirst(t *testing.T) {
	b, tab := dataBench(t)
	b.win.Canvas().Focus(tab.grid)
	b.press(fyne.KeyDelete) // nothing is picked
	if b.win.Canvas().Overlays().Top() != nil {
		t.Fatal("asked about nothing")
	}
	tab.grid.press(1, 0)
	tab.grid.press(2, fyne.KeyModifierShift)
	b.refresh()
	b.eng.Commands()
	b.press(fyne.KeyDelete)
	keep := b.win.Canvas().Focused().(*answer)
	if keep.Text != "Keep" {
		t.Errorf("the focus is on %q", keep.Text)
	}
	b.press(fyne.KeyEscape)
	b.wants()
	tab.erase.press()
	b.win.Canvas().FocusNext()
	yes := b.win.Canvas().Focused().(*answer)
	b.press(fyne.KeyReturn)
	b.wants(engine.DeleteEpisodes{Numbers: []int{1, 2}})
	if yes.Text != "Delete" || b.win.Canvas().Overlays().Top() != nil {
		t.Error("the question stays")
	}
	if got := shownNumbers(tab); len(got) != 10 || got[1] != 3 || tab.undone.content != "2 episodes deleted" || !tab.undoing.Visible() || tab.player.root.Visible() {
		t.Errorf("left %v, %q", got, tab.undone.content)
	}
	tab.undo.press()
	if b.refresh(); len(tab.grid.list) != 12 || tab.undoing.Visible() {
		t.Errorf("undo brings %d", len(tab.grid.list))
	}
	// A set in use only explains.
	b.edit(func(s *engine.State) {
		open := *s.Data.Open
		open.InUse = "in use by process 42"
		s.Data.Open = &open
	})
	tab.grid.press(1, 0)
	b.eng.Commands()
	tab.confirm()
	b.press(fyne.KeyReturn)
	b.wants()
	if b.win.Canvas().Overlays().Top() != nil {
		t.Error("the explanation stays")
	}
}

func TestEpisodePlays(t *testing.T) {
	b, tab := dataBench(t)
	tab.grid.press(1, 0)
	b.refresh()
	p := tab.player
	if !p.playing() || p.last() != 21 {
		t.Fatalf("playing %v of %d", p.playing(), p.last())
	}
	p.seek(0) // the pump may have played already
	p.toggle()
	now := time.Unix(0, p.next.Load())
	for range 3 {
		if !p.ripe(now) {
			t.Fatal("no frame is due")
		}
		p.ring(now)
		now = now.Add(episodeBeat)
	}
	if p.at != 3 || p.numbers.content != "step 3 / 21 · return 0.100 · reward 0.0333" || p.picture.picture != p.of.Frames[3] {
		t.Errorf("at %d: %q", p.at, p.numbers.content)
	}
	for p.playing() {
		p.ring(now)
		now = now.Add(episodeBeat)
	}
	if p.at != 21 {
		t.Errorf("it stops at %d", p.at)
	}
	p.slider.SetValue(0.5)
	if p.playing() || p.at != 10 && p.at != 11 {
		t.Errorf("the slider leads to %d", p.at)
	}
	p.play.press()
	if !p.playing() {
		t.Error("the button does not play")
	}
	p.play.press()
	p.seek(99)
	p.toggle() // from the start again
	if p.at != 0 || !p.playing() {
		t.Errorf("at %d, playing %v", p.at, p.playing())
	}
	// In the scene the scene's clock counts.
	tab.replay.press()
	b.refresh()
	b.eng.Commands()
	if p.next.Load() != 0 || !p.playing() {
		t.Error("the images play by themselves")
	}
	p.slider.SetValue(1)
	b.wants(engine.SeekReplay{Row: 21})
	b.edit(func(s *engine.State) {
		r := *s.Data.Replay
		r.Row, r.Deviates = 7, 5
		s.Data.Replay = &r
	})
	if p.at != 7 || p.scene.content != "3D: not as recorded since step 5" {
		t.Errorf("at %d: %q", p.at, p.scene.content)
	}
	if b.scene.detail.content != "recorded: episode 1 of Lottery" || b.scene.sees.content != "as recorded" || !strings.HasPrefix(b.scene.step.content, "step 7 / 20") {
		t.Errorf("the scene says %q, %q", b.scene.detail.content, b.scene.step.content)
	}
	b.side.open(tabPlan)
	b.side.open(tabData)
}

func TestDamagedEpisodeIsExplained(t *testing.T) {
	b, tab := dataBench(t)
	tab.grid.press(4, 0)
	b.refresh()
	p := tab.player
	if !strings.HasPrefix(p.trouble.Text, "episode-000004.npz: truncated") || !p.why.Visible() || p.curve.Visible() || p.numbers.content != "damaged" {
		t.Errorf("%q, %q", p.trouble.Text, p.numbers.content)
	}
	if !tab.replay.Disabled() {
		t.Error("it can be played")
	}
	if tip := cellTip(tab.grid.list[4], tab.grid.thumbs[4]); !strings.Contains(tip, "cannot be read\nepisode-000004.npz: truncated") {
		t.Errorf("its tip: %q", tip)
	}
}

// Several thousand episodes cost no more than what is on screen.
func TestManyEpisodesScroll(t *testing.T) {
	b, tab := dataBench(t)
	b.eng.Do(engine.OpenData{Dir: "/runs/push-1/episodes"})
	b.refresh()
	if len(tab.grid.list) != 3000 {
		t.Fatalf("%d episodes", len(tab.grid.list))
	}
	b.eng.Commands()
	tab.grid.ScrollToOffset(20000)
	asked := 0
	for _, c := range b.eng.Commands() {
		if show, ok := c.(engine.ShowThumbs); ok {
			asked = len(show.Numbers)
			if n := show.Numbers[0]; n < 500 || n > 2900 {
				t.Errorf("asked for episode %d first", n)
			}
		}
	}
	if asked == 0 || asked > 150 {
		t.Errorf("asked for %d pictures", asked)
	}
	if n := len(tab.grid.thumbs); n > 150 {
		t.Errorf("%d pictures are kept", n)
	}
}

func TestNoDataYet(t *testing.T) {
	b := newBench(t)
	b.eng.Empty()
	test.TypeOnCanvas(b.win.Canvas(), "d")
	b.refresh()
	tab := b.side.data
	if !strings.HasPrefix(tab.none.Text, "No data yet") || !tab.collect.root.Visible() || tab.below.Visible() || tab.sorting.Visible() {
		t.Fatalf("an empty browser says %q", tab.none.Text)
	}
	b.eng.Commands()
	box := tab.collect
	b.enter(box.number, "many")
	box.start.press()
	b.wants()
	if !strings.Contains(box.words.content, "“many” is not a whole number") {
		t.Errorf("%q", box.words.content)
	}
	b.enter(box.number, "30")
	box.policy.SetSelected("scripted")
	box.start.press()
	b.wants(engine.CollectEpisodes{Policy: "scripted", Episodes: 30})
	if box.ask.Visible() || !box.going.Visible() || box.words.content != "Lottery: 7 of 30, 5 of 7 successful" {
		t.Errorf("collecting: %q", box.words.content)
	}
	box.stop.press()
	b.wants(engine.StopCollecting{})
	if !box.ask.Visible() {
		t.Error("no more can be collected")
	}
	b.eng.Do(engine.OpenScene{Path: "x.xml"})
	b.refresh()
	if !box.start.Disabled() {
		t.Error("a scene without actuators can be collected")
	}
}

func TestDataFoldersAreRemembered(t *testing.T) {
	b, tab := dataBench(t)
	dir := t.TempDir()
	tab.openPath(dir)
	b.wants(engine.OpenData{Dir: dir})
	if len(b.memory.dataFolders()) != 0 {
		t.Error("a folder is remembered that could not be opened")
	}
	b.edit(func(s *engine.State) { s.Data.Open = &engine.OpenSet{DataSet: engine.DataSet{Dir: dir, Name: "x"}} })
	if got := b.memory.dataFolders(); !slices.Equal(got, []string{dir}) {
		t.Errorf("remembered %v", got)
	}
	b.side.open(tabPlan)
	b.side.open(tabData)
	b.wants(engine.ListData{Folders: []string{dir}})
}

// The tab as a picture, in both appearances.
func TestDataPicture(t *testing.T) {
	b, tab := dataBench(t)
	tab.grid.press(6, 0)
	tab.grid.press(8, fyne.KeyModifierControl)
	b.refresh()
	tab.player.seek(12)
	w := test.NewTempWindow(t, newBar(tab.root))
	w.Resize(fyne.NewSize(404, 560))
	b.desk.canvas = w.Canvas()
	for name, dark := range map[string]bool{"data-dark.png": true, "data-light.png": false} {
		b.app.Settings().SetTheme(newTheme(dark))
		test.AssertRendersToImage(t, name, w.Canvas())
	}
}

// A notch of the wheel through several thousand episodes, with what it repaints.
func BenchmarkDataScroll(b *testing.B) {
	app := test.NewTempApp(b)
	eng := demo.New()
	u := New(app, eng, Options{})
	defer u.win.Close()
	u.win.Resize(fyne.NewSize(1440, 900))
	u.win.Show()
	u.showSide(tabData)
	eng.Do(engine.OpenData{Dir: "/runs/push-1/episodes"})
	pump := func() {
		if call := u.pump.look(time.Now()); call != nil {
			call()
		}
	}
	pump()
	grid, offset := u.side.data.grid, float32(0)
	for b.Loop() {
		offset += 40
		if offset > 40_000 {
			offset = 0
		}
		grid.ScrollToOffset(offset)
		pump()
	}
}
