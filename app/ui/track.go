package ui

import (
	"fmt"
	"image"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/latco-studio/latco/app/engine"
	"github.com/latco-studio/latco/app/ui/paint"
)

// track is the slider over the optimiser's iterations. The curves of return and
// violation are the track itself. Arrows move it while it has the focus.
type track struct {
	widget.BaseWidget
	desk    *desk
	history *history
	plan    *engine.PlanView
	at      int // index of the iteration shown
	wanted  int // number of the iteration asked for and not yet shown, −1 none
	focused bool
	onSeek  func(k int)

	raster *canvas.Raster
	buffer *image.RGBA
	pen    paint.Pen
	points []paint.Vec
	handle *canvas.Rectangle
	ring   *canvas.Rectangle

	renderer *trackRenderer
}

var (
	_ fyne.Draggable    = (*track)(nil)
	_ fyne.Focusable    = (*track)(nil)
	_ desktop.Mouseable = (*track)(nil)
)

func newTrack(d *desk, h *history) *track {
	t := &track{desk: d, history: h, wanted: -1}
	t.raster = newCrisp(t.draw)
	t.ExtendBaseWidget(t)
	return t
}

func (t *track) show(s *engine.State) {
	if s.Plan == t.plan {
		return
	}
	before := t.plan
	t.plan = s.Plan
	t.follow(before)
	if t.renderer == nil {
		return
	}
	if before == nil || s.Plan == nil || len(before.Iterations) != t.count() || before.Running != s.Plan.Running {
		t.raster.Refresh()
	}
	t.renderer.place(t.Size())
	canvas.Refresh(t)
}

// follow goes to the iteration that the state shows. What has just been asked
// for stays under the hand until the state has caught up with it.
func (t *track) follow(before *engine.PlanView) {
	if t.count() == 0 || before == nil || len(before.Iterations) > t.count() {
		t.wanted = -1
	}
	if t.count() == 0 {
		t.at = 0
		return
	}
	shown := min(max(t.plan.Shown, 0), t.count()-1)
	if t.wanted < 0 || t.plan.Iterations[shown].K == t.wanted {
		t.wanted, t.at = -1, shown
		return
	}
	t.at = nearest(t.plan, float64(t.wanted))
}

func (t *track) count() int {
	if t.plan == nil {
		return 0
	}
	return len(t.plan.Iterations)
}

// words is "37 of 200"; iteration 0 is what the optimiser started from.
func (t *track) words() string {
	if t.count() == 0 {
		return "–"
	}
	at := min(max(t.at, 0), t.count()-1)
	total := max(t.plan.Total, t.plan.Iterations[t.count()-1].K)
	return fmt.Sprintf("%d of %d", t.plan.Iterations[at].K, total)
}

// seek shows another iteration and reports its number; the newest one of a
// running optimiser is −1, which goes on following it.
func (t *track) seek(index int) {
	if t.count() == 0 {
		return
	}
	index = min(max(index, 0), t.count()-1)
	if index == t.at {
		return
	}
	t.at, t.wanted = index, t.plan.Iterations[index].K
	if t.plan.Running && index == t.count()-1 {
		t.wanted = -1
	}
	if t.renderer != nil {
		t.renderer.place(t.Size())
		canvas.Refresh(t)
	}
	if t.onSeek != nil {
		t.onSeek(t.wanted)
	}
}

// position is where iteration index lies, from 0 to 1. While planning, the track
// already has the length of the whole optimisation.
func (t *track) position(index int) float64 {
	if t.count() == 0 {
		return 0
	}
	return float64(t.plan.Iterations[index].K) / t.lastK()
}

func (t *track) lastK() float64 {
	last := t.plan.Iterations[t.count()-1].K
	if t.plan.Running {
		last = max(last, t.plan.Total)
	}
	return max(float64(last), 1)
}

func (t *track) seekTo(x float32) {
	if t.count() == 0 {
		return
	}
	t.seek(nearest(t.plan, float64(x/t.Size().Width)*t.lastK()))
}

func (t *track) MouseDown(e *desktop.MouseEvent) { t.seekTo(e.Position.X) }
func (t *track) MouseUp(*desktop.MouseEvent)     {}
func (t *track) Dragged(e *fyne.DragEvent)       { t.seekTo(e.Position.X) }
func (t *track) DragEnd()                        {}
func (t *track) Cursor() desktop.Cursor          { return desktop.HResizeCursor }

func (t *track) FocusGained()     { t.focused = true; t.Refresh() }
func (t *track) FocusLost()       { t.focused = false; t.Refresh() }
func (t *track) TypedRune(r rune) { t.desk.keys.typedRune(r) }
func (t *track) TypedKey(e *fyne.KeyEvent) {
	if to, ok := seekKey(e.Name, t.at, t.count()); ok {
		t.seek(to)
	} else {
		t.desk.keys.typedKey(e)
	}
}

func (t *track) draw(w, h int) image.Image {
	t.buffer = paint.Sized(t.buffer, w, h)
	paint.Fill(t.buffer, t.buffer.Rect, colorOf(colorEmpty, t))
	if t.count() > 0 {
		scale := float64(w) / max(float64(t.Size().Width), 1)
		for _, c := range t.history.curves() {
			if c.color != colorLambda {
				t.curve(c, scale)
			}
		}
	}
	return t.buffer
}

func (t *track) curve(c curve, scale float64) {
	bottom, top, ok := yRange(c)
	if !ok {
		return
	}
	w, h := float64(t.buffer.Rect.Dx()), float64(t.buffer.Rect.Dy())
	margin := 4 * scale
	t.points = t.points[:0]
	for _, v := range c.xy {
		t.points = append(t.points, paint.Vec{
			X: (w - 1) * v.X / t.lastK(),
			Y: h - margin - (h-2*margin)*(c.y(v.Y)-bottom)/(top-bottom),
		})
	}
	t.pen.Curve(t.buffer, t.buffer.Rect, t.points, 1.4*scale, colorOf(c.color, t))
}

func (t *track) CreateRenderer() fyne.WidgetRenderer {
	t.handle, t.ring = canvas.NewRectangle(nil), canvas.NewRectangle(nil)
	t.renderer = &trackRenderer{t}
	t.renderer.Refresh()
	return t.renderer
}

type trackRenderer struct{ t *track }

func (r *trackRenderer) MinSize() fyne.Size { return fyne.NewSize(200, 38) }
func (r *trackRenderer) Layout(size fyne.Size) {
	r.t.raster.Resize(size)
	r.t.ring.Resize(size)
	r.place(size)
}

func (r *trackRenderer) place(size fyne.Size) {
	t := r.t
	t.handle.Hidden = t.count() == 0
	if t.handle.Hidden {
		return
	}
	x := float32(t.position(min(max(t.at, 0), t.count()-1))) * size.Width
	x = float32(math.Min(math.Max(float64(x)-1.5, 0), float64(size.Width-3)))
	t.handle.Move(fyne.NewPos(x, 0))
	t.handle.Resize(fyne.NewSize(3, size.Height))
}

func (r *trackRenderer) Refresh() {
	t := r.t
	t.handle.FillColor = theme.ColorForWidget(theme.ColorNameForeground, t)
	t.handle.CornerRadius = 1
	t.ring.FillColor = theme.ColorForWidget(theme.ColorNameHover, t)
	t.ring.StrokeColor, t.ring.StrokeWidth = theme.ColorForWidget(theme.ColorNamePrimary, t), 2
	t.ring.Hidden = !t.focused
	r.place(t.Size())
	t.raster.Refresh()
	canvas.Refresh(t)
}

func (r *trackRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.t.raster, r.t.handle, r.t.ring}
}
func (r *trackRenderer) Destroy() {}
