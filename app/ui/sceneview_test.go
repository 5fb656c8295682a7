package ui

import (
	"image"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"github.com/latco-studio/latco/app/engine"
)

func TestSceneMouse(t *testing.T) {
	b := newBench(t)
	v := b.scene.view
	size := v.Size()
	at := func(x, y float32) fyne.PointEvent {
		return fyne.PointEvent{Position: fyne.NewPos(x*size.Width, y*size.Height)}
	}
	drag := func(button desktop.MouseButton, mod fyne.KeyModifier) {
		v.MouseDown(&desktop.MouseEvent{PointEvent: at(0.5, 0.5), Button: button, Modifier: mod})
		v.Dragged(&fyne.DragEvent{PointEvent: at(0.75, 0.25), Dragged: fyne.NewDelta(size.Height/4, -size.Height/2)})
		v.MouseUp(&desktop.MouseEvent{Button: button})
		v.DragEnd()
	}
	drag(desktop.MouseButtonPrimary, 0)
	b.wants(engine.Orbit{DX: 0.25, DY: -0.5})
	drag(desktop.MouseButtonSecondary, 0)
	b.wants(engine.Pan{DX: 0.25, DY: -0.5})
	drag(desktop.MouseButtonPrimary, fyne.KeyModifierControl)
	b.wants(engine.DragStart{X: 0.5, Y: 0.5}, engine.DragMove{X: 0.75, Y: 0.25}, engine.DragEnd{})
	v.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, 10)})
	b.wants(engine.Zoom{D: 0.1})
	p := at(0.25, 0.75)
	v.DoubleTapped(&p)
	b.wants(engine.Pick{X: 0.25, Y: 0.75})
}

func TestSceneKeys(t *testing.T) {
	b := newBench(t)
	b.win.Canvas().Focus(b.scene.view)
	b.press(fyne.KeyLeft)
	b.wants(engine.Orbit{DX: -0.05})
	test.Type(b.scene.view, "+")
	b.wants(engine.Zoom{D: 0.1})
}

func TestSceneAsksForItsSizeOnce(t *testing.T) {
	b := newBench(t)
	v := b.scene.view
	v.size = engine.Viewport{}
	b.eng.Commands()
	v.draw(800, 600)
	v.draw(800, 600)
	if got := b.eng.Commands(); len(got) != 1 || got[0] != (engine.Viewport{W: 800, H: 600}) {
		t.Errorf("sent %v", got)
	}
}

func TestSceneShowsTheNewestFrame(t *testing.T) {
	b := newBench(t)
	frame := image.NewRGBA(image.Rect(0, 0, 8, 6))
	b.scene.view.present(frame)
	if b.scene.view.draw(8, 6) != frame {
		t.Error("the frame is not what is drawn")
	}
}

// Corners keep out of each other's way where there is room for them at all.
func TestCornersDoNotOverlap(t *testing.T) {
	b := newBench(t)
	for _, size := range []fyne.Size{fyne.NewSize(1024, 700), fyne.NewSize(1440, 900), fyne.NewSize(3840, 2160)} {
		b.win.Resize(size)
		b.refresh()
		corners := b.scene.corners.Objects[:4]
		room := b.scene.root.Size()
		for i, o := range corners {
			if end := o.Position().Add(o.Size()); o.Position().X < 0 || end.X > room.Width || end.Y > room.Height {
				t.Errorf("%v: corner %d from %v to %v leaves the scene of %v", size, i, o.Position(), end, room)
			}
			for j, q := range corners[:i] {
				if overlap(o, q) {
					t.Errorf("%v: corners %d and %d overlap", size, j, i)
				}
			}
		}
	}
}

func overlap(a, b fyne.CanvasObject) bool {
	p, q := a.Position(), b.Position()
	return p.X < q.X+b.Size().Width && q.X < p.X+a.Size().Width && p.Y < q.Y+b.Size().Height && q.Y < p.Y+a.Size().Height
}
