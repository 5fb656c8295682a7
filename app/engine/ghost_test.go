package engine

import (
	"errors"
	"testing"

	"github.com/latco-studio/latco/render"
	"github.com/latco-studio/latco/sim"
)

// haunted shows one geom as a ghost, at the height of its first position.
type haunted struct{ sim.Instance }

func (haunted) AddGhost(s *render.Scene, qpos []float64, rgba [4]float32) error {
	s.Geoms = append(s.Geoms, render.Geom{Ghost: true, RGBA: rgba, Pos: [3]float32{0, 0, float32(qpos[0])}})
	if qpos[0] < 0 {
		return errors.New("does not fit")
	}
	return nil
}

// The bookmark that is pointed at has a ghost, if it fits; no other has.
func TestGhostOfABookmark(t *testing.T) {
	marks := []bookmark{{Name: "low"}, {Name: "high"}, {Name: "misfit"}}
	for i, z := range []float64{1, 2, -1} {
		marks[i].State.QPos = []float64{z}
	}
	for pointed, want := range map[string]int{"": 1, "nobody": 1, "high": 2, "misfit": 1} {
		s := render.Scene{Geoms: make([]render.Geom, 1)}
		l := look{pointed: pointed}
		l.addGhost(haunted{}, marks, &s)
		if len(s.Geoms) != want || want == 2 && s.Geoms[1].Pos[2] != 2 {
			t.Errorf("pointing at %q: %+v", pointed, s.Geoms)
		}
	}
}
