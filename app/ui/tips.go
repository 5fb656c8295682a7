package ui

import (
	"strings"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

const (
	tipDelay = 350 * time.Millisecond
	tipWidth = 300
)

// tips is the layer above the window's content that explains what is pointed at
// or focused. It holds no object that takes input, so it hides nothing from the
// mouse. It is an alarm of the pump, with no timer of its own.
type tips struct {
	widget.BaseWidget
	anchor  fyne.CanvasObject
	content string
	since   atomic.Int64 // when it was wanted, in Unix nanoseconds; 0 not at all
	shown   bool
}

func newTips() *tips {
	t := &tips{}
	t.ExtendBaseWidget(t)
	return t
}

// want asks for an explanation of anchor, to appear after a moment.
func (t *tips) want(anchor fyne.CanvasObject, content string) {
	t.drop()
	if content == "" {
		return
	}
	t.anchor, t.content = anchor, content
	t.since.Store(time.Now().UnixNano())
}

// drop takes the explanation away.
func (t *tips) drop() {
	t.since.Store(0)
	if t.shown {
		t.shown = false
		t.Refresh()
	}
}

// ripe reports whether an explanation has waited long enough. Any goroutine may
// ask.
func (t *tips) ripe(now time.Time) bool {
	at := t.since.Load()
	return at != 0 && now.UnixNano()-at >= int64(tipDelay)
}

// ring shows what was wanted.
func (t *tips) ring(time.Time) {
	if t.since.Swap(0) != 0 {
		t.shown = true
		t.Refresh()
	}
}

func (t *tips) CreateRenderer() fyne.WidgetRenderer {
	return &tipsRenderer{t: t, back: canvas.NewRectangle(nil)}
}

type tipsRenderer struct {
	t     *tips
	back  *canvas.Rectangle
	lines []*canvas.Text
}

func (r *tipsRenderer) MinSize() fyne.Size { return fyne.Size{} }

func (r *tipsRenderer) Layout(size fyne.Size) {
	if !r.t.shown {
		return
	}
	const pad = 9
	box := fyne.NewSize(2*pad, 2*pad)
	for _, l := range r.lines {
		box.Width = max(box.Width, l.MinSize().Width+2*pad)
		box.Height += l.MinSize().Height
	}
	at := r.place(size, box)
	r.back.Move(at)
	r.back.Resize(box)
	y := at.Y + pad
	for _, l := range r.lines {
		l.Move(fyne.NewPos(at.X+pad, y))
		l.Resize(l.MinSize())
		y += l.MinSize().Height
	}
}

// place puts the box below the anchor, or above it where there is no room.
func (r *tipsRenderer) place(room, box fyne.Size) fyne.Position {
	driver := fyne.CurrentApp().Driver()
	own := driver.AbsolutePositionForObject(r.t)
	at := driver.AbsolutePositionForObject(r.t.anchor).Subtract(own)
	anchor := r.t.anchor.Size()
	x := min(max(at.X, 4), room.Width-box.Width-4)
	y := at.Y + anchor.Height + 6
	if y+box.Height > room.Height {
		y = max(at.Y-box.Height-6, 4)
	}
	return fyne.NewPos(x, y)
}

func (r *tipsRenderer) Refresh() {
	r.back.FillColor = theme.ColorForWidget(theme.ColorNameOverlayBackground, r.t)
	r.back.StrokeColor = theme.ColorForWidget(theme.ColorNameInputBorder, r.t)
	r.back.StrokeWidth, r.back.CornerRadius = 1, 6
	r.lines = r.lines[:0]
	if r.t.shown {
		size := theme.SizeForWidget(theme.SizeNameCaptionText, r.t) + 0.5
		for i, s := range wrap(r.t.content, tipWidth, size) {
			l := canvas.NewText(s, theme.ColorForWidget(theme.ColorNameForeground, r.t))
			l.TextSize, l.TextStyle.Bold = size, i == 0 && strings.Contains(r.t.content, "\n")
			r.lines = append(r.lines, l)
		}
	}
	r.Layout(r.t.Size())
	canvas.Refresh(r.t)
}

func (r *tipsRenderer) Objects() []fyne.CanvasObject {
	if !r.t.shown {
		return nil
	}
	objects := []fyne.CanvasObject{r.back}
	for _, l := range r.lines {
		objects = append(objects, l)
	}
	return objects
}
func (r *tipsRenderer) Destroy() {}

// wrap breaks s into lines no wider than width.
func wrap(s string, width, size float32) []string {
	var lines []string
	for _, paragraph := range strings.Split(s, "\n") {
		line := ""
		for _, word := range strings.Fields(paragraph) {
			longer := strings.TrimSpace(line + " " + word)
			if line != "" && fyne.MeasureText(longer, size, fyne.TextStyle{}).Width > width {
				lines = append(lines, line)
				longer = word
			}
			line = longer
		}
		lines = append(lines, line)
	}
	return lines
}
