package ui

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"

	"github.com/latco-studio/latco/app/engine"
)

// sceneZone is the live scene with its overlays at the corners.
type sceneZone struct {
	root   fyne.CanvasObject
	view   *sceneView
	step   *text
	detail *text
	camera *button
	inset  *pixels
	sees   *text // what the inset is
	bar    *transport
	drawer *drawer

	corners *fyne.Container
	sizes   [3]fyne.Size // of the two upper corners and the drawer, when last laid out
}

// sceneActions are what the buttons over the scene do beyond sending a command.
type sceneActions struct {
	screenshot, fullScene func()
}

func newSceneZone(d *desk, do sceneActions) *sceneZone {
	z := &sceneZone{view: newSceneView(d), step: newBold(""), detail: newCaption(""), inset: newPixels(112), sees: newCaption("")}
	z.bar = newTransport(d)
	z.camera = newButton(d, "camera", theme.VisibilityIcon(), "Camera (C)\nSwitch between the free camera and the one the model sees through.",
		func() { d.send(engine.NextCamera{}) }).quiet()
	home := newButton(d, "", theme.ViewRefreshIcon(), "Reset camera\nBack to where the free camera started.",
		func() { d.send(engine.ResetCamera{}) }).quiet()
	shot := newButton(d, "shot", theme.MediaPhotoIcon(), "Screenshot (S)\nWrite the scene to a PNG file.", do.screenshot).quiet()
	scene := newDrawerButton(d, z.toggleDrawer)
	full := newButton(d, "full", theme.ViewFullScreenIcon(), "Full scene (F)\nHide everything but the scene; F again brings it back.", do.fullScene).quiet()

	facts := newOverlay(container.New(layout.NewCustomPaddedVBoxLayout(2), z.step, z.detail))
	tools := newPanel(colorOverlay, 7, true, container.New(layout.NewCustomPaddedHBoxLayout(0), home, z.camera, full, shot, scene))
	sees := newOverlay(container.New(layout.NewCustomPaddedVBoxLayout(3), z.inset, z.sees))
	z.drawer = newDrawer(d)
	z.drawer.root.Hide()
	z.corners = container.New(cornerLayout{margin: 12, drawer: z.drawer}, facts, tools, sees, z.bar.root, z.drawer.root)
	z.root = container.NewStack(z.view, z.corners)
	return z
}

func (z *sceneZone) show(s *engine.State) {
	steps := fmt.Sprintf("step %d", s.Step)
	if s.Task.EpisodeSteps > 0 {
		steps += fmt.Sprintf(" / %d", s.Task.EpisodeSteps)
	}
	z.step.set(fmt.Sprintf("%s · reward %s · return %s", steps, figure(s.Reward), figure(s.Return)))
	z.drawer.show(s)
	z.detail.set(sceneDetail(s))
	if s.CameraName != "" {
		z.camera.label(s.CameraName + " camera")
	}
	z.inset.show(s.Observation)
	z.sees.set(insetWords(s.Task))
	if r := s.Data.Replay; r != nil && s.Phase == engine.Replaying {
		z.step.set(fmt.Sprintf("step %d / %d · reward %s · return %s", r.Row, r.Steps, figure(r.Reward), figure(r.Return)))
		z.inset.show(r.Frame)
		z.sees.set("as recorded")
	}
	z.bar.show(s)
	z.settle()
}

// insetWords name the small picture.
func insetWords(t engine.TaskInfo) string {
	if t.Group == "gym" {
		return "the task's camera"
	}
	return "what the model sees"
}

// settle lays the corners out again if a text has changed the size of one.
func (z *sceneZone) settle() {
	o := z.corners.Objects
	sizes := [3]fyne.Size{o[0].MinSize(), o[1].MinSize()}
	if z.drawer.root.Visible() {
		sizes[2] = z.drawer.wanted()
	}
	if sizes != z.sizes {
		z.sizes = sizes
		z.corners.Refresh()
	}
}

// toggleDrawer shows or hides the settings and bookmarks.
func (z *sceneZone) toggleDrawer() {
	setHidden(z.drawer.root, z.drawer.root.Visible())
	z.corners.Refresh()
}

// sceneDetail says what is going on, and what is picked.
func sceneDetail(s *engine.State) string {
	detail := phaseWords(s)
	if s.Picked != nil {
		p := s.Picked.Pos
		detail += fmt.Sprintf(" · %s at (%.2f, %.2f, %.2f) m", s.Picked.Name, p[0], p[1], p[2])
	}
	return detail
}

func phaseWords(s *engine.State) string {
	switch s.Phase {
	case engine.Planning:
		return "planning"
	case engine.PlanReady:
		if s.Plan != nil && s.Plan.Stale {
			return "plan is stale: the scene has moved on"
		}
		return "plan ready"
	case engine.Executing:
		if s.Plan != nil {
			return fmt.Sprintf("executing · plan age %d steps", max(0, s.Step-s.Plan.StartStep))
		}
		return "executing"
	case engine.Watching:
		return "watching: " + s.Watch.Policy + " policy"
	case engine.EpisodeOver:
		return episodeWords(s)
	case engine.Replaying:
		if r := s.Data.Replay; r != nil {
			return fmt.Sprintf("recorded: episode %d of %s", r.Number, r.Title)
		}
	}
	if s.Paused {
		return "paused"
	}
	return "live"
}

func episodeWords(s *engine.State) string {
	words := "episode over"
	if s.Success {
		words = "goal reached"
	}
	if s.Outcome != "" && s.Outcome != "success" {
		words += ": " + s.Outcome
	}
	return words
}

// cornerLayout puts four objects at the top left, top right, bottom left and
// bottom middle (right of the third, where they would meet), and the drawer below the
// second, as high as there is room.
type cornerLayout struct {
	margin float32
	drawer *drawer
}

func (l cornerLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }

func (l cornerLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	for _, c := range o {
		c.Resize(c.MinSize())
	}
	m := l.margin
	right, bottom := size.Width-m, size.Height-m
	o[0].Move(fyne.NewPos(m, m))
	o[1].Move(fyne.NewPos(right-o[1].Size().Width, m))
	if m+o[0].Size().Width+m > o[1].Position().X { // too narrow: one below the other
		o[1].Move(fyne.NewPos(right-o[1].Size().Width, m+o[0].Size().Height+6))
	}
	o[2].Move(fyne.NewPos(m, bottom-o[2].Size().Height))
	bar := o[3].Size()
	x := (size.Width - bar.Width) / 2
	if left := o[2].Position().X + o[2].Size().Width + m; x < left {
		x = min(left, right-bar.Width)
	}
	o[3].Move(fyne.NewPos(x, bottom-bar.Height))
	top := o[1].Position().Y + o[1].Size().Height + 6
	want := l.drawer.wanted()
	o[4].Move(fyne.NewPos(right-want.Width, top))
	o[4].Resize(fyne.NewSize(want.Width, max(0, min(want.Height, bottom-bar.Height-6-top))))
}
