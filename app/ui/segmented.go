package ui

import (
	"image/color"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// segment is one choice of a segmented row.
type segment struct {
	Name, Title, Tip string
}

// segmented is a row of choices of which one is taken: the planners, the tabs.
// It can be focused; the arrow keys move the choice.
type segmented struct {
	widget.BaseWidget
	desk     *desk
	items    []segment
	chosen   int
	boxed    bool // drawn as one bordered box (planners), not as plain tabs
	hovered  int
	focused  bool
	onChoose func(name string)
}

var (
	_ fyne.Focusable    = (*segmented)(nil)
	_ fyne.Tappable     = (*segmented)(nil)
	_ desktop.Hoverable = (*segmented)(nil)
)

func newSegmented(d *desk, boxed bool, onChoose func(string)) *segmented {
	s := &segmented{desk: d, boxed: boxed, chosen: -1, hovered: -1, onChoose: onChoose}
	s.ExtendBaseWidget(s)
	return s
}

// setItems replaces the choices if they differ.
func (s *segmented) setItems(items []segment) {
	if len(items) == len(s.items) {
		same := true
		for i := range items {
			same = same && items[i] == s.items[i]
		}
		if same {
			return
		}
	}
	s.items = items
	s.Refresh()
}

// setChosen shows a choice without reporting it; a name that is not offered takes
// the mark away.
func (s *segmented) setChosen(name string) {
	at := slices.IndexFunc(s.items, func(it segment) bool { return it.Name == name })
	if at != s.chosen {
		s.chosen = at
		s.Refresh()
	}
}

// name is that of the choice taken, "" if there is none.
func (s *segmented) name() string {
	if s.chosen < 0 || s.chosen >= len(s.items) {
		return ""
	}
	return s.items[s.chosen].Name
}

// choose takes the i-th choice as if it had been clicked. Out of range is no one.
// What is chosen already is reported too: the mark may be that of a state older than
// the last click.
func (s *segmented) choose(i int) {
	if i < 0 || i >= len(s.items) {
		return
	}
	s.chosen = i
	s.Refresh()
	if s.onChoose != nil {
		s.onChoose(s.items[i].Name)
	}
}

func (s *segmented) Tapped(e *fyne.PointEvent) {
	s.desk.leaveEntry()
	s.choose(s.at(e.Position.X))
}

func (s *segmented) MouseIn(e *desktop.MouseEvent) { s.MouseMoved(e) }
func (s *segmented) MouseMoved(e *desktop.MouseEvent) {
	if i := s.at(e.Position.X); i != s.hovered {
		s.hovered = i
		s.Refresh()
		if i >= 0 {
			s.desk.tips.want(s, s.items[i].Tip)
		}
	}
}
func (s *segmented) MouseOut() {
	s.hovered = -1
	s.desk.tips.drop()
	s.Refresh()
}

func (s *segmented) FocusGained() { s.focused = true; s.Refresh() }
func (s *segmented) FocusLost()   { s.focused = false; s.Refresh() }

func (s *segmented) TypedRune(r rune) { s.desk.keys.typedRune(r) }
func (s *segmented) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyLeft:
		s.choose(max(s.chosen-1, 0))
	case fyne.KeyRight:
		s.choose(min(s.chosen+1, len(s.items)-1))
	default:
		s.desk.keys.typedKey(e)
	}
}

const segmentPad = 13

func (s *segmented) width(i int) float32 {
	size := theme.SizeForWidget(theme.SizeNameText, s)
	return fyne.MeasureText(s.items[i].Title, size, fyne.TextStyle{Bold: true}).Width + 2*segmentPad
}

func (s *segmented) at(x float32) int {
	for i := range s.items {
		if x -= s.width(i); x < 0 {
			return i
		}
	}
	return -1
}

func (s *segmented) CreateRenderer() fyne.WidgetRenderer {
	r := &segmentedRenderer{s: s, back: canvas.NewRectangle(nil), mark: canvas.NewRectangle(nil),
		line: canvas.NewRectangle(nil), ring: canvas.NewRectangle(nil), hover: canvas.NewRectangle(nil)}
	r.Refresh()
	return r
}

type segmentedRenderer struct {
	s                             *segmented
	back, mark, line, ring, hover *canvas.Rectangle
	labels                        []*canvas.Text
	bars                          []*canvas.Rectangle
}

func (r *segmentedRenderer) MinSize() fyne.Size {
	var w float32
	for i := range r.s.items {
		w += r.s.width(i)
	}
	h := fyne.MeasureText("Ag", theme.SizeForWidget(theme.SizeNameText, r.s), fyne.TextStyle{}).Height
	return fyne.NewSize(w, h+13)
}

func (r *segmentedRenderer) Layout(size fyne.Size) {
	place := func(o fyne.CanvasObject, x, y, w, h float32) {
		o.Move(fyne.NewPos(x, y))
		o.Resize(fyne.NewSize(w, h))
	}
	end := r.MinSize().Width
	place(r.back, 0, 0, end, size.Height)
	place(r.ring, 0, 0, end, size.Height)
	x := float32(0)
	for i, l := range r.labels {
		w := r.s.width(i)
		if i == r.s.chosen {
			place(r.mark, x, 0, w, size.Height)
			place(r.line, x, size.Height-2, w, 2)
		}
		if i == r.s.hovered {
			place(r.hover, x, 0, w, size.Height)
		}
		h := l.MinSize().Height
		place(l, x, (size.Height-h)/2, w, h)
		place(r.bars[i], x, 0, 1, size.Height)
		x += w
	}
}

func (r *segmentedRenderer) Refresh() {
	for len(r.labels) < len(r.s.items) {
		r.labels = append(r.labels, canvas.NewText("", nil))
		r.bars = append(r.bars, canvas.NewRectangle(nil))
	}
	r.labels, r.bars = r.labels[:len(r.s.items)], r.bars[:len(r.s.items)]
	c := func(n fyne.ThemeColorName) color.Color { return theme.ColorForWidget(n, r.s) }
	for i, it := range r.s.items {
		l := r.labels[i]
		l.Text, l.Alignment = it.Title, fyne.TextAlignCenter
		l.TextSize = theme.SizeForWidget(theme.SizeNameText, r.s)
		l.Color = c(colorMuted)
		if i == r.s.chosen {
			l.Color = c(theme.ColorNameForeground)
		}
		l.TextStyle.Bold = i == r.s.chosen
		l.Refresh()
		r.bars[i].FillColor = c(colorLine)
		r.bars[i].Hidden = i == 0 || !r.s.boxed
	}
	r.back.FillColor, r.back.StrokeColor, r.back.StrokeWidth, r.back.CornerRadius = c(colorPanel), c(colorLine), 1, 6
	r.back.Hidden = !r.s.boxed
	r.mark.FillColor = c(theme.ColorNameButton)
	r.mark.Hidden = r.s.chosen < 0 || !r.s.boxed
	r.line.FillColor = c(theme.ColorNamePrimary)
	r.line.Hidden = r.s.chosen < 0
	r.hover.FillColor = c(theme.ColorNameHover)
	r.hover.Hidden = r.s.hovered < 0
	r.ring.FillColor, r.ring.StrokeColor, r.ring.StrokeWidth, r.ring.CornerRadius = color.Transparent, c(theme.ColorNamePrimary), 2, 6
	r.ring.Hidden = !r.s.focused
	r.Layout(r.s.Size())
	canvas.Refresh(r.s)
}

func (r *segmentedRenderer) Objects() []fyne.CanvasObject {
	objects := []fyne.CanvasObject{r.back, r.mark, r.hover, r.line}
	for i, l := range r.labels {
		objects = append(objects, r.bars[i], l)
	}
	return append(objects, r.ring)
}
func (r *segmentedRenderer) Destroy() {}
