package task

import (
	"math"
	"slices"
	"testing"

	"github.com/latco-studio/latco/sim"
)

// table is a world without physics: the hand goes where it is sent, 1 cm an action,
// and carries the object when it is near and the fingers are shut.
type table struct{ s sight }

func (w *table) step(action []float64) {
	held := apart(w.s.hand, w.s.object) < 0.02 && action[3] > 0
	for i := range w.s.hand {
		w.s.hand[i] += action[i] / 100
		if held {
			w.s.object[i] += action[i] / 100
		}
	}
}

func (w *table) timestep(t int) sim.Timestep {
	return sim.Timestep{T: t, Obs: slices.Concat(w.s.hand[:], w.s.object[:], w.s.second[:], w.s.goal[:])}
}

func newTable() *table {
	return &table{sight{hand: [3]float64{0, 0.5, 0.3}, object: [3]float64{0.1, 0.6, 0.02}, goal: [3]float64{-0.1, 0.7, 0.2}}}
}

// fetch carries the table's object to the goal.
func fetch() *sawyerScript {
	return &sawyerScript{
		stages: []stage{
			{aim: func(s sight) [3]float64 { return moved(s.object, 0, 0, 0.1) }, grip: -1, within: 0.02},
			{aim: func(s sight) [3]float64 { return s.object }, grip: -1, within: 0.01},
			{aim: func(s sight) [3]float64 { return s.object }, grip: 1, least: 5},
			{aim: func(s sight) [3]float64 { return s.goal }, grip: 1, pace: 0.5},
		},
		lost: func(s sight) bool { return apart(s.hand, s.object) > 0.05 },
		held: 3,
	}
}

func TestScriptGoesThroughItsStages(t *testing.T) {
	w, p := newTable(), fetch()
	action := make([]float64, 4)
	p.Reset(1)
	shut := 0
	for step := range 120 {
		p.Act(w.timestep(step), action)
		if p.at == 2 {
			shut++
		}
		if p.at == 3 && math.Abs(action[0]) > 0.5 {
			t.Fatalf("step %d: %v is faster than the stage's pace", step, action)
		}
		w.step(action)
	}
	if d := apart(w.s.object, w.s.goal); d > 0.015 {
		t.Errorf("the object is %.3f m from the goal", d)
	}
	if shut != 5 {
		t.Errorf("%d steps to close the fingers, want 5", shut)
	}

	w.s.object = [3]float64{0.1, 0.6, 0.02} // dropped and rolled away
	p.Act(w.timestep(120), action)
	if p.at != 0 || action[3] != -1 {
		t.Errorf("after the loss: stage %d, action %v; want the first stage, open", p.at, action)
	}
}

func TestStageTakesAtMost(t *testing.T) {
	g := stage{aim: func(s sight) [3]float64 { return s.goal }, within: 0.01, most: 7}
	s := newTable().s
	if aim := g.aim(s); g.over(s, aim, 6) || !g.over(s, aim, 7) {
		t.Error("a stage of at most 7 steps did not end at the seventh")
	}
	last := stage{aim: g.aim}
	if last.over(s, s.hand, 1000) {
		t.Error("a stage without an end ended")
	}
}

// TestNoise compares the noise with what was asked for, and seeds with each other.
func TestNoise(t *testing.T) {
	p := &sawyerScript{stages: []stage{{aim: func(s sight) [3]float64 { return s.hand }}}, noise: 0.2}
	w := newTable()
	first := make([]float64, 4)
	action := make([]float64, 4)
	p.Reset(3)
	p.Act(w.timestep(0), first)
	var sum, squares float64
	const n = 2000
	for seed := range int64(n) {
		p.Reset(seed)
		p.Act(w.timestep(0), action)
		if seed == 3 && !slices.Equal(action, first) {
			t.Errorf("seed 3 gave %v and %v", first, action)
		}
		sum += action[0]
		squares += action[0] * action[0]
	}
	within(t, "mean of the noise", sum/n, -0.02, 0.02)
	within(t, "deviation of the noise", math.Sqrt(squares/n), 0.19, 0.21)
}

// TestMixFails counts what the faults let through, kind by kind, on the table.
func TestMixFails(t *testing.T) {
	for name, f := range map[string]fault{
		"misjudges": misjudges(0.04, 0.1), "along x": misjudges(0.04, 0.1, 1, 0, 0), "misplaces": misplaces(0.1, 0.2),
		"drops": drops(2, 3, 5), "stops": stops(0, 3, 5), "strays": strays(),
	} {
		p := newSawyerMix(fetch(), f)
		for _, fail := range []float64{0, 0.5, 1} {
			p.fail = fail
			const n = 100
			solved := 0
			for seed := range int64(n) {
				w := newTable()
				p.Reset(seed)
				action := make([]float64, 4)
				for step := range 150 {
					p.Act(w.timestep(step), action)
					for _, a := range action {
						if !(a >= -1 && a <= 1) {
							t.Fatalf("%s: action %v is out of bounds", name, action)
						}
					}
					w.step(action)
				}
				if apart(w.s.object, w.s.goal) < 0.03 {
					solved++
				}
			}
			slack := 0.12
			if fail != 0.5 {
				slack = 0.02
			}
			within(t, name+": share of successes", float64(solved)/n, 1-fail-slack, 1-fail+slack)
		}
	}
}
