package task

import (
	"errors"
	"math"
	"math/rand"
	"strings"
	"testing"

	"github.com/latco-studio/latco/render"
	"github.com/latco-studio/latco/resources/setting"
	"github.com/latco-studio/latco/sim"
)

// sawyerTasks are those of this file's tests.
var sawyerTasks = []func() sim.Task{Reach, ButtonPress, WindowClose, DrawerClose, Push}

func newSawyerTask(t *testing.T, tk sim.Task, settings map[string]string) *instance {
	t.Helper()
	in, err := tk.New(settings)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { in.Close() })
	return in.(*instance)
}

func reset(t *testing.T, in sim.Instance, seed int64) sim.Timestep {
	t.Helper()
	ts, err := in.Reset(seed)
	if err != nil {
		t.Fatal(err)
	}
	return ts
}

func step(t *testing.T, in sim.Instance, action ...float64) sim.Timestep {
	t.Helper()
	ts, err := in.Step(action)
	if err != nil {
		t.Fatal(err)
	}
	return ts
}

// TestHandFollowsItsLead bounds how far the hand is from its lead in the part of the
// box that the arm reaches: 8 mm and 2° where the lead rests, of which 5 mm are the
// weight of the arm, and 45 mm on random walks. Measured with MuJoCo 2.2.2 and 3.3: 7 mm,
// 1.8°, 38 mm; the public package's model gives the same.
func TestHandFollowsItsLead(t *testing.T) {
	in := newSawyerTask(t, Reach(), nil)
	w := &in.world
	hand, _ := w.model.Body("hand")
	lead := w.model.BodyMocap[mustBody(t, in, "lead")]
	apartFromLead := func() (m, degrees float64) {
		q, dot := w.BodyQuat[hand], 0.0
		for i := range q {
			dot += q[i] * sawyerDown[i]
		}
		return apart(w.BodyPos[hand], w.MocapPos[lead]), 2 * math.Acos(min(1, math.Abs(dot))) * 180 / math.Pi
	}
	near := handBox{{-0.35, 0.4, 0.05}, {0.35, 0.75, 0.3}}
	rng := rand.New(rand.NewSource(1))
	walks := 0
	for seed := int64(0); walks < 12; seed++ {
		reset(t, in, seed)
		if at := w.MocapPos[lead]; near.nearest(at) != at {
			continue
		}
		walks++
		rest := func(when string) {
			if m, degrees := apartFromLead(); m > 0.008 || degrees > 2 {
				t.Errorf("seed %d, %s: the hand is %.1f mm and %.1f° from its lead", seed, when, 1e3*m, degrees)
			}
		}
		rest("after the reset")
		action := make([]float64, sawyerActions)
		for range 100 {
			for i := range 3 {
				action[i] = 2*rng.Float64() - 1
				if at := w.MocapPos[lead][i]; at < near[0][i]+0.01 || at > near[1][i]-0.01 {
					action[i] = math.Copysign(action[i], (near[0][i]+near[1][i])/2-at)
				}
			}
			step(t, in, action...)
			if m, _ := apartFromLead(); m > 0.045 {
				t.Fatalf("seed %d: the hand is %.1f mm behind its lead", seed, 1e3*m)
			}
		}
		for range 40 {
			step(t, in, 0, 0, 0, 0)
		}
		rest("after a walk and a rest")
	}
}

func mustBody(t *testing.T, in *instance, name string) int {
	t.Helper()
	body, err := in.world.model.Body(name)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// TestLead checks the control: 1 cm an action, the box, and the fingers' servos.
func TestLead(t *testing.T) {
	in := newSawyerTask(t, ButtonPress(), nil)
	reset(t, in, 1)
	lead := &in.world.MocapPos[in.world.model.BodyMocap[mustBody(t, in, "lead")]]
	*lead = [3]float64{0.1, 0.5, 0.2}
	step(t, in, 1, -0.5, 0.25, 0.7)
	if want := [3]float64{0.11, 0.495, 0.2025}; apart(*lead, want) > 1e-15 {
		t.Errorf("the lead is at %v, want %v", *lead, want)
	}
	if c := in.world.Ctrl; c[0] != 0.7 || c[1] != -0.7 {
		t.Errorf("the servos are at %v", c)
	}
	for range 60 {
		step(t, in, 1, 1, 1, -1)
	}
	if *lead != buttonBox[1] {
		t.Errorf("the lead is at %v, want the corner %v", *lead, buttonBox[1])
	}
}

// TestFingers: open they are 10 cm apart, shut 3 cm, within a quarter of a second.
func TestFingers(t *testing.T) {
	in := newSawyerTask(t, Reach(), nil)
	reset(t, in, 3)
	gap := func() float64 {
		right, left := mustBody(t, in, "right finger"), mustBody(t, in, "left finger")
		return apart(in.world.BodyPos[right], in.world.BodyPos[left])
	}
	within(t, "gap of open fingers", gap(), 0.099, 0.101)
	for range 20 {
		step(t, in, 0, 0, 0, 1)
	}
	within(t, "gap of shut fingers", gap(), 0.028, 0.031)
	for range 20 {
		step(t, in, 0, 0, 0, -1)
	}
	within(t, "gap of fingers open again", gap(), 0.099, 0.101)
}

// TestSawyerCamera: the task's camera looks along the same line as the released one,
// which stands on its head.
func TestSawyerCamera(t *testing.T) {
	released := render.Camera{LookAt: [3]float64{1.1, 1.1, -0.1}, Distance: 2.6, Azimuth: 205, Elevation: -165}
	a, b := released.Frame(), sawyerCamera.Frame()
	for i := range 3 {
		if math.Abs(a.Eye[i]-b.Eye[i]) > 1e-9 || math.Abs(a.Forward[i]-b.Forward[i]) > 1e-9 || math.Abs(a.Up[i]+b.Up[i]) > 1e-9 {
			t.Fatalf("released camera %+v, ours %+v", a, b)
		}
	}
}

func TestSawyerSettings(t *testing.T) {
	var bad *setting.RangeError
	for _, s := range []map[string]string{{"variant": "released"}, {"difficulty": "mild"}} {
		if _, err := Reach().New(s); !errors.As(err, &bad) {
			t.Errorf("%v: %v", s, err)
		}
	}
	in := newSawyerTask(t, Reach(), map[string]string{"variant": "corrected"})
	if ts := reset(t, in, 1); [3]float64(ts.Obs[9:]) != reachGoal {
		t.Errorf("the corrected state tells the goal %v", ts.Obs[9:])
	}
	if err := setting.Set(in.Fields(), "variant", "paper"); err != nil {
		t.Fatal(err)
	}
	if ts := reset(t, in, 1); [3]float64(ts.Obs[9:]) != [3]float64{} {
		t.Errorf("the paper's state tells the goal %v", ts.Obs[9:])
	}
}

// TestDifficulty draws starts without physics: each bin holds a third of the paper's
// resets, and its bounds are kept.
func TestDifficulty(t *testing.T) {
	for _, build := range sawyerTasks {
		tk := build()
		_, s := openArm(t, tk, nil)
		rng := rand.New(rand.NewSource(2))
		const n = 20000
		count := map[string]int{}
		for range n {
			b := s.job.draw(rng)
			for _, d := range difficulties[1:] {
				s.difficulty = d
				if s.wanted(b) {
					count[d]++
				}
			}
		}
		total := 0
		for _, d := range difficulties[1:] {
			total += count[d]
			within(t, tk.Name+": share of "+d, float64(count[d])/n, 0.30, 0.37)
		}
		if total != n {
			t.Errorf("%s: %d of %d draws have a difficulty", tk.Name, total, n)
		}
	}
}

// arms build the tasks so that a test has hold of the arm.
var arms = map[string]func(s sawyer) (binder, *sawyer){
	"reach":        func(s sawyer) (binder, *sawyer) { x := &reach{s}; return x, &x.sawyer },
	"button-press": func(s sawyer) (binder, *sawyer) { x := &buttonPress{sawyer: s}; return x, &x.sawyer },
	"window-close": func(s sawyer) (binder, *sawyer) { x := &windowClose{sawyer: s}; return x, &x.sawyer },
	"drawer-close": func(s sawyer) (binder, *sawyer) { x := &drawerClose{sawyer: s}; return x, &x.sawyer },
	"push":         func(s sawyer) (binder, *sawyer) { x := &push{sawyer: s}; return x, &x.sawyer },
}

// openArm opens a task and returns its arm too.
func openArm(t *testing.T, tk sim.Task, settings map[string]string) (*instance, *sawyer) {
	t.Helper()
	s, err := newSawyer(settings)
	if err != nil {
		t.Fatal(err)
	}
	x, arm := arms[tk.Name](s)
	in, err := openApart(tk, tk.Name+".xml", x.bind)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { in.Close() })
	return in, arm
}

// TestFloors counts the draws that are solved before anything is done.
func TestFloors(t *testing.T) {
	for name, c := range map[string]struct {
		tk     sim.Task
		solved float64
		lo, hi float64
	}{
		"reach":        {Reach(), reachRadius, 0.0005, 0.004},
		"window-close": {WindowClose(), windowNear, 0.18, 0.22},
		"drawer-close": {DrawerClose(), drawerNear, 0.115, 0.15},
		"push":         {Push(), pushRadius, 0.075, 0.097},
	} {
		_, s := openArm(t, c.tk, nil)
		rng := rand.New(rand.NewSource(3))
		const n = 20000
		solved, unclear := 0, 0
		for range n {
			b := s.job.draw(rng)
			if b.distance <= c.solved {
				solved++
				if b.clear {
					t.Fatalf("%s: a solved start is clear: %+v", name, b)
				}
			}
			if !b.clear {
				unclear++
			}
		}
		within(t, name+": share of solved starts", float64(solved)/n, c.lo, c.hi)
		if unclear > n*9/10 {
			t.Errorf("%s: only %d of %d starts are clear", name, n-unclear, n)
		}
	}
}

// TestCorners puts what is moved just inside and just outside of what counts as solved.
func TestCorners(t *testing.T) {
	for _, c := range []struct {
		tk      sim.Task
		variant string
		put     func(in *instance, x float64)
		solved  float64
		not     float64
	}{
		{WindowClose(), "paper", slide("sash"), 0.0399, 0.0401},
		{WindowClose(), "corrected", slide("sash"), 0.0099, 0.0101},
		{DrawerClose(), "paper", slide("drawer"), -0.0199, -0.0201},
		{DrawerClose(), "corrected", slide("drawer"), -0.0099, -0.0101},
		{ButtonPress(), "paper", slide("button"), -0.0631, -0.0629},
		{ButtonPress(), "corrected", slide("button"), -0.0551, -0.0549},
		{Push(), "paper", slide("puck"), 0.1699, 0.1701}, // a free joint: this is its x
		{Push(), "corrected", slide("puck"), 0.1499, 0.1501},
		{Reach(), "paper", goalUp, 0.0499, 0.0501},
		{Reach(), "corrected", goalUp, 0.0499, 0.0501},
	} {
		in, arm := openArm(t, c.tk, map[string]string{"variant": c.variant})
		reset(t, in, 1)
		for x, want := range map[float64]bool{c.solved: true, c.not: false} {
			c.put(in, x)
			if err := in.world.Kinematics(); err != nil {
				t.Fatal(err)
			}
			if got := arm.job.success(&in.world); got != want {
				t.Errorf("%s, %s, at %g: solved %t", c.tk.Name, c.variant, x, got)
			}
		}
	}
}

// slide sets the first position of a joint; a puck also gets the goal's y.
func slide(joint string) func(in *instance, x float64) {
	return func(in *instance, x float64) {
		j, _ := in.world.model.Joint(joint)
		at := in.world.model.JointQPos[j]
		in.world.QPos[at] = x
		if joint == "puck" {
			in.world.QPos[at+1] = pushGoal[1]
		}
	}
}

// goalUp puts the goal x above the fingertips.
func goalUp(in *instance, x float64) {
	w := &in.world
	right, _ := w.model.Site("right tip")
	left, _ := w.model.Site("left tip")
	goal, _ := w.model.Body("goal")
	w.MocapPos[w.model.BodyMocap[goal]] = moved(middle(w.SitePos[right], w.SitePos[left]), 0, 0, x)
}

// TestButtonGivesWay: the paper's criterion lies 3 mm beyond the button's travel, where
// only a hand that keeps pushing brings it, against the soft stop.
func TestButtonGivesWay(t *testing.T) {
	in, arm := openArm(t, ButtonPress(), nil)
	p := buttonScript()
	action := make([]float64, sawyerActions)
	ts := reset(t, in, 1)
	p.Reset(1)
	j, _ := in.world.model.Joint("button")
	at := in.world.model.JointQPos[j]
	pressed := 0.0
	for !ts.Truncated {
		p.Act(ts, action)
		ts = step(t, in, action...)
		pressed = max(pressed, -in.world.QPos[at])
	}
	within(t, "deepest press, m", pressed, 0.0632, 0.09)
	if arm.job.success(&in.world) != ts.Success {
		t.Error("the last step does not say whether it is solved")
	}
}

// TestStartFromPositions: after Start the lead is where the hand was put, so that the
// arm stays.
func TestStartFromPositions(t *testing.T) {
	in := newSawyerTask(t, Reach(), nil)
	reset(t, in, 1)
	posture := in.State().QPos
	reset(t, in, 2)
	ts, err := in.Start(posture, nil)
	if err != nil {
		t.Fatal(err)
	}
	hand := [3]float64(ts.Obs)
	for range 20 {
		ts = step(t, in, 0, 0, 0, -1)
	}
	if d := apart(hand, [3]float64(ts.Obs)); d > 0.008 {
		t.Errorf("the hand moved by %.1f mm", 1e3*d)
	}
}

// TestSawyerScripts plays every script on both variants.
func TestSawyerScripts(t *testing.T) {
	for _, build := range sawyerTasks {
		tk := build()
		for _, variant := range variants {
			in := newSawyerTask(t, tk, map[string]string{"variant": variant})
			p := tk.Scripted()
			action := make([]float64, sawyerActions)
			for seed := int64(1); seed < 7; seed++ {
				ts := reset(t, in, seed)
				p.Reset(seed)
				for !ts.Truncated {
					p.Act(ts, action)
					ts = step(t, in, action...)
				}
				if !ts.Success || ts.SparseReward != 1 || ts.Outcome != "success" {
					t.Errorf("%s, %s, seed %d: not solved at the end", tk.Name, variant, seed)
				}
			}
		}
	}
}

func TestScriptsAreAdjustable(t *testing.T) {
	for _, build := range sawyerTasks {
		a, ok := build().Scripted().(sim.Adjustable)
		if !ok || len(a.Fields()) == 0 || !strings.Contains(a.Fields()[0].Key, "noise") {
			t.Errorf("%s: the script has no noise", build().Name)
		}
	}
}
