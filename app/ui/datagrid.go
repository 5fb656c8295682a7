package ui

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/latco-studio/latco/app/engine"
)

// dataGrid shows episodes as small pictures, of which only those on screen exist. One
// is chosen; others may be picked besides, to be exported or deleted together.
type dataGrid struct {
	widget.GridWrap
	desk    *desk
	do      gridActions
	list    []engine.DataEpisode
	thumbs  map[int]engine.Thumb
	at      int          // of the chosen one in the list, −1 none
	from    int          // where a range of picked ones begins
	picked  map[int]bool // by number, the chosen one included
	focused bool
	wanted  [2]int // first and last that pictures were asked for
}

// gridActions are what the grid's keys and menu ask for.
type gridActions struct {
	want   func(numbers []int) // pictures
	choose func(number int)
	play   func()                 // the chosen episode, as pixels
	replay func()                 // in the scene
	erase  func()                 // those picked
	menu   func(at fyne.Position) // what can be done with those picked
	turned func()                 // the picked ones have changed
}

var _ fyne.Shortcutable = (*dataGrid)(nil)

func newDataGrid(d *desk, do gridActions) *dataGrid {
	g := &dataGrid{desk: d, do: do, at: -1, picked: map[int]bool{}}
	g.Length = func() int { return len(g.list) }
	g.CreateItem = func() fyne.CanvasObject { return newDataCell(g) }
	g.UpdateItem = func(i widget.GridWrapItemID, o fyne.CanvasObject) { g.fill(i, o.(*dataCell)) }
	g.ExtendBaseWidget(g)
	return g
}

// show changes the list; the chosen episode stays chosen if it is still there.
func (g *dataGrid) show(list []engine.DataEpisode) {
	chosen, keep := g.chosen(), map[int]bool{}
	g.list, g.at = list, -1
	for i, e := range list {
		if g.picked[e.Number] {
			keep[e.Number] = true
		}
		if e.Number == chosen {
			g.at = i
		}
	}
	g.picked = keep
	g.from = max(g.at, 0)
	g.wanted = [2]int{-1, -1}
	g.Refresh()
	g.look()
	g.do.turned()
}

// pictures brings those that have been read.
func (g *dataGrid) pictures(thumbs map[int]engine.Thumb) {
	g.thumbs = thumbs
	g.Refresh()
}

func (g *dataGrid) fill(i int, c *dataCell) {
	if i >= len(g.list) {
		return
	}
	e := g.list[i]
	c.set(i, e, g.thumbs[e.Number], cellLook{chosen: i == g.at, picked: g.picked[e.Number], focused: g.focused})
	g.look()
}

// look asks for the pictures of what is on screen, and of a screen before and after.
func (g *dataGrid) look() {
	columns := g.ColumnCount()
	height := float32(thumbSide+cellPad+cellWords) + theme.Padding()
	first := int(g.GetScrollOffset()/height) * columns
	n := (int(g.Size().Height/height) + 2) * columns
	now := [2]int{first, min(first+n, len(g.list))}
	if now == g.wanted || len(g.list) == 0 {
		return
	}
	g.wanted = now
	var numbers []int
	for _, part := range [][2]int{now, {now[1], min(now[1]+n, len(g.list))}, {max(first-n, 0), first}} {
		for i := part[0]; i < part[1]; i++ {
			numbers = append(numbers, g.list[i].Number)
		}
	}
	g.do.want(numbers)
}

// chosen is the number of the chosen episode, −1 if none is.
func (g *dataGrid) chosen() int {
	if g.at < 0 || g.at >= len(g.list) {
		return -1
	}
	return g.list[g.at].Number
}

// selection is the numbers of those picked, in order.
func (g *dataGrid) selection() []int {
	var numbers []int
	for n := range g.picked {
		numbers = append(numbers, n)
	}
	slices.Sort(numbers)
	return numbers
}

// press is a click: alone it chooses, with Ctrl it adds or takes away, with Shift it
// picks a range.
func (g *dataGrid) press(i int, keys fyne.KeyModifier) {
	g.desk.leaveEntry()
	g.desk.tips.drop()
	if g.desk.canvas != nil {
		g.desk.canvas.Focus(g)
	}
	switch {
	case keys&fyne.KeyModifierShift != 0:
		g.pickRange(i)
	case keys&fyne.KeyModifierControl != 0:
		g.toggle(i)
	default:
		g.choose(i)
	}
}

// choose takes one episode and no others.
func (g *dataGrid) choose(i int) {
	if i < 0 || i >= len(g.list) {
		return
	}
	g.from = i
	g.picked = map[int]bool{}
	g.take(i)
}

// take makes an episode the chosen one.
func (g *dataGrid) take(i int) {
	before := g.chosen()
	g.at = i
	g.picked[g.list[i].Number] = true
	g.ScrollTo(i)
	g.Refresh()
	g.do.turned()
	if now := g.chosen(); now != before {
		g.do.choose(now)
	}
}

func (g *dataGrid) toggle(i int) {
	n := g.list[i].Number
	if !g.picked[n] || len(g.picked) == 1 {
		g.from = i
		g.take(i)
		return
	}
	delete(g.picked, n)
	g.Refresh()
	g.do.turned()
}

func (g *dataGrid) pickRange(i int) {
	g.picked = map[int]bool{}
	for k := min(i, g.from); k <= max(i, g.from); k++ {
		g.picked[g.list[k].Number] = true
	}
	g.take(i)
}

func (g *dataGrid) pickAll() {
	for _, e := range g.list {
		g.picked[e.Number] = true
	}
	g.Refresh()
	g.do.turned()
}

// menu opens what can be done with an episode, or with all those picked if it is one
// of them.
func (g *dataGrid) menu(i int, at fyne.Position) {
	if !g.picked[g.list[i].Number] {
		g.choose(i)
	}
	g.do.menu(at)
}

func (g *dataGrid) FocusGained() { g.focused = true; g.Refresh() }
func (g *dataGrid) FocusLost()   { g.focused = false; g.Refresh() }

func (g *dataGrid) TypedRune(r rune) { g.desk.keys.typedRune(r) }

func (g *dataGrid) TypedKey(e *fyne.KeyEvent) {
	page := max(1, int(g.Size().Height)/(thumbSide+cellWords)) * g.ColumnCount()
	by := map[fyne.KeyName]int{fyne.KeyLeft: -1, fyne.KeyRight: 1, fyne.KeyUp: -g.ColumnCount(), fyne.KeyDown: g.ColumnCount(),
		fyne.KeyPageUp: -page, fyne.KeyPageDown: page, fyne.KeyHome: -len(g.list), fyne.KeyEnd: len(g.list)}
	if d, ok := by[e.Name]; ok {
		g.choose(min(max(g.at+d, 0), len(g.list)-1))
		return
	}
	switch e.Name {
	case fyne.KeySpace:
		g.do.play()
	case fyne.KeyReturn, fyne.KeyEnter:
		g.do.replay()
	case fyne.KeyDelete, fyne.KeyBackspace:
		g.do.erase()
	default:
		g.desk.keys.typedKey(e)
	}
}

// TypedShortcut picks all with Ctrl+A and undoes a deletion with Ctrl+Z; the window's own shortcuts go on working.
func (g *dataGrid) TypedShortcut(s fyne.Shortcut) {
	switch {
	case s.ShortcutName() == (&fyne.ShortcutSelectAll{}).ShortcutName():
		g.pickAll()
	case s.ShortcutName() == (&fyne.ShortcutUndo{}).ShortcutName():
		g.desk.send(engine.UndoDelete{})
	case s.ShortcutName() == openShortcut.ShortcutName() && g.desk.keys.opens != nil:
		g.desk.keys.opens()
	}
}
