package ui

import (
	"fmt"
	"image/color"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
)

// stripRenderer lays captions, step numbers and marks over the painted strip.
type stripRenderer struct {
	s        *strip
	captions []*canvas.Text
	numbers  []*canvas.Text
	column   *canvas.Rectangle // the marked column
	ring     *canvas.Rectangle // the focus
}

// The captions of the rows, each with its explanation.
var stripWords = []struct {
	title bool
	words string
}{
	{false, "time step"},
	{true, "PLAN"}, {false, "imagined latents"},
	{false, "violation"},
	{false, "λ"},
	{true, "MODEL"}, {false, "same actions"},
	{true, "REAL"}, {false, "executed"},
}

func newStripRenderer(s *strip) *stripRenderer {
	r := &stripRenderer{s: s, column: canvas.NewRectangle(color.Transparent), ring: canvas.NewRectangle(color.Transparent)}
	for range stripWords {
		r.captions = append(r.captions, canvas.NewText("", nil))
	}
	r.Refresh()
	return r
}

// MinSize is that of the smallest frames; the strip scrolls below it.
func (r *stripRenderer) MinSize() fyne.Size {
	return fyne.NewSize(stripCaption+10*stripSmallest, stripFixed+3*stripSmallest)
}

func (r *stripRenderer) Layout(size fyne.Size) {
	r.s.raster.Resize(size)
	r.ring.Resize(size)
	r.arrange()
}

// arrange places captions, numbers and marks.
func (r *stripRenderer) arrange() {
	l := r.s.unitLayout()
	half := float32(l.side) / 2
	y := []float32{2, float32(l.plan) + half - 15, float32(l.plan) + half,
		float32(l.violation) - 2, float32(l.lambda) - 2,
		float32(l.model) + half - 15, float32(l.model) + half,
		float32(l.real) + half - 15, float32(l.real) + half}
	for i, c := range r.captions {
		c.Move(fyne.NewPos(14, y[i]))
	}
	if r.captions[0].Text = "time step"; l.stride > 1 {
		r.captions[0].Text = "every " + ordinal(l.stride) + " step"
	}
	r.number(l)
	r.column.Hidden = true
	for i := range l.steps {
		if from, to := l.span(i); r.s.column >= from && r.s.column <= to {
			r.column.Hidden = false
			r.column.Move(fyne.NewPos(float32(l.left+i*l.cell)-2, float32(l.plan)-2))
			r.column.Resize(fyne.NewSize(float32(l.side)+4, float32(l.height-l.plan)))
		}
	}
}

// number writes the time step above every column, or above as many as have room.
func (r *stripRenderer) number(l stripLayout) {
	for len(r.numbers) < len(l.steps) {
		r.numbers = append(r.numbers, canvas.NewText("", nil))
	}
	r.numbers = r.numbers[:len(l.steps)]
	for i, t := range l.steps {
		n := r.numbers[i]
		n.Text = strconv.Itoa(t)
		n.TextSize = theme.SizeForWidget(theme.SizeNameCaptionText, r.s) - 1.5
		n.Color = theme.ColorForWidget(colorMuted, r.s)
		if from, to := l.span(i); r.s.column >= from && r.s.column <= to {
			n.Color = theme.ColorForWidget(theme.ColorNameForeground, r.s)
		}
		n.Alignment = fyne.TextAlignCenter
		n.Move(fyne.NewPos(float32(l.left+i*l.cell), 3))
		n.Resize(fyne.NewSize(float32(l.side), n.MinSize().Height))
	}
}

// ordinal is 2nd, 3rd, 4th…
func ordinal(n int) string {
	suffix := "th"
	if n%100 < 11 || n%100 > 13 {
		switch n % 10 {
		case 1:
			suffix = "st"
		case 2:
			suffix = "nd"
		case 3:
			suffix = "rd"
		}
	}
	return fmt.Sprint(n, suffix)
}

func (r *stripRenderer) Refresh() {
	for i, c := range r.captions {
		w := stripWords[i]
		c.Text, c.TextStyle.Bold = w.words, w.title
		c.TextSize = theme.SizeForWidget(theme.SizeNameCaptionText, r.s)
		c.Color = theme.ColorForWidget(colorMuted, r.s)
		if w.title {
			c.Color = theme.ColorForWidget(theme.ColorNameForeground, r.s)
		}
	}
	r.column.StrokeColor, r.column.StrokeWidth, r.column.CornerRadius = theme.ColorForWidget(theme.ColorNamePrimary, r.s), 1.5, 4
	r.ring.StrokeColor, r.ring.StrokeWidth = theme.ColorForWidget(theme.ColorNamePrimary, r.s), 2
	r.ring.Hidden = !r.s.focused
	r.arrange()
	r.s.raster.Refresh()
	canvas.Refresh(r.s)
}

func (r *stripRenderer) Objects() []fyne.CanvasObject {
	objects := []fyne.CanvasObject{r.s.raster, r.column}
	for _, c := range r.captions {
		objects = append(objects, c)
	}
	for _, n := range r.numbers {
		objects = append(objects, n)
	}
	return append(objects, r.ring)
}
func (r *stripRenderer) Destroy() {}
