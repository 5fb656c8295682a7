package task

import (
	"math"
	"testing"

	"github.com/latco-studio/latco/sim"
)

// resets collects a number of n resets.
func resets(t *testing.T, tk sim.Task, n int, number func(in *instance) float64) (mean, deviation, lo, hi float64) {
	t.Helper()
	in := openSuite(t, tk, "1")
	lo, hi = math.Inf(1), math.Inf(-1)
	var sum, squared float64
	for seed := range int64(n) {
		if _, err := in.Reset(seed); err != nil {
			t.Fatal(err)
		}
		x := number(in.(*repeater).instance)
		lo, hi = min(lo, x), max(hi, x)
		sum, squared = sum+x, squared+x*x
	}
	mean = sum / float64(n)
	return mean, math.Sqrt(squared/float64(n) - mean*mean), lo, hi
}

func qpos(i int) func(in *instance) float64 {
	return func(in *instance) float64 { return in.world.QPos[i] }
}
func qvel(i int) func(in *instance) float64 {
	return func(in *instance) float64 { return in.world.QVel[i] }
}

const degree = math.Pi / 180

// TestSuiteResetsUniform: what the public definition draws uniformly from [lo, hi] has
// these ends, its middle as the mean and (hi − lo)/√12 as standard deviation.
func TestSuiteResetsUniform(t *testing.T) {
	targetRadius := func(in *instance) float64 { return math.Hypot(in.world.MocapPos[0][0], in.world.MocapPos[0][1]) }
	targetAngle := func(in *instance) float64 { return math.Atan2(in.world.MocapPos[0][0], in.world.MocapPos[0][1]) }
	for _, c := range []struct {
		name   string
		task   sim.Task
		number func(in *instance) float64
		lo, hi float64
	}{
		{"cart to balance", CartpoleBalance(), qpos(0), -0.1, 0.1},
		{"pole to balance", CartpoleBalance(), qpos(1), -0.034, 0.034},
		{"shoulder", ReacherEasy(), qpos(0), -math.Pi, math.Pi},
		{"wrist", ReacherEasy(), qpos(1), -160 * degree, 160 * degree},
		{"target's distance", ReacherEasy(), targetRadius, 0.05, 0.20},
		{"target's direction", ReacherEasy(), targetAngle, -math.Pi, math.Pi},
		{"walker's pitch", WalkerWalk(), qpos(2), -math.Pi, math.Pi},
		{"walker's hip", WalkerWalk(), qpos(3), -20 * degree, 100 * degree},
		{"walker's ankle", WalkerWalk(), qpos(8), -45 * degree, 45 * degree},
	} {
		const n = 1000
		mean, deviation, lo, hi := resets(t, c.task, n, c.number)
		width := c.hi - c.lo
		within(t, c.name+", lowest", lo, c.lo, c.lo+0.01*width)
		within(t, c.name+", highest", hi, c.hi-0.01*width, c.hi)
		within(t, c.name+", mean", mean, (c.lo+c.hi)/2-0.04*width, (c.lo+c.hi)/2+0.04*width)
		within(t, c.name+", deviation", deviation, 0.95*width/math.Sqrt(12), 1.05*width/math.Sqrt(12))
	}
}

func TestSuiteResetsNormal(t *testing.T) {
	for _, c := range []struct {
		name   string
		task   sim.Task
		number func(in *instance) float64
		mean   float64
	}{
		{"cart to swing up", CartpoleSwingup(), qpos(0), 0},
		{"pole to swing up", CartpoleSwingup(), qpos(1), math.Pi},
		{"cart's velocity", CartpoleSwingup(), qvel(0), 0},
		{"pole's velocity", CartpoleBalance(), qvel(1), 0},
	} {
		mean, deviation, _, _ := resets(t, c.task, 1000, c.number)
		within(t, c.name+", mean", mean, c.mean-0.001, c.mean+0.001)
		within(t, c.name+", deviation", deviation, 0.0093, 0.0107)
	}
}

// TestSuiteResetsApart: starts that the public definition draws until nothing touches.
func TestSuiteResetsApart(t *testing.T) {
	contacts := func(in *instance) float64 { return float64(in.world.NContact()) }
	for _, tk := range []sim.Task{FingerSpin(), CupCatch(), QuadrupedWalk()} {
		if _, _, _, hi := resets(t, tk, 200, contacts); hi > 0 {
			t.Errorf("%s starts with %g contacts", tk.Name, hi)
		}
	}
	_, _, lo, hi := resets(t, CupCatch(), 500, qpos(2))
	within(t, "ball, leftmost", lo, -0.2, -0.19)
	within(t, "ball, rightmost", hi, 0.19, 0.2)
	_, _, lo, hi = resets(t, FingerSpin(), 500, qpos(0))
	within(t, "finger, lowest", lo, -110*degree, -105*degree)
	within(t, "finger, highest", hi, 105*degree, 110*degree)
}

// TestQuadrupedResets: it is turned anywhere, and a centimetre lower it would touch.
func TestQuadrupedResets(t *testing.T) {
	lower := func(in *instance) float64 {
		in.world.QPos[2] -= quadrupedLift
		if err := in.world.Start(); err != nil {
			t.Fatal(err)
		}
		return float64(in.world.NContact())
	}
	if _, _, lo, _ := resets(t, QuadrupedWalk(), 100, lower); lo == 0 {
		t.Error("a start is higher than it has to be")
	}
	upright := func(in *instance) float64 { return in.world.BodyMat[1][8] }
	mean, deviation, _, _ := resets(t, QuadrupedWalk(), 300, upright)
	within(t, "mean of upright", mean, -0.1, 0.1)
	within(t, "deviation of upright", deviation, 0.50, 0.65) // 1/√3 on the sphere
}

// TestCheetahResets: it has come to rest on the ground when time begins. Of 300 public
// resets the deviations are 0.0103 m of height, 0.0073 rad of pitch and 0.0440 rad of the
// last joint.
func TestCheetahResets(t *testing.T) {
	const n = 100
	speed := func(in *instance) float64 {
		if time := in.world.Time(); time != 0 {
			t.Fatalf("an episode starts at %g s", time)
		}
		return math.Abs(in.world.QVel[1])
	}
	if _, _, _, hi := resets(t, CheetahRun(), n, speed); hi > 0.1 {
		t.Errorf("a start falls at %g m/s", hi)
	}
	for _, c := range []struct {
		joint           int
		mean, deviation float64
	}{{1, -0.1005, 0.0103}, {2, 0.0339, 0.0073}, {8, -0.0331, 0.0440}} {
		mean, deviation, _, _ := resets(t, CheetahRun(), n, qpos(c.joint))
		within(t, "mean", mean, c.mean-0.4*c.deviation, c.mean+0.4*c.deviation)
		within(t, "deviation", deviation, 0.7*c.deviation, 1.3*c.deviation)
	}
}
