package task

import (
	"math"
	"testing"

	"github.com/latco-studio/latco/resources/setting"
	"github.com/latco-studio/latco/sim"
)

// play returns whether an episode was solved at any step.
func play(t *testing.T, in sim.Instance, p sim.Policy, seed int64) (solved bool) {
	t.Helper()
	ts, err := in.Reset(seed)
	if err != nil {
		t.Fatal(err)
	}
	p.Reset(seed)
	action := make([]float64, sawyerActions)
	for !ts.Truncated {
		p.Act(ts, action)
		if ts, err = in.Step(action); err != nil {
			t.Fatal(err)
		}
		solved = solved || ts.Success
	}
	return solved
}

// TestToolScripts plays ten starts of each variant; of a hundred, the scripts solve 97
// or more.
func TestToolScripts(t *testing.T) {
	for _, task := range []sim.Task{Thermos(), Hammer()} {
		for _, variant := range variants {
			in := newSawyerTask(t, task, map[string]string{"variant": variant})
			p, solved := task.Scripted(), 0
			for seed := range int64(10) {
				if play(t, in, p, seed) {
					solved++
				}
			}
			if solved < 9 {
				t.Errorf("%s, %s: %d of 10 starts solved", task.Name, variant, solved)
			}
		}
	}
}

// TestToolMixFails: with all episodes spoilt next to none succeeds.
func TestToolMixFails(t *testing.T) {
	for _, task := range []sim.Task{Thermos(), Hammer()} {
		in := newSawyerTask(t, task, nil)
		p, solved := task.Mixed(), 0
		if err := setting.Set(p.(sim.Adjustable).Fields(), "fail", "1"); err != nil {
			t.Fatal(err)
		}
		for seed := range int64(12) {
			if play(t, in, p, seed) {
				solved++
			}
		}
		if solved > 2 {
			t.Errorf("%s: %d of 12 spoilt episodes succeeded", task.Name, solved)
		}
	}
}

// TestToolsAreHeldByFriction lifts each tool, lets go, and finds it on the table again:
// nothing but the fingers holds it.
func TestToolsAreHeldByFriction(t *testing.T) {
	for _, c := range []struct {
		task     sim.Task
		settings map[string]string
		rest     float64
	}{
		{Thermos(), nil, 0.02},
		{Hammer(), map[string]string{"variant": "corrected"}, 0.04},
	} {
		in := newSawyerTask(t, c.task, c.settings)
		ts, err := in.Reset(1)
		if err != nil {
			t.Fatal(err)
		}
		p := c.task.Scripted()
		p.Reset(1)
		action := make([]float64, sawyerActions)
		step := func() {
			if ts, err = in.Step(action); err != nil {
				t.Fatal(err)
			}
		}
		for ts.T < 60 && look(ts.Obs).object[2] < c.rest+0.05 {
			p.Act(ts, action)
			step()
		}
		// up, and shaken for a second: less than a centimetre of slip
		grip := action[3]
		held := func() [3]float64 {
			s := look(ts.Obs)
			return moved(s.object, -s.hand[0], -s.hand[1], -s.hand[2])
		}
		copy(action, []float64{0, 0, 0, grip})
		for range 5 {
			step()
		}
		before := held()
		for i := range 40 {
			side := float64(1 - i/2%2*2)
			copy(action, []float64{side, -side, 0.5 * side, grip})
			step()
		}
		for range 5 { // what a scene that nobody steers does
			clear(action)
			c.task.Hold(in.State(), action)
			step()
		}
		if slip := apart(before, held()); slip > 0.01 {
			t.Errorf("%s: the tool slipped by %.3f m", c.task.Name, slip)
		}
		if z := look(ts.Obs).object[2]; z < c.rest+0.02 {
			t.Errorf("%s: the tool was not lifted: %.3f m", c.task.Name, z)
		}
		action[3] = -1
		for range 40 {
			step()
		}
		if z := look(ts.Obs).object[2]; z > c.rest+0.035 {
			t.Errorf("%s: let go, the tool stays at %.3f m", c.task.Name, z)
		}
	}
}

// TestThermosConditions puts the scene into states just inside and outside of each
// of the three conditions.
func TestThermosConditions(t *testing.T) {
	in := newSawyerTask(t, Thermos(), nil)
	if _, err := in.Reset(0); err != nil {
		t.Fatal(err)
	}
	w := &in.world
	th := &thermos{}
	if _, err := th.bind(w.model); err != nil {
		t.Fatal(err)
	}
	tip := th.tip(w)
	for name, c := range map[string]struct {
		stick, flask [3]float64
		want         bool
	}{
		"all three":                  {tip, [3]float64{tip[0] + 0.1, 0.6, 0}, true},
		"stick out of the fingers":   {moved(tip, 0.051, 0, 0), [3]float64{tip[0] + 0.1, 0.6, 0}, false},
		"thermos far from the stick": {tip, [3]float64{tip[0] + 0.16, 0.6, 0}, false},
		"goal far from the thermos":  {tip, [3]float64{tip[0] + 0.1, 0.6, 0.11}, false},
	} {
		th.stick.lay(w, c.stick)
		th.slides[0].put(w, c.flask[0]-thermosFlask[0])
		th.slides[1].put(w, c.flask[1]-thermosFlask[1])
		// the goal is where the thermos is, but for the third number
		w.MocapPos[th.goal] = [3]float64{c.flask[0] + c.flask[2], c.flask[1], thermosGoal[2]}
		if err := w.Kinematics(); err != nil {
			t.Fatal(err)
		}
		if got := th.success(w); got != c.want {
			push, place, reach := th.distances(w)
			t.Errorf("%s: %t at %.3f, %.3f, %.3f m", name, got, push, place, reach)
		}
	}
}

// TestHammerFarthest is worked out by hand for a hammer at (0.1, 0.5, 0.04): the
// components are 0.1 − 0.24, 0.5 − 0.635 and 0.13 − 0.11, each plus 0.13 + 0.105.
func TestHammerFarthest(t *testing.T) {
	want := math.Sqrt(0.095*0.095 + 0.1*0.1 + 0.255*0.255)
	if got := hammerFarthest([3]float64{0.1, 0.5, 0.04}); math.Abs(got-want) > 1e-12 {
		t.Errorf("%g, want %g", got, want)
	}
}
