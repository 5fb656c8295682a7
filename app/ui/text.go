package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// text is one line without padding that follows the theme. Fyne's Label keeps
// room for being edited around it, too much for captions and overlays.
type text struct {
	widget.BaseWidget
	content string
	color   fyne.ThemeColorName
	size    fyne.ThemeSizeName
	bold    bool
	align   fyne.TextAlign
	// cut drops what does not fit into the width (with …) instead of asking for
	// room.
	cut bool
}

func newText(content string) *text {
	t := &text{content: content, color: theme.ColorNameForeground, size: theme.SizeNameText}
	t.ExtendBaseWidget(t)
	return t
}

func newCaption(content string) *text {
	t := newText(content)
	t.color, t.size = colorMuted, theme.SizeNameCaptionText
	return t
}

func newBold(content string) *text {
	t := newText(content)
	t.bold = true
	return t
}

// set changes the content; equal content costs nothing.
func (t *text) set(content string) {
	if t.content != content {
		t.content = content
		t.Refresh()
	}
}

func (t *text) CreateRenderer() fyne.WidgetRenderer {
	r := &textRenderer{t: t, line: canvas.NewText(t.content, nil)}
	r.style()
	return r
}

type textRenderer struct {
	t    *text
	line *canvas.Text
}

func (r *textRenderer) style() {
	r.line.Color = theme.ColorForWidget(r.t.color, r.t)
	r.line.TextSize = theme.SizeForWidget(r.t.size, r.t)
	r.line.TextStyle = fyne.TextStyle{Bold: r.t.bold}
	r.line.Alignment = r.t.align
	r.line.Text = r.t.content
	if r.t.cut {
		r.line.Text = fit(r.t.content, r.line, r.t.Size().Width)
	}
}

func (r *textRenderer) MinSize() fyne.Size {
	size := fyne.MeasureText(r.t.content, r.line.TextSize, r.line.TextStyle)
	if r.t.cut {
		size.Width = 0
	}
	return size
}

func (r *textRenderer) Layout(size fyne.Size) {
	if r.t.cut {
		r.style()
	}
	h := r.line.MinSize().Height
	r.line.Resize(fyne.NewSize(size.Width, h))
	r.line.Move(fyne.NewPos(0, (size.Height-h)/2))
}

func (r *textRenderer) Refresh() {
	r.style()
	r.Layout(r.t.Size())
	r.line.Refresh()
}

func (r *textRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.line} }
func (r *textRenderer) Destroy()                     {}

// fit shortens s with … until it is no wider than width.
func fit(s string, as *canvas.Text, width float32) string {
	wide := func(s string) bool { return fyne.MeasureText(s, as.TextSize, as.TextStyle).Width > width }
	if width <= 0 || !wide(s) {
		return s
	}
	runes := []rune(s)
	lo, hi := 0, len(runes)
	for lo < hi {
		mid := (lo + hi + 1) / 2
		if wide(string(runes[:mid]) + "…") {
			hi = mid - 1
		} else {
			lo = mid
		}
	}
	return string(runes[:lo]) + "…"
}
