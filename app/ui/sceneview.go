package ui

import (
	"image"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/latco-studio/latco/app/engine"
)

// sceneView shows the live scene and turns the mouse into camera and dragging
// commands. Positions are sent as fractions, so frames of an older size are fine.
type sceneView struct {
	widget.BaseWidget
	desk   *desk
	raster *canvas.Raster
	frame  *image.RGBA // what the raster shows; replaced only on the main goroutine
	blank  *image.RGBA // before the first frame
	size   engine.Viewport
	grip   grip
	focus  bool
}

// grip is what a drag is doing.
type grip uint8

const (
	gripNone grip = iota
	gripOrbit
	gripPan
	gripBody
)

var (
	_ fyne.Draggable         = (*sceneView)(nil)
	_ fyne.Scrollable        = (*sceneView)(nil)
	_ fyne.Tappable          = (*sceneView)(nil)
	_ fyne.DoubleTappable    = (*sceneView)(nil)
	_ fyne.SecondaryTappable = (*sceneView)(nil)
	_ fyne.Focusable         = (*sceneView)(nil)
	_ desktop.Mouseable      = (*sceneView)(nil)
)

func newSceneView(d *desk) *sceneView {
	v := &sceneView{desk: d, blank: image.NewRGBA(image.Rect(0, 0, 1, 1))}
	v.raster = canvas.NewRaster(v.draw)
	v.ExtendBaseWidget(v)
	return v
}

// draw hands Fyne the newest frame and tells the engine the size it wants.
func (v *sceneView) draw(w, h int) image.Image {
	if want := (engine.Viewport{W: w, H: h}); want != v.size && w > 1 && h > 1 {
		v.size = want
		v.desk.send(want)
	}
	if v.frame == nil {
		v.blank.SetRGBA(0, 0, colorOf(colorEmpty, v))
		return v.blank
	}
	return v.frame
}

// present shows a finished frame. It must not be written until another one has
// been presented.
func (v *sceneView) present(frame *image.RGBA) {
	v.frame = frame
	v.raster.ScaleMode = canvas.ImageScaleSmooth // a sketch is enlarged
	if frame.Rect.Dx() == v.size.W && frame.Rect.Dy() == v.size.H {
		v.raster.ScaleMode = canvas.ImageScalePixels // see newCrisp
	}
	v.raster.Refresh()
}

func (v *sceneView) MouseDown(e *desktop.MouseEvent) {
	switch {
	case e.Button == desktop.MouseButtonPrimary && e.Modifier&fyne.KeyModifierControl != 0:
		v.grip = gripBody
		x, y := v.fraction(e.Position)
		v.desk.send(engine.DragStart{X: x, Y: y})
	case e.Button == desktop.MouseButtonPrimary:
		v.grip = gripOrbit
	default:
		v.grip = gripPan
	}
}

func (v *sceneView) MouseUp(*desktop.MouseEvent) { v.release() }
func (v *sceneView) DragEnd()                    { v.release() }

func (v *sceneView) release() {
	if v.grip == gripBody {
		v.desk.send(engine.DragEnd{})
	}
	v.grip = gripNone
}

func (v *sceneView) Dragged(e *fyne.DragEvent) {
	h := float64(v.Size().Height)
	dx, dy := float64(e.Dragged.DX)/h, float64(e.Dragged.DY)/h
	switch v.grip {
	case gripBody:
		x, y := v.fraction(e.Position)
		v.desk.send(engine.DragMove{X: x, Y: y})
	case gripPan:
		v.desk.send(engine.Pan{DX: dx, DY: dy})
	default: // some drivers report a drag without a press before it
		v.desk.send(engine.Orbit{DX: dx, DY: dy})
	}
}

// Scrolled zooms: one notch of a wheel is about 10 units.
func (v *sceneView) Scrolled(e *fyne.ScrollEvent) {
	v.desk.send(engine.Zoom{D: float64(e.Scrolled.DY) / 100})
}

func (v *sceneView) Tapped(*fyne.PointEvent)          { v.desk.leaveEntry() }
func (v *sceneView) TappedSecondary(*fyne.PointEvent) {}
func (v *sceneView) DoubleTapped(e *fyne.PointEvent) {
	x, y := v.fraction(e.Position)
	v.desk.send(engine.Pick{X: x, Y: y})
}

func (v *sceneView) fraction(p fyne.Position) (x, y float64) {
	s := v.Size()
	return float64(p.X / s.Width), float64(p.Y / s.Height)
}

func (v *sceneView) FocusGained()     { v.focus = true; v.Refresh() }
func (v *sceneView) FocusLost()       { v.focus = false; v.Refresh() }
func (v *sceneView) TypedRune(r rune) { v.typed(r) }

func (v *sceneView) typed(r rune) {
	switch r {
	case '+', '=':
		v.desk.send(engine.Zoom{D: 0.1})
	case '-':
		v.desk.send(engine.Zoom{D: -0.1})
	default:
		v.desk.keys.typedRune(r)
	}
}

// TypedKey orbits with the arrow keys while the scene has the focus.
func (v *sceneView) TypedKey(e *fyne.KeyEvent) {
	const step = 0.05
	switch e.Name {
	case fyne.KeyLeft:
		v.desk.send(engine.Orbit{DX: -step})
	case fyne.KeyRight:
		v.desk.send(engine.Orbit{DX: step})
	case fyne.KeyUp:
		v.desk.send(engine.Orbit{DY: -step})
	case fyne.KeyDown:
		v.desk.send(engine.Orbit{DY: step})
	default:
		v.desk.keys.typedKey(e)
	}
}

func (v *sceneView) CreateRenderer() fyne.WidgetRenderer {
	r := &sceneRenderer{v: v, ring: canvas.NewRectangle(color.Transparent)}
	r.Refresh()
	return r
}

type sceneRenderer struct {
	v    *sceneView
	ring *canvas.Rectangle
}

func (r *sceneRenderer) MinSize() fyne.Size { return fyne.NewSize(320, 200) }
func (r *sceneRenderer) Layout(size fyne.Size) {
	r.v.raster.Resize(size)
	r.ring.Resize(size)
}
func (r *sceneRenderer) Refresh() {
	r.ring.StrokeColor, r.ring.StrokeWidth = theme.ColorForWidget(theme.ColorNamePrimary, r.v), 2
	r.ring.Hidden = !r.v.focus
	r.v.raster.Refresh()
	r.ring.Refresh()
}
func (r *sceneRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.v.raster, r.ring}
}
func (r *sceneRenderer) Destroy() {}
