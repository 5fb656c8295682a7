package engine

import (
	"math"
	"time"

	"github.com/latco-studio/latco/render"
	"github.com/latco-studio/latco/sim"
)

// look is how the user sees the scene, and what the mouse holds.
type look struct {
	free, task render.Camera // as moved by the user
	onTask     bool          // the task's camera is the present one
	homeFree   render.Camera
	homeTask   render.Camera
	view       *liveView // filled for the next frame
	dirty      bool      // the picture would differ from the last one
	shown      time.Time
	glide      glide

	pointed string // bookmark whose ghost is shown; "" = none
	picked  *render.Object
	grip    grip
	scene   render.Scene // scratch for picking
}

// maxViewport bounds a live frame; a 4K screen fits.
const maxViewport = 4096

func (l *look) init() {
	l.view = &liveView{w: 640, h: 480}
	l.dirty = true
}

// home takes the cameras of a task.
func (l *look) home(t sim.Task) {
	l.homeFree, l.homeTask = t.FreeCamera, t.Camera
	l.free, l.task = t.FreeCamera, t.Camera
	l.picked, l.grip = nil, grip{}
	l.dirty = true
}

func (l *look) camera() *render.Camera {
	if l.onTask {
		return &l.task
	}
	return &l.free
}

// at is the present camera where it follows the scene to.
func (l *look) at(a *actor) render.Camera { return Tracking(*l.camera(), a.onScreen().inst) }

func (l *look) cameraName() string {
	if l.onTask {
		return "task"
	}
	return "free"
}

// due says that a picture is wanted: of what has changed, of what has come to rest, or
// because the last was long ago.
func (l *look) due(now time.Time, moving bool) bool {
	every := keepAlive
	if moving {
		every = settles
	}
	return (l.dirty || now.Sub(l.shown) >= every) && l.view.w > 0
}

func (l *look) aspect() float64 { return float64(l.view.w) / float64(max(1, l.view.h)) }

func (l *look) resize(w, h int) {
	l.view.w, l.view.h = min(max(w, 1), maxViewport), min(max(h, 1), maxViewport)
	l.dirty = true
}

// turn moves or changes the camera.
func (l *look) turn(a *actor, c Command) {
	cam := l.camera()
	switch c := c.(type) {
	case Orbit:
		cam.Orbit(clamp(c.DX), clamp(c.DY))
	case Pan:
		cam.Pan(clamp(c.DX), clamp(c.DY))
	case Zoom:
		cam.Zoom(clamp(c.D))
	case NextCamera:
		l.onTask = !l.onTask
	case ResetCamera:
		l.free, l.task = l.homeFree, l.homeTask
	}
	l.dirty = true
	if name := l.cameraName(); name != a.draft.CameraName {
		a.draft.CameraName, a.changed = name, true
	}
}

// clamp keeps a mouse event finite and within a few views.
func clamp(x float64) float64 {
	if math.IsNaN(x) {
		return 0
	}
	return min(max(x, -10), 10)
}
