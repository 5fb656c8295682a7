package engine

import (
	"github.com/latco-studio/latco/render"
	"github.com/latco-studio/latco/sim"
)

// ghostColour is of a state that is not the scene's.
var ghostColour = [4]float32{0.30, 0.62, 1, 0.40}

// addGhost shows where the bookmark that is pointed at would put what moves. One that
// does not fit the scene has no ghost; going to it says why.
func (l *look) addGhost(inst sim.Instance, marks []bookmark, s *render.Scene) {
	i := findMark(marks, l.pointed)
	if i < 0 {
		return
	}
	if g, ok := inst.(sim.Ghoster); ok {
		n := len(s.Geoms)
		if err := g.AddGhost(s, marks[i].State.QPos, ghostColour); err != nil {
			s.Geoms = s.Geoms[:n]
		}
	}
}
