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

// drawer lies over the scene and holds what belongs to it: the task's settings,
// what can be dragged, what is paid, and the bookmarks.
type drawer struct {
	root    *panel
	scroll  *container.Scroll
	body    *fyne.Container
	title   *text
	form    *form // of the task
	reward  *text
	shaped  *text
	drag    *widget.Label
	success *widget.Label
	marks   *bookmarks
}

const drawerWidth = 292

func newDrawer(d *desk) *drawer {
	w := &drawer{title: newBold(""), reward: newCaption(""), shaped: newCaption(""), drag: newParagraph(), success: newParagraph(), marks: newBookmarks(d)}
	w.title.cut, w.reward.cut, w.shaped.cut = true, true, true
	w.form = newForm(d, 12, func(key, value string) { d.send(engine.SetTaskField{Key: key, Value: value}) })
	w.body = container.New(layout.NewCustomPaddedVBoxLayout(4), w.title, w.reward, w.shaped, tight(w.success), w.form.root, tight(w.drag), rule(), w.marks.root)
	w.scroll = container.NewVScroll(container.New(layout.NewCustomPaddedLayout(0, 4, 2, 10), w.body))
	w.root = newPanel(colorOverlay, 7, true, container.New(layout.NewCustomPaddedLayout(9, 5, 10, 2), w.scroll))
	return w
}

// wanted is the size that shows everything.
func (w *drawer) wanted() fyne.Size {
	return fyne.NewSize(drawerWidth, w.scroll.Content.MinSize().Height+14)
}

func (w *drawer) show(s *engine.State) {
	t := s.Task
	w.title.set(t.Title)
	w.form.show(t.Fields)
	w.reward.set(unless(!t.Sparse, "reward "+rewardWords(t)))
	setHidden(w.reward, !t.Sparse)
	w.shaped.set(unless(!t.Sparse, "shaped reward of the last step "+figure(s.Shaped)))
	setHidden(w.shaped, !t.Sparse)
	setLabel(w.success, successWords(t))
	setLabel(w.drag, dragWords(t.Handles))
	w.marks.show(s.Bookmarks)
}

// setLabel shows a text, and nothing at all if there is none; what is so costs
// nothing.
func setLabel(l *widget.Label, s string) {
	setHidden(l, s == "")
	if l.Text != s {
		l.SetText(s)
	}
}

// dragWords say what can be put elsewhere.
func dragWords(handles []string) string {
	if len(handles) == 0 {
		return ""
	}
	return "Pause (Space), then Ctrl+drag in the scene: " + strings.Join(handles, ", ") + "."
}

// newDrawerButton opens and closes a drawer.
func newDrawerButton(d *desk, toggle func()) *button {
	return newButton(d, "scene", theme.SettingsIcon(), "Scene (G)\nThe task's settings, what can be dragged, and bookmarks of states.", toggle).quiet()
}
