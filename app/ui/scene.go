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
	bar    *transport

	corners *fyne.Container
	sizes   [2]fyne.Size // of the two upper corners, when last laid out
}

// sceneActions are what the buttons over the scene do beyond sending a command.
type sceneActions struct {
	screenshot, fullScene func()
}

func newSceneZone(d *desk, do sceneActions) *sceneZone {
	z := &sceneZone{view: newSceneView(d), step: newBold(""), detail: newCaption(""), inset: newPixels(112)}
	z.bar = newTransport(d)
	z.camera = newButton(d, "camera", theme.VisibilityIcon(), "Camera (C)\nSwitch between the free camera and the one the model sees through.",
		func() { d.send(engine.NextCamera{}) }).quiet()
	home := newButton(d, "", theme.ViewRefreshIcon(), "Reset camera\nBack to where the free camera started.",
		func() { d.send(engine.ResetCamera{}) }).quiet()
	shot := newButton(d, "shot", theme.MediaPhotoIcon(), "Screenshot (S)\nWrite the scene to a PNG file.", do.screenshot).quiet()
	full := newButton(d, "full", theme.ViewFullScreenIcon(), "Full scene (F)\nHide everything but the scene; F again brings it back.", do.fullScene).quiet()

	facts := newOverlay(container.New(layout.NewCustomPaddedVBoxLayout(2), z.step, z.detail))
	tools := newPanel(colorOverlay, 7, true, container.New(layout.NewCustomPaddedHBoxLayout(0), home, z.camera, full, shot))
	sees := newOverlay(container.New(layout.NewCustomPaddedVBoxLayout(3), z.inset, newCaption("what the model sees")))
	z.corners = container.New(cornerLayout{margin: 12}, facts, tools, sees, z.bar.root)
	z.root = container.NewStack(z.view, z.corners)
	return z
}

func (z *sceneZone) show(s *engine.State) {
	steps := fmt.Sprintf("step %d", s.Step)
	if s.Task.EpisodeSteps > 0 {
		steps += fmt.Sprintf(" / %d", s.Task.EpisodeSteps)
	}
	z.step.set(fmt.Sprintf("%s · reward %s · return %s", steps, figure(s.Reward), figure(s.Return)))
	z.detail.set(sceneDetail(s))
	if s.CameraName != "" {
		z.camera.label(s.CameraName + " camera")
	}
	z.inset.show(s.Observation)
	z.bar.show(s)
	z.settle()
}

// settle lays the corners out again if a text has changed the size of one.
func (z *sceneZone) settle() {
	o := z.corners.Objects
	if sizes := [2]fyne.Size{o[0].MinSize(), o[1].MinSize()}; sizes != z.sizes {
		z.sizes = sizes
		z.corners.Refresh()
	}
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
	case engine.EpisodeOver:
		return episodeWords(s)
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
// bottom middle (right of the third, where they would meet).
type cornerLayout struct{ margin float32 }

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
}
