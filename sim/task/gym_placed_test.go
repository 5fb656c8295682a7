package task

import (
	"math"
	"testing"

	"github.com/latco-studio/latco/sim"
)

// A runner that a hand has put half a metre further did not run there: the next reward
// is that of the next step alone, also after the state was kept and set again.
func TestPlacedRunnersHaveNotRun(t *testing.T) {
	for _, facts := range All() {
		if facts.Group != "gym" {
			continue
		}
		inst, err := facts.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		defer inst.Close()
		if _, err := inst.Reset(3); err != nil {
			t.Fatal(err)
		}
		rest := make([]float64, facts.ActionDim)
		before, err := inst.Step(rest)
		if err != nil {
			t.Fatal(err)
		}
		_, from, _ := inst.(sim.Perturber).Body(1)
		if err := inst.(sim.Placer).Place(1, [3]float64{}, [3]float64{from[0] + 0.5, from[1], from[2]}); err != nil {
			t.Fatal(err)
		}
		if _, to, _ := inst.(sim.Perturber).Body(1); math.Abs(to[0]-from[0]-0.5) > 0.05 {
			t.Fatalf("%s: moved from %g to %g", facts.Name, from[0], to[0])
		}
		kept := inst.State()
		for _, way := range []string{"at once", "kept and set again"} {
			after, err := inst.Step(rest)
			if err != nil {
				t.Fatal(err)
			}
			// Half a metre in a step would be 10 m/s or more.
			if d := math.Abs(after.Reward - before.Reward); d > 3 {
				t.Errorf("%s, %s: reward %.3g after being placed, %.3g before", facts.Name, way, after.Reward, before.Reward)
			}
			if err := inst.SetState(kept); err != nil {
				t.Fatal(err)
			}
		}
	}
}
