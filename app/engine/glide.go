package engine

import (
	"github.com/latco-studio/latco/render"
	"github.com/latco-studio/latco/sim"
)

// glide shows a scene that steps 20 times a second as one that moves: a picture
// lies between the last two control steps, at most one step behind the truth.
type glide struct {
	before render.Scene
	track  [3]float64 // where the cameras were
	on     bool
}

// start remembers the scene before a step.
func (g *glide) start(inst sim.Instance) {
	inst.Scene(&g.before)
	g.track = trackOf(inst)
	g.on = true
}

// apply blends the scene, and what its cameras follow, at share f of the present
// step and says whether it is still on its way.
func (g *glide) apply(s *render.Scene, track *[3]float64, f float64) bool {
	if !g.on || f >= 1 {
		return false
	}
	s.Blend(&g.before, float32(f))
	for i := range track {
		track[i] = g.track[i] + f*(track[i]-g.track[i])
	}
	return true
}

// progress is the share of the present control step that has passed; a scene
// that is held is shown as it is.
func (a *actor) progress() float64 {
	if a.draft.Paused || a.draft.Phase != Idle && a.draft.Phase != Executing && a.draft.Phase != Watching && a.draft.Phase != Replaying {
		return 1
	}
	return a.clock.owed / a.onScreen().dt
}
