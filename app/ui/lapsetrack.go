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

// lapseTrack is the slider over the shots of a time-lapse. The curve of their error is
// the track itself. It follows the newest shot until another is chosen.
type lapseTrack struct {
	widget.BaseWidget
	desk    *desk
	words   *text
	lapse   *engine.TimeLapse
	at      int // shot shown
	focused bool
	onSeek  func(i int)

	raster *canvas.Raster
	buffer *image.RGBA
	pen    paint.Pen
	points []paint.Vec
}

var (
	_ fyne.Draggable    = (*lapseTrack)(nil)
	_ fyne.Focusable    = (*lapseTrack)(nil)
	_ desktop.Mouseable = (*lapseTrack)(nil)
	_ desktop.Hoverable = (*lapseTrack)(nil)
)

func newLapseTrack(d *desk, onSeek func(int)) *lapseTrack {
	t := &lapseTrack{desk: d, words: newCaption(""), onSeek: onSeek}
	t.words.cut = true
	t.raster = newCrisp(t.draw)
	t.ExtendBaseWidget(t)
	return t
}

func (t *lapseTrack) count() int {
	if t.lapse == nil {
		return 0
	}
	return len(t.lapse.Shots)
}

// show takes over more shots. Of a run that thins them the chosen one stays the one
// of that many updates.
func (t *lapseTrack) show(l *engine.TimeLapse) {
	newest := t.at >= t.count()-1
	updates := 0
	if !newest {
		updates = t.lapse.Shots[t.at].Updates
	}
	t.lapse = l
	t.at = max(0, t.count()-1)
	for i := 0; !newest && i < t.count(); i++ {
		if t.lapse.Shots[i].Updates >= updates {
			t.at = i
			break
		}
	}
	t.say()
}

func (t *lapseTrack) say() {
	words := "no shots yet"
	if n := t.count(); n > 0 {
		s := t.lapse.Shots[t.at]
		words = fmt.Sprintf("after %s of %s updates · shot %d of %d · error %s", whole(s.Updates), whole(t.lapse.Shots[n-1].Updates), t.at+1, n, figure(s.Error))
	}
	t.words.set(words)
	t.raster.Refresh()
}

// seek shows another shot, and says whether there is one.
func (t *lapseTrack) seek(i int) bool {
	if i < 0 || i >= t.count() {
		return false
	}
	t.at = i
	t.say()
	t.onSeek(i)
	return true
}

func (t *lapseTrack) seekTo(x float32) {
	n := t.count()
	if i := int(math.Round(float64(x/max(t.Size().Width, 1)) * float64(n-1))); n > 0 {
		if i = min(max(i, 0), n-1); i != t.at {
			t.seek(i)
		}
	}
}

// draw paints the error over the shots: early ones are as wide as late ones.
func (t *lapseTrack) draw(w, h int) image.Image {
	t.buffer = paint.Sized(t.buffer, w, h)
	paint.Fill(t.buffer, t.buffer.Rect, colorOf(colorEmpty, t))
	n := t.count()
	if n == 0 {
		return t.buffer
	}
	scale := float64(w) / max(float64(t.Size().Width), 1)
	top, bottom := 0.0, math.Inf(1)
	for _, s := range t.lapse.Shots {
		top, bottom = max(top, s.Error), min(bottom, s.Error)
	}
	x := func(i int) float64 { return 2*scale + (float64(w)-4*scale)*float64(i)/float64(max(n-1, 1)) }
	t.points = t.points[:0]
	for i, s := range t.lapse.Shots {
		y := float64(h) / 2
		if top > bottom {
			y = 5*scale + (float64(h)-10*scale)*(top-s.Error)/(top-bottom)
		}
		t.points = append(t.points, paint.Vec{X: x(i), Y: y})
	}
	t.pen.Curve(t.buffer, t.buffer.Rect, t.points, 1.4*scale, colorOf(colorViolation, t))
	at := int(x(t.at))
	ink := colorOf("foreground", t)
	if t.focused {
		ink = colorOf(theme.ColorNamePrimary, t)
	}
	paint.Fill(t.buffer, image.Rect(at-int(scale), 0, at+int(2*scale), h), ink)
	paint.Round(t.buffer, t.buffer.Rect, int(4*scale), colorOf(colorPanel, t))
	return t.buffer
}

const lapseTip = "Time-lapse\nEach shot predicts the same episode with the parameters of that time; the curve is its error. Drag, or use the arrow keys."

func (t *lapseTrack) MouseDown(e *desktop.MouseEvent)     { t.seekTo(e.Position.X) }
func (t *lapseTrack) MouseUp(*desktop.MouseEvent)         {}
func (t *lapseTrack) MouseIn(*desktop.MouseEvent)         { t.desk.tips.want(t, lapseTip) }
func (t *lapseTrack) MouseMoved(*desktop.MouseEvent)      {}
func (t *lapseTrack) MouseOut()                           { t.desk.tips.drop() }
func (t *lapseTrack) Dragged(e *fyne.DragEvent)           { t.seekTo(e.Position.X) }
func (t *lapseTrack) DragEnd()                            {}
func (t *lapseTrack) Cursor() desktop.Cursor              { return desktop.HResizeCursor }
func (t *lapseTrack) FocusGained()                        { t.focused = true; t.raster.Refresh() }
func (t *lapseTrack) FocusLost()                          { t.focused = false; t.raster.Refresh() }
func (t *lapseTrack) TypedRune(r rune)                    { t.desk.keys.typedRune(r) }
func (t *lapseTrack) MinSize() fyne.Size                  { return fyne.NewSize(120, 34) }
func (t *lapseTrack) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(t.raster) }
func (t *lapseTrack) TypedKey(e *fyne.KeyEvent) {
	if to, ok := seekKey(e.Name, t.at, t.count()); ok {
		t.seek(to)
	} else {
		t.desk.keys.typedKey(e)
	}
}
