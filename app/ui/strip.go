package ui

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"github.com/latco-studio/latco/app/engine"
	"github.com/latco-studio/latco/planning"
)

// strip is the film strip: rows PLAN, violation and λ, MODEL, REAL over common
// columns of time steps. Pointing at a column marks it in every row; a click
// enlarges the frame. With the focus, arrows move the column, Enter enlarges.
type strip struct {
	widget.BaseWidget
	desk     *desk
	plan     *engine.PlanView
	horizon  int // of the task, for the empty strip
	column   int // marked time step, −1 none
	focused  bool
	onMark   func(t int)
	onOpen   func(row stripRow, t int)
	layout   stripLayout
	painter  stripPainter
	raster   *canvas.Raster
	renderer *stripRenderer
	ink      stripInk
	dirty    bool // the numbers below the frames changed
	size     image.Point
}

// stripRow names a row of frames.
type stripRow uint8

const (
	rowPlan stripRow = iota
	rowModel
	rowReal
)

var (
	_ desktop.Hoverable = (*strip)(nil)
	_ fyne.Tappable     = (*strip)(nil)
	_ fyne.Focusable    = (*strip)(nil)
)

func newStrip(d *desk) *strip {
	s := &strip{desk: d, column: -1, horizon: 30}
	s.raster = newCrisp(s.draw)
	s.ExtendBaseWidget(s)
	return s
}

// show follows the state. Only a new plan view or horizon costs a redraw.
func (s *strip) show(st *engine.State) {
	if st.Plan == s.plan && (st.Plan != nil || st.Task.Horizon == s.horizon || st.Task.Horizon == 0) {
		return
	}
	s.plan = st.Plan
	if st.Task.Horizon > 0 {
		s.horizon = st.Task.Horizon
	}
	if st.Plan != nil && s.renderer != nil {
		s.column = min(s.column, st.Plan.Horizon)
	}
	s.dirty = true
	s.Refresh()
}

func (s *strip) steps() int {
	if s.plan != nil && s.plan.Horizon > 0 {
		return s.plan.Horizon
	}
	return s.horizon
}

// draw paints what has changed. It runs when Fyne paints the window.
func (s *strip) draw(w, h int) image.Image {
	scale := float64(w) / max(float64(s.Size().Width), 1)
	l := layStrip(w, h, s.steps(), scale)
	ink := inkFor(s)
	if size := image.Pt(w, h); size != s.size || ink != s.ink || !sameColumns(&l, &s.layout) || s.painter.image == nil {
		s.size, s.ink, s.layout, s.dirty = size, ink, l, true
		s.painter.reset(w, h, ink)
	}
	var rows [3][]*image.RGBA
	var it *planning.Iteration
	threshold := 0.0
	if p := s.plan; p != nil {
		rows = [3][]*image.RGBA{p.Strip, p.ModelStrip, p.Real}
		it, threshold = shown(p), p.Threshold
	}
	s.painter.frames(&l, l.plan, rows[rowPlan], ink)
	s.painter.frames(&l, l.model, rows[rowModel], ink)
	s.painter.frames(&l, l.real, rows[rowReal], ink)
	if s.dirty {
		s.painter.violations(&l, it, threshold, ink)
		s.painter.lambdas(&l, it, ink)
		s.dirty = false
	}
	return s.painter.image
}

func sameColumns(a, b *stripLayout) bool {
	return a.cell == b.cell && a.stride == b.stride && len(a.steps) == len(b.steps) && a.height == b.height && a.left == b.left
}

// mark highlights the column of a time step, −1 none, and reports it.
func (s *strip) mark(t int) {
	if t = min(t, s.steps()); t == s.column {
		return
	}
	s.column = t
	s.rearrange()
	if s.onMark != nil {
		s.onMark(t)
	}
}

// rearrange moves the marks without drawing the frames again.
func (s *strip) rearrange() {
	if s.renderer != nil {
		s.renderer.arrange()
		canvas.Refresh(s)
	}
}

// unitLayout is the layout in units of the window, for the mouse and the
// captions.
func (s *strip) unitLayout() stripLayout {
	return layStrip(int(s.Size().Width), int(s.Size().Height), s.steps(), 1)
}

func (s *strip) MouseIn(e *desktop.MouseEvent) { s.MouseMoved(e) }
func (s *strip) MouseMoved(e *desktop.MouseEvent) {
	l := s.unitLayout()
	if i := l.column(int(e.Position.X)); i >= 0 {
		s.mark(l.steps[i])
	} else {
		s.mark(-1)
	}
}
func (s *strip) MouseOut() { s.mark(-1) }

func (s *strip) Tapped(e *fyne.PointEvent) {
	s.desk.leaveEntry()
	l := s.unitLayout()
	i, y := l.column(int(e.Position.X)), int(e.Position.Y)
	if i < 0 || s.onOpen == nil {
		return
	}
	for row, top := range []int{l.plan, l.model, l.real} {
		if y >= top && y < top+l.side {
			s.onOpen(stripRow(row), l.steps[i])
		}
	}
}

// move marks the column so many columns on.
func (s *strip) move(by int) {
	steps := s.unitLayout().steps
	at := -1
	for i, t := range steps {
		if t <= s.column {
			at = i
		}
	}
	if at < 0 && by < 0 {
		at = len(steps)
	}
	s.mark(steps[min(max(at+by, 0), len(steps)-1)])
}

func (s *strip) FocusGained()     { s.focused = true; s.Refresh() }
func (s *strip) FocusLost()       { s.focused = false; s.Refresh() }
func (s *strip) TypedRune(r rune) { s.desk.keys.typedRune(r) }
func (s *strip) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyLeft:
		s.move(-1)
	case fyne.KeyRight:
		s.move(1)
	case fyne.KeyReturn, fyne.KeyEnter:
		if s.onOpen != nil && s.column >= 0 {
			s.onOpen(rowPlan, s.column)
		}
	default:
		s.desk.keys.typedKey(e)
	}
}

func (s *strip) CreateRenderer() fyne.WidgetRenderer {
	s.renderer = newStripRenderer(s)
	return s.renderer
}
