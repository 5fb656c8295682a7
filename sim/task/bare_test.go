package task_test

import (
	"math"
	"math/rand"
	"testing"

	"github.com/latco-studio/latco/sim/task"
)

// The physics alone goes through the states that Step goes through, so that the
// times of the two can be compared.
func TestBareGoesThroughTheSameStates(t *testing.T) {
	for _, tk := range task.All() {
		whole, err := tk.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		defer whole.Close()
		twin, err := tk.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		defer twin.Close()
		if _, err := whole.Reset(3); err != nil {
			t.Fatal(err)
		}
		if _, err := twin.Reset(3); err != nil {
			t.Fatal(err)
		}
		bare := twin.(interface{ Bare([]float64) error })
		rng := rand.New(rand.NewSource(1))
		action := make([]float64, tk.ActionDim)
		for n := range 20 {
			for i := range action {
				action[i] = 2*rng.Float64() - 1
			}
			ts, err := whole.Step(action)
			if err != nil {
				t.Fatal(err)
			}
			if err := bare.Bare(action); err != nil {
				t.Fatal(err)
			}
			a, b := whole.State(), twin.State()
			for i := range a.QPos {
				if d := math.Abs(a.QPos[i] - b.QPos[i]); d > 1e-9 {
					t.Fatalf("%s, step %d: qpos[%d] differs by %g", tk.Name, n+1, i, d)
				}
			}
			if ts.Terminated {
				break
			}
		}
		if err := bare.Bare(make([]float64, tk.ActionDim+1)); err == nil {
			t.Errorf("%s: an action too long was accepted", tk.Name)
		}
	}
}
