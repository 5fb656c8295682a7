package task

import (
	"errors"
	"math"
	"reflect"
	"testing"

	"github.com/latco-studio/latco/render"
	"github.com/latco-studio/latco/resources/setting"
	"github.com/latco-studio/latco/sim"
)

func newLottery(t *testing.T, settings map[string]string) sim.Instance {
	t.Helper()
	in, err := Lottery().New(settings)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { in.Close() })
	return in
}

// visit drives to targets one after the other, 20 control steps each, and returns
// the sum of the rewards and the last outcome.
func visit(t *testing.T, in sim.Instance, targets ...[2]float64) (total float64, outcome string) {
	t.Helper()
	for _, target := range targets {
		for range 20 {
			ts, err := in.Step(target[:])
			if err != nil {
				t.Fatal(err)
			}
			total, outcome = total+ts.Reward, ts.Outcome
			if ts.SparseReward != ts.Reward || ts.Terminated || ts.Success != (ts.Outcome != "") {
				t.Fatalf("inconsistent %+v", ts)
			}
		}
	}
	return total, outcome
}

// TestPays checks payouts against the numbers of REFERENCE: the first goal pays,
// once, whatever is entered afterwards.
func TestPays(t *testing.T) {
	lottery, sure := lotteryGoals[goalLottery], lotteryGoals[goalSure]
	for _, c := range []struct {
		settings  map[string]string
		win, loss float64
	}{
		{nil, 20, -40},
		{map[string]string{"odds": "released"}, 2, -10},
		{map[string]string{"odds": "released", "win": "7"}, 7, -10},
		{map[string]string{"loss": "3.5"}, 20, -3.5},
	} {
		in := newLottery(t, c.settings)
		wins, losses := 0, 0
		for seed := range int64(30) {
			if _, err := in.Reset(seed); err != nil {
				t.Fatal(err)
			}
			switch total, outcome := visit(t, in, lottery, sure, lottery); {
			case outcome == "win" && total == c.win:
				wins++
			case outcome == "loss" && total == c.loss:
				losses++
			default:
				t.Fatalf("%v, seed %d: %q paid %g", c.settings, seed, outcome, total)
			}
		}
		if wins == 0 || losses == 0 {
			t.Errorf("%v: %d wins and %d losses in 30 episodes", c.settings, wins, losses)
		}
		if _, err := in.Reset(1); err != nil {
			t.Fatal(err)
		}
		if total, outcome := visit(t, in, sure, lottery); outcome != "sure" || total != 1 {
			t.Errorf("%v: the sure goal first: %q paid %g, want sure, 1", c.settings, outcome, total)
		}
	}
}

// TestChance: over many seeds the draw loses as often as p_loss says, and starts
// are uniform in their box.
func TestChance(t *testing.T) {
	for _, p := range []struct {
		text string
		want float64
	}{{"0", 0}, {"0.35", 0.35}, {"1", 1}} {
		in := newLottery(t, map[string]string{"p_loss": p.text})
		const n = 2000
		lost := 0
		lo, hi := [2]float64{9, 9}, [2]float64{-9, -9}
		for seed := range int64(n) {
			ts, err := in.Reset(seed)
			if err != nil {
				t.Fatal(err)
			}
			if in.State().Task[memoryDraw] < p.want {
				lost++
			}
			for i := range 2 {
				lo[i], hi[i] = min(lo[i], ts.Obs[i]), max(hi[i], ts.Obs[i])
			}
			if ts.Obs[2] != 0 || ts.Obs[3] != 0 || ts.Obs[4] != 0 {
				t.Fatalf("seed %d does not start at rest and unpaid: %v", seed, ts.Obs)
			}
		}
		within(t, "share of losses", float64(lost)/n, p.want-0.03, p.want+0.03)
		for i, box := range [2][2]float64{{-0.6, -0.4}, {-0.1, 0.1}} {
			within(t, "smallest start", lo[i], box[0], box[0]+0.001)
			within(t, "largest start", hi[i], box[1]-0.001, box[1])
		}
	}
}

// TestRadius puts the mass just inside and just outside a goal.
func TestRadius(t *testing.T) {
	in := newLottery(t, nil)
	for _, c := range []struct {
		distance float64
		want     string
	}{{0.2499, "sure"}, {0.2501, ""}} {
		if _, err := in.Reset(1); err != nil {
			t.Fatal(err)
		}
		s := in.State()
		s.QPos[0], s.QPos[1] = 0.8-c.distance, 0.7
		if err := in.SetState(s); err != nil {
			t.Fatal(err)
		}
		if ts, err := in.Step(s.QPos); err != nil || ts.Outcome != c.want {
			t.Errorf("at %g m: outcome %q, error %v; want %q", c.distance, ts.Outcome, err, c.want)
		}
	}
}

// TestColours: both discs are neutral, then the one that paid is green or red.
func TestColours(t *testing.T) {
	in := newLottery(t, nil)
	discs := func() (lottery, sure [4]float32) {
		var s render.Scene
		in.Scene(&s)
		l := in.Handles()
		for _, g := range s.Geoms {
			if g.Object == l[1].Object {
				lottery = g.RGBA
			}
			if g.Object == l[2].Object {
				sure = g.RGBA
			}
		}
		return lottery, sure
	}
	for seed := range int64(12) {
		if _, err := in.Reset(seed); err != nil {
			t.Fatal(err)
		}
		if l, s := discs(); l != discNeutral || s != discNeutral {
			t.Fatalf("before: %v, %v", l, s)
		}
		goal := goalLottery
		if seed == 0 {
			goal = goalSure
		}
		_, outcome := visit(t, in, lotteryGoals[goal])
		want := map[string][2][4]float32{
			"sure": {discNeutral, discPaid}, "win": {discPaid, discNeutral}, "loss": {discLost, discNeutral},
		}[outcome]
		if l, s := discs(); l != want[0] || s != want[1] {
			t.Fatalf("after %q: %v, %v", outcome, l, s)
		}
	}
}

// TestHandlesMove drags goals and the ball, within the board, and finds the goal
// pay where it was put, also after saving and restoring.
func TestHandlesMove(t *testing.T) {
	in := newLottery(t, nil)
	if _, err := in.Reset(4); err != nil {
		t.Fatal(err)
	}
	hs := in.Handles()
	for i, to := range [][3]float64{{0.2, -0.9, 3}, {0.9, 0.9, 0}, {-0.5, -7, 0}} {
		if err := hs[i].Move(to); err != nil {
			t.Fatal(err)
		}
	}
	s := in.State()
	if want := []float64{0.2, -0.9}; !reflect.DeepEqual(s.QPos, want) || !reflect.DeepEqual(s.Ctrl, want) {
		t.Errorf("ball at %v, servos at %v, want %v", s.QPos, s.Ctrl, want)
	}
	if got := [3]float64(s.Mocap[7:10]); got != [3]float64{-0.5, -1, 0} {
		t.Errorf("sure goal at %v", got)
	}
	if _, err := in.Reset(4); err != nil {
		t.Fatal(err)
	}
	if err := in.SetState(s); err != nil {
		t.Fatal(err)
	}
	if total, outcome := visit(t, in, [2]float64{-0.5, -1}); outcome != "sure" || total != 1 {
		t.Errorf("the moved goal: %q, %g", outcome, total)
	}
	var bad *sim.NotFiniteError
	for _, h := range hs {
		if err := h.Move([3]float64{0, math.NaN(), 0}); !errors.As(err, &bad) {
			t.Errorf("%s moved to NaN: %v", h.Name, err)
		}
	}
}

// TestMouse pulls the ball by the spring, and places it while time stands still.
func TestMouse(t *testing.T) {
	in := newLottery(t, nil)
	ts, err := in.Reset(4)
	if err != nil {
		t.Fatal(err)
	}
	ball := in.Handles()[0].Object.Body
	p := in.(sim.Perturber)
	stay := []float64{ts.Obs[0], ts.Obs[1]}
	p.Perturb(ball, [3]float64{}, [3]float64{0.5, -0.5, 0.12})
	for range 40 {
		if ts, err = in.Step(stay); err != nil {
			t.Fatal(err)
		}
	}
	if d := math.Hypot(ts.Obs[0]-0.5, ts.Obs[1]+0.5); d > 0.25 {
		t.Errorf("pulled ball is %.2f m from the mouse", d)
	}
	p.Release()
	for range 40 {
		if ts, err = in.Step(stay); err != nil {
			t.Fatal(err)
		}
	}
	if d := math.Hypot(ts.Obs[0]-stay[0], ts.Obs[1]-stay[1]); d > 0.001 {
		t.Errorf("released ball is %.3f m from its target", d)
	}
	if err := in.(sim.Placer).Place(ball, [3]float64{0, 0, 0.05}, [3]float64{-0.2, 4, 9}); err != nil {
		t.Fatal(err)
	}
	if name, pos, _ := p.Body(ball); name != "ball" || math.Abs(pos[0]+0.2) > 1e-3 || pos[1] != 1 {
		t.Errorf("placed %q is at %v", name, pos)
	}
}

func TestSettings(t *testing.T) {
	var unknown *setting.UnknownError
	if _, err := Lottery().New(map[string]string{"luck": "1"}); !errors.As(err, &unknown) {
		t.Errorf("unknown setting: %v", err)
	}
	var bad *setting.RangeError
	for _, s := range []map[string]string{{"p_loss": "1.5"}, {"win": "NaN"}, {"odds": "mine"}} {
		if _, err := Lottery().New(s); !errors.As(err, &bad) {
			t.Errorf("%v: %v", s, err)
		}
	}
	// Explicit numbers win over the set, even where they equal those of the other set.
	in := newLottery(t, map[string]string{"odds": "released", "p_loss": "0.35"})
	if got := setting.Map(in.Fields()); got["p_loss"] != "0.35" || got["loss"] != "10" {
		t.Errorf("released with p_loss 0.35: %v", got)
	}
	// A form changes the set, then a number.
	in = newLottery(t, nil)
	for _, kv := range [][2]string{{"odds", "released"}, {"sure", "2"}} {
		if err := setting.Set(in.Fields(), kv[0], kv[1]); err != nil {
			t.Fatal(err)
		}
	}
	want := map[string]string{"odds": "released", "p_loss": "0.2", "loss": "10", "win": "2", "sure": "2"}
	if got := setting.Map(in.Fields()); !reflect.DeepEqual(got, want) {
		t.Errorf("settings are %v, want %v", got, want)
	}
	for _, f := range in.Fields() {
		if f.Title == "" || f.Help == "" {
			t.Errorf("field %s lacks words", f.Key)
		}
	}
}

// TestScripted reaches each goal about equally often.
func TestScripted(t *testing.T) {
	in := newLottery(t, nil)
	policy := Lottery().Scripted()
	count := map[string]int{}
	action := make([]float64, 2)
	for seed := range int64(200) {
		ts, err := in.Reset(seed)
		policy.Reset(seed)
		for err == nil && ts.T < 12 {
			policy.Act(ts, action)
			ts, err = in.Step(action)
		}
		if err != nil {
			t.Fatal(err)
		}
		count[ts.Outcome]++
	}
	if count[""] > 0 {
		t.Errorf("%d episodes without a goal", count[""])
	}
	within(t, "share of the sure goal", float64(count["sure"])/200, 0.4, 0.6)
	within(t, "share of losses", float64(count["loss"])/float64(count["loss"]+count["win"]), 0.22, 0.48)
}
