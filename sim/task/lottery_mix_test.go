package task

import (
	"math"
	"testing"

	"github.com/latco-studio/latco/sim"
)

// TestPointMass holds the closed form against MuJoCo under random targets.
func TestPointMass(t *testing.T) {
	in := newLottery(t, nil)
	ts, err := in.Reset(5)
	if err != nil {
		t.Fatal(err)
	}
	mass := pointMass{pos: [2]float64(ts.Obs[0:2])}
	rng := sim.NewRand(5, sim.StreamPolicy)
	for step := range 100 {
		target := [2]float64{1.6*rng.Float64() - 0.8, 1.6*rng.Float64() - 0.8} // clear of the joint limits
		for range massSteps {
			mass.advance(target)
		}
		if ts, err = in.Step(target[:]); err != nil {
			t.Fatal(err)
		}
		for i := range 2 {
			if e := math.Abs(ts.Obs[i] - mass.pos[i]); e > 1e-9 {
				t.Fatalf("step %d: position %d is off by %g m", step, i, e)
			}
		}
	}
}

// TestMixCoverage runs the data policy and looks at what a model would see.
func TestMixCoverage(t *testing.T) {
	const episodes = 400
	in := newLottery(t, nil)
	policy := Lottery().Mixed()
	action := make([]float64, 2)
	count := map[string]int{}
	var cells [10][10]int
	var fast, saturated, abrupt, steps, early, late int
	for seed := range int64(episodes) {
		ts, err := in.Reset(seed)
		if err != nil {
			t.Fatal(err)
		}
		policy.Reset(seed)
		previous := [2]float64{}
		for !ts.Truncated {
			policy.Act(ts, action)
			before := ts.Success
			if ts, err = in.Step(action); err != nil {
				t.Fatal(err)
			}
			if ts.Success && !before {
				if ts.T < 30 {
					early++
				} else {
					late++
				}
			}
			steps++
			cells[cell(ts.Obs[0])][cell(ts.Obs[1])]++
			if math.Hypot(ts.Obs[2], ts.Obs[3]) > 3 {
				fast++
			}
			if math.Abs(action[0]) > 0.95 || math.Abs(action[1]) > 0.95 {
				saturated++
			}
			if math.Hypot(action[0]-previous[0], action[1]-previous[1]) > 0.7 {
				abrupt++
			}
			previous = [2]float64(action)
		}
		count[ts.Outcome]++
	}
	lottery, sure, none := count["win"]+count["loss"], count["sure"], count[""]
	share := func(n, of int) float64 { return float64(n) / float64(of) }
	t.Logf("lottery %d (loss %d), sure %d, none %d; entries before step 30: %d, later %d; fast %.2f, saturated %.2f, abrupt %.2f",
		lottery, count["loss"], sure, none, early, late, share(fast, steps), share(saturated, steps), share(abrupt, steps))
	within(t, "share of the lottery", share(lottery, episodes), 0.33, 0.47)
	within(t, "share of the sure goal", share(sure, episodes), 0.33, 0.47)
	within(t, "share of neither", share(none, episodes), 0.13, 0.27)
	within(t, "share of losses", share(count["loss"], lottery), 0.26, 0.44)
	within(t, "share of early entries", share(early, early+late), 0.2, 0.7)
	within(t, "share of fast states", share(fast, steps), 0.08, 0.6)
	within(t, "share of saturated actions", share(saturated, steps), 0.03, 0.4)
	within(t, "share of abrupt actions", share(abrupt, steps), 0.1, 0.6)
	for x := range cells {
		for y := range cells[x] {
			if share(cells[x][y], steps) < 0.001 {
				t.Errorf("cell %d, %d of the board was visited in only %d of %d steps", x, y, cells[x][y], steps)
			}
		}
	}
}

func cell(x float64) int { return min(max(int((x+1)*5), 0), 9) }

func within(t *testing.T, what string, got, lo, hi float64) {
	t.Helper()
	if got < lo || got > hi {
		t.Errorf("%s is %.3f, want it in [%g, %g]", what, got, lo, hi)
	}
}
