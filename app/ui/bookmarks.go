package ui

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"

	"github.com/latco-studio/latco/app/engine"
)

// bookmarks lists kept states of the task: a picture, a name that can be typed
// over, and buttons to go there and to delete.
type bookmarks struct {
	root *fyne.Container
	desk *desk
	list *fyne.Container
	none *text
	rows []*markRow
	seen []engine.Bookmark
}

func newBookmarks(d *desk) *bookmarks {
	b := &bookmarks{desk: d, list: container.New(layout.NewCustomPaddedVBoxLayout(5)), none: newCaption("none yet")}
	keep := newButton(d, "keep this state", theme.ContentAddIcon(), "Keep this state (M)\nA bookmark of the scene as it is, on disk. Its name can be typed over.",
		func() { d.send(engine.SaveBookmark{}) }).quiet()
	head := container.NewBorder(nil, nil, middle(newBold("Bookmarks")), link(keep))
	b.root = container.New(layout.NewCustomPaddedVBoxLayout(3), head, b.none, b.list)
	return b
}

func (b *bookmarks) show(marks []engine.Bookmark) {
	setHidden(b.none, len(marks) > 0)
	if sameMarks(marks, b.seen) {
		return
	}
	b.seen = marks
	b.rows = b.rows[:0]
	b.list.RemoveAll()
	for i := len(marks) - 1; i >= 0; i-- { // the newest on top
		row := newMarkRow(b.desk, marks[i])
		b.rows = append(b.rows, row)
		b.list.Add(row.root)
	}
}

func sameMarks(a, b []engine.Bookmark) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].Name != b[i].Name || !a[i].Saved.Equal(b[i].Saved) {
			return false
		}
	}
	return true
}

// markRow is one bookmark.
type markRow struct {
	root  fyne.CanvasObject
	name  *entry
	load  *button
	erase *button
}

const markPicture = 40

func newMarkRow(d *desk, m engine.Bookmark) *markRow {
	r := &markRow{}
	r.name = newEntry(d, "Name of the bookmark\nType another and press Enter.", func(to string) {
		d.send(engine.RenameBookmark{From: m.Name, To: to})
		r.name.SetText(m.Name) // until the engine agrees
	})
	r.name.SetText(m.Name)
	r.load = newButton(d, "", theme.MediaReplayIcon(), fmt.Sprintf("Go to “%s”\nThe scene jumps to this state, which it shows as a ghost now, and pauses. Seed %d, step %d, kept %s.", m.Name, m.Seed, m.Step, m.Saved.Format("2 Jan 2006 15:04")),
		func() { d.send(engine.LoadBookmark{Name: m.Name}) }).quiet()
	r.load.pointed = func(on bool) {
		if on {
			d.send(engine.PointAtBookmark{Name: m.Name})
		} else {
			d.send(engine.PointAtBookmark{})
		}
	}
	r.erase = newButton(d, "", theme.DeleteIcon(), "Delete this bookmark", func() { d.send(engine.DeleteBookmark{Name: m.Name}) }).quiet()
	picture := newPixels(markPicture)
	picture.show(m.Picture)
	buttons := container.New(layout.NewCustomPaddedHBoxLayout(0), tight(r.load), tight(r.erase))
	where := newCaption(fmt.Sprintf("step %d · %s", m.Step, m.Saved.Format("2 Jan 15:04")))
	where.cut = true
	words := container.New(layout.NewCustomPaddedVBoxLayout(1), tight(r.name), inset(where))
	r.root = container.NewBorder(nil, nil, container.New(layout.NewCustomPaddedLayout(0, 0, 0, 6), middle(picture)), middle(buttons), words)
	return r
}
