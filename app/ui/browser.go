package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/latco-studio/latco/app/engine"
)

// browser is where a task is chosen: pictures in groups, and beside them what is
// hard about the one that is pointed at. A click or Enter opens it.
type browser struct {
	desk   *desk
	pop    *widget.PopUp // nil while closed
	search *searchField
	cards  []*card // of all tasks, in menu order
	shown  []*card // those that the search leaves
	at     int     // of the marked card in shown
	shelf  *fyne.Container
	layout *shelfLayout
	scroll *container.Scroll
	none   *text
	detail *taskDetail
	keep   map[string]*card // by name, with their pictures
	now    string           // the task on the stage
}

// browserMargin is what is left of the window around the browser.
const browserMargin = 22

// Largest size of the browser.
const browserWidth, browserHeight = 1180, 780

func newBrowser(d *desk) *browser {
	b := &browser{desk: d, keep: map[string]*card{}, layout: &shelfLayout{}, none: newCaption("")}
	b.search = newSearchField(b)
	b.shelf = container.New(b.layout)
	b.scroll = container.NewVScroll(b.shelf)
	b.detail = newTaskDetail(d, b.open)
	return b
}

// show opens the browser on the present task.
func (b *browser) show(tasks []engine.TaskInfo, now string) {
	if b.pop != nil {
		return
	}
	b.now = now
	b.cards = b.cards[:0]
	for _, t := range tasks {
		c := b.keep[t.Name]
		if c == nil {
			c = newCard(b, t.Name)
			b.keep[t.Name] = c
		}
		c.set(t, t.Name == now)
		b.cards = append(b.cards, c)
	}
	b.search.SetText("")
	b.filter("")
	for i, c := range b.shown {
		if c.task.Name == now {
			b.mark(i)
		}
	}
	b.popUp()
}

func (b *browser) popUp() {
	shut := newButton(b.desk, "", theme.CancelIcon(), "Close (Esc)", b.hide).quiet()
	head := container.NewBorder(nil, nil, newHeading("Choose a task"), shut,
		container.New(layout.NewCustomPaddedLayout(0, 0, 24, 16), b.search))
	keys := newCaption("← ↑ ↓ → move · Enter opens · Esc closes")
	list := container.NewBorder(nil, keys, nil, nil, container.NewStack(b.scroll, container.NewCenter(b.none)))
	body := container.NewBorder(container.New(layout.NewCustomPaddedLayout(0, 10, 0, 0), head), nil, nil,
		container.New(layout.NewCustomPaddedLayout(0, 0, 14, 0), width(taskDetailWidth, b.detail.root)), list)
	b.pop = widget.NewModalPopUp(container.New(layout.NewCustomPaddedLayout(12, 12, 16, 16), body), b.desk.canvas)
	room := b.desk.canvas.Size()
	b.pop.Resize(fyne.NewSize(min(browserWidth, room.Width-browserMargin), min(browserHeight, room.Height-browserMargin)))
	b.pop.Show()
	b.desk.tips.drop()
	b.desk.canvas.Focus(b.search)
	b.reveal()
}

func (b *browser) hide() {
	if b.pop != nil {
		b.pop.Hide()
		b.pop = nil
	}
}

// open switches to a task.
func (b *browser) open(name string) {
	b.hide()
	b.desk.send(engine.SelectTask{Name: name})
}

// openMarked is Enter.
func (b *browser) openMarked() {
	if b.at < len(b.shown) {
		b.open(b.shown[b.at].task.Name)
	}
}

// filter shows the tasks that every word of the text occurs in.
func (b *browser) filter(text string) {
	words := strings.Fields(strings.ToLower(text))
	b.shown = b.shown[:0]
	var objects []fyne.CanvasObject
	group := ""
	for _, c := range b.cards {
		if !c.matches(words) {
			continue
		}
		if c.task.Group != group {
			group = c.task.Group
			objects = append(objects, newCaption(strings.ToUpper(groupTitle(group))))
		}
		objects = append(objects, c)
		b.shown = append(b.shown, c)
	}
	b.shelf.Objects = objects
	b.shelf.Refresh()
	b.scroll.ScrollToTop()
	b.none.set(unless(len(b.shown) > 0, "No task has “"+text+"” in its name or description."))
	b.mark(b.named(words))
	b.reveal()
}

// named is the first card that shows a word in its title; else the first.
func (b *browser) named(words []string) int {
	for i, c := range b.shown {
		for _, w := range words {
			if strings.Contains(strings.ToLower(c.task.Title+" "+c.task.Name), w) {
				return i
			}
		}
	}
	return 0
}

// mark shows a card's details.
func (b *browser) mark(i int) {
	for j, c := range b.shown {
		c.highlight(j == i)
	}
	b.at = i
	if i < len(b.shown) {
		b.detail.show(b.shown[i].task, b.shown[i].task.Name == b.now)
	}
}

// point marks the card that the mouse is over.
func (b *browser) point(c *card) {
	for i, s := range b.shown {
		if s == c && i != b.at {
			b.mark(i)
		}
	}
}

// move marks the next card in a direction.
func (b *browser) move(key fyne.KeyName) {
	if len(b.shown) == 0 {
		return
	}
	objects := make([]fyne.CanvasObject, len(b.shown))
	for i, c := range b.shown {
		objects[i] = c
	}
	b.mark(neighbour(objects, b.at, key))
	b.reveal()
}

// reveal scrolls to the marked card.
func (b *browser) reveal() {
	if b.at >= len(b.shown) {
		return
	}
	c := b.shown[b.at]
	top, bottom := c.Position().Y-shelfCaption, c.Position().Y+c.Size().Height+shelfGap
	switch view := b.scroll.Size().Height; {
	case top < b.scroll.Offset.Y:
		b.scroll.ScrollToOffset(fyne.NewPos(0, max(0, top)))
	case bottom > b.scroll.Offset.Y+view:
		b.scroll.ScrollToOffset(fyne.NewPos(0, bottom-view))
	}
}

// searchField filters while it is typed into; keys that it has no use for move
// the mark.
type searchField struct {
	widget.Entry
	of *browser
}

func newSearchField(b *browser) *searchField {
	f := &searchField{of: b}
	f.PlaceHolder = "search: arm, sparse, walk …"
	f.OnChanged = b.filter
	f.ExtendBaseWidget(f)
	return f
}

func (f *searchField) TypedKey(e *fyne.KeyEvent) {
	sideways := e.Name == fyne.KeyLeft || e.Name == fyne.KeyRight
	switch {
	case e.Name == fyne.KeyEscape && f.Text != "":
		f.SetText("")
	case e.Name == fyne.KeyEscape:
		f.of.hide()
	case e.Name == fyne.KeyReturn || e.Name == fyne.KeyEnter:
		f.of.openMarked()
	case e.Name == fyne.KeyUp || e.Name == fyne.KeyDown || sideways && f.Text == "":
		f.of.move(e.Name)
	default:
		f.Entry.TypedKey(e)
	}
}
