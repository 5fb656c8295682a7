package task

import (
	"slices"
	"testing"

	"github.com/latco-studio/latco/render"
	"github.com/latco-studio/latco/sim"
)

// Poses that are computed when somebody looks are those of the positions, and
// whether somebody looks changes nothing, nor where a spring pulls.
func TestLookingLate(t *testing.T) {
	open := func() *instance {
		made, err := Lottery().New(nil)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { made.Close() })
		if _, err := made.Reset(1); err != nil {
			t.Fatal(err)
		}
		return made.(*instance)
	}
	watched, alone := open(), open()
	ball := watched.handles[0].Object.Body
	var scene render.Scene
	for n := range 30 {
		for _, in := range []sim.Perturber{watched, alone} {
			switch n {
			case 10:
				in.Perturb(ball, [3]float64{0.05, 0, 0}, [3]float64{0.5, 0.5, 0.2})
			case 20:
				in.Release()
			}
		}
		action := []float64{0.8, -0.6}
		for _, in := range []*instance{watched, alone} {
			if _, err := in.Step(action); err != nil {
				t.Fatal(err)
			}
		}
		if !watched.behind {
			t.Fatal("poses were brought up to date though nobody looked")
		}
		watched.Scene(&scene)
		_, pos, _ := watched.Body(ball)
		if pos[0] != watched.world.QPos[0] || pos[1] != watched.world.QPos[1] {
			t.Fatalf("step %d: the ball is seen at %v, its positions are %v", n, pos, watched.world.QPos)
		}
		if a, b := watched.State(), alone.State(); !slices.Equal(a.QPos, b.QPos) || !slices.Equal(a.QVel, b.QVel) {
			t.Fatalf("step %d: looking changed %v to %v", n, b.QPos, a.QPos)
		}
	}
}
