package ui

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/test"

	"github.com/latco-studio/latco/app/engine"
)

// shownNames are the tasks that the browser offers.
func (b *bench) shownNames() []string {
	var names []string
	for _, c := range b.browser.shown {
		names = append(names, c.task.Name)
	}
	return names
}

func TestBrowserOpensATask(t *testing.T) {
	b := newBench(t)
	test.TypeOnCanvas(b.win.Canvas(), "b")
	if b.browser.pop == nil || len(b.browser.shown) != 4 {
		t.Fatalf("B shows %v", b.shownNames())
	}
	if at := b.browser.shown[b.browser.at]; at.task.Name != "lottery" || !at.now || b.browser.detail.title.content != "Lottery" {
		t.Errorf("the browser begins at %q, details of %q", at.task.Name, b.browser.detail.title.content)
	}
	test.Type(b.browser.search, "block goal")
	if names := b.shownNames(); len(names) != 1 || names[0] != "push" {
		t.Fatalf("“block goal” finds %v", names)
	}
	if got := b.browser.detail.facts[4].content; got != "sparse: 1 when solved, else 0" {
		t.Errorf("the reward is %q", got)
	}
	b.browser.search.SetText("goal push") // also in the words of the lottery
	if at := b.browser.shown[b.browser.at].task.Name; at != "push" {
		t.Errorf("“goal push” marks %s", at)
	}
	b.press(fyne.KeyReturn)
	b.wants(engine.SelectTask{Name: "push"})
	if b.browser.pop != nil || b.win.Canvas().Overlays().Top() != nil {
		t.Error("the browser stays open")
	}
	if b.top.task.Text != "Push" {
		t.Errorf("the bar shows %q", b.top.task.Text)
	}
}

func TestBrowserKeys(t *testing.T) {
	b := newBench(t)
	b.top.task.press()
	at := func() string { return b.browser.shown[b.browser.at].task.Name }
	for _, step := range []struct {
		key  fyne.KeyName
		want string
	}{
		{fyne.KeyUp, "lottery"}, {fyne.KeyDown, "push"}, {fyne.KeyRight, "reach"}, {fyne.KeyRight, "walker2d"}, {fyne.KeyRight, "walker2d"},
		{fyne.KeyUp, "push"}, {fyne.KeyLeft, "lottery"}, {fyne.KeyLeft, "lottery"},
	} {
		b.press(step.key)
		if at() != step.want {
			t.Errorf("%s leads to %s, want %s", step.key, at(), step.want)
		}
	}
	test.Type(b.browser.search, "zebra")
	if len(b.browser.shown) != 0 || b.browser.none.content == "" {
		t.Errorf("“zebra” finds %v and says %q", b.shownNames(), b.browser.none.content)
	}
	b.press(fyne.KeyDown)
	b.press(fyne.KeyReturn) // opens nothing
	b.wants()
	b.press(fyne.KeyEscape) // clears
	if len(b.browser.shown) != 4 {
		t.Error("Esc does not clear the search")
	}
	b.press(fyne.KeyEscape)
	if b.browser.pop != nil {
		t.Error("Esc does not close the browser")
	}
	b.wants()
}

func TestBrowserMouse(t *testing.T) {
	b := newBench(t)
	b.browse()
	c := b.browser.shown[3]
	c.MouseIn(nil)
	if b.browser.detail.name != "walker2d" || !c.marked || b.browser.shown[0].marked {
		t.Errorf("pointing at walker2d shows %q", b.browser.detail.name)
	}
	test.Tap(c)
	b.wants(engine.SelectTask{Name: "walker2d"})
	b.browse() // again
	if b.browser.shown[b.browser.at].task.Name != "walker2d" {
		t.Error("the browser does not begin at the present task")
	}
}

// The whole list can be reached in the smallest window.
func TestBrowserFits(t *testing.T) {
	b := newBench(t)
	b.win.Resize(fyne.NewSize(1024, 700))
	b.browse()
	size := b.browser.pop.Content.Size()
	if size.Width > 1024 || size.Height > 700 {
		t.Errorf("the browser takes %v", size)
	}
	last := b.browser.shown[len(b.browser.shown)-1]
	if need := last.Position().Y + last.Size().Height; b.browser.shelf.Size().Height < need {
		t.Errorf("the list is %g high, its last card ends at %g", b.browser.shelf.Size().Height, need)
	}
	b.browser.mark(len(b.browser.shown) - 1)
	b.browser.reveal()
	view := b.browser.scroll
	if y := last.Position().Y - view.Offset.Y; y < 0 || y+last.Size().Height > view.Size().Height {
		t.Errorf("the last card is at %g of a view of %g", y, view.Size().Height)
	}
}

func TestBookmarkList(t *testing.T) {
	b := newBench(t)
	test.TypeOnCanvas(b.win.Canvas(), "g")
	test.TypeOnCanvas(b.win.Canvas(), "m")
	b.refresh()
	test.TypeOnCanvas(b.win.Canvas(), "m")
	b.refresh()
	b.wants(engine.SaveBookmark{}, engine.SaveBookmark{})
	rows := b.scene.drawer.marks.rows
	if len(rows) != 2 || rows[0].name.Text != "state 2" || rows[1].name.Text != "state 1" {
		t.Fatalf("%d rows", len(rows))
	}
	rows[1].load.MouseIn(&desktop.MouseEvent{})
	rows[1].load.MouseOut()
	b.wants(engine.PointAtBookmark{Name: "state 1"}, engine.PointAtBookmark{})
	rows[1].load.press()
	b.wants(engine.LoadBookmark{Name: "state 1"})
	b.enter(rows[1].name, "at rest")
	b.wants(engine.RenameBookmark{From: "state 1", To: "at rest"})
	rows = b.scene.drawer.marks.rows
	if rows[1].name.Text != "at rest" {
		t.Errorf("the row is called %q", rows[1].name.Text)
	}
	rows[0].erase.press()
	b.wants(engine.DeleteBookmark{Name: "state 2"})
	if len(b.scene.drawer.marks.rows) != 1 {
		t.Error("the row stays")
	}
}

func TestWatching(t *testing.T) {
	b := newBench(t)
	b.edit(func(s *engine.State) { s.Model = engine.ModelInfo{} })
	if b.side.plan.stop.Disabled() == false {
		t.Error("Stop has nothing to stop")
	}
	b.side.plan.watch.choose(0)
	b.wants(engine.Watch{Policy: "scripted"})
	if b.side.plan.watch.chosen != 0 || b.side.plan.stop.Disabled() {
		t.Error("the watched policy is not shown, or cannot be stopped")
	}
	test.TypeOnCanvas(b.win.Canvas(), "w")
	b.wants(engine.Stop{})
	if b.side.plan.watch.chosen != -1 {
		t.Error("a policy is marked that is not watched")
	}
	b.eng.Do(engine.SelectTask{Name: "walker2d"})
	b.eng.Commands()
	b.refresh()
	if n := len(b.side.plan.watch.items); n != 1 || b.scene.sees.content != "the task's camera" {
		t.Errorf("%d policies, the inset is %q", n, b.scene.sees.content)
	}
}

// The drawer stays inside the scene and off the other corners at every size.
func TestDrawerFits(t *testing.T) {
	b := newBench(t)
	for range 12 {
		b.eng.Do(engine.SaveBookmark{})
	}
	b.scene.toggleDrawer()
	for _, size := range []fyne.Size{fyne.NewSize(1024, 700), fyne.NewSize(1440, 900), fyne.NewSize(3840, 2160)} {
		b.win.Resize(size)
		b.refresh()
		corners := b.scene.corners.Objects
		room, drawer := b.scene.root.Size(), corners[4]
		if end := drawer.Position().Add(drawer.Size()); end.X > room.Width || end.Y > room.Height || drawer.Size().Height < 100 {
			t.Errorf("%v: the drawer from %v of %v leaves the scene of %v", size, drawer.Position(), drawer.Size(), room)
		}
		for i, o := range corners[1:4] {
			if overlap(o, drawer) {
				t.Errorf("%v: the drawer covers corner %d", size, i+1)
			}
		}
	}
}

func TestRecentScenes(t *testing.T) {
	b := newBench(t)
	for _, path := range []string{"/a/one.xml", "/a/two.xml", "/a/one.xml"} {
		b.openPath(path)
		b.wants(engine.OpenScene{Path: path})
	}
	if got := b.memory.recent(); len(got) != 2 || got[0] != "/a/one.xml" || got[1] != "/a/two.xml" {
		t.Errorf("recent scenes %v", got)
	}
	b.dropped(fyne.Position{}, []fyne.URI{storage.NewFileURI("/a/arm.xml"), storage.NewFileURI("/a/leg.xml")})
	b.wants(engine.OpenScene{Path: "/a/arm.xml"})
	b.dropped(fyne.Position{}, []fyne.URI{storage.NewFileURI("/a/arm.LATCO")})
	b.wants(engine.LoadModel{Name: "/a/arm.LATCO"})
	b.dropped(fyne.Position{}, nil)
	b.wants()
	b.fileMenu()
	if b.win.Canvas().Overlays().Top() == nil {
		t.Error("the File button opens no menu")
	}
	b.win.Canvas().Overlays().Remove(b.win.Canvas().Overlays().Top())
	b.win.Canvas().Focus(b.scene.bar.seed)
	b.scene.bar.seed.TypedShortcut(openShortcut) // as the window sends it while typing
	if b.win.Canvas().Overlays().Top() == nil {
		t.Error("Ctrl+O opens nothing while typing")
	}
	for i := range 20 {
		b.memory.opened(string(rune('a' + i)))
	}
	if got := b.memory.recent(); len(got) != maxRecent || got[0] != "t" {
		t.Errorf("recent scenes %v", got)
	}
}
