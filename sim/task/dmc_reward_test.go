package task

import (
	"math"
	"testing"
)

func TestTolerance(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for _, c := range []struct {
		name    string
		t       tolerance
		x, want float64
	}{
		{"inside", tolerance{1, 2, 1, gaussian(0.1)}, 1.5, 1},
		{"lower end", tolerance{1, 2, 1, gaussian(0.1)}, 1, 1},
		{"upper end", tolerance{1, 2, 1, gaussian(0.1)}, 2, 1},
		{"one margin below", tolerance{1, 2, 0.5, gaussian(0.1)}, 0.5, 0.1},
		{"one margin above", tolerance{1, 2, 0.5, gaussian(0.1)}, 2.5, 0.1},
		{"two margins above", tolerance{1, 2, 0.5, gaussian(0.1)}, 3, 1e-4},
		{"infinitely far", tolerance{1, 2, 0.5, gaussian(0.1)}, inf, 0},
		{"no upper end", atLeast(1, 1, linear(0)), inf, 1},
		{"minus infinity", atLeast(1, 1, linear(0)), -inf, 0},
		{"linear, half way", atLeast(10, 10, linear(0)), 5, 0.5},
		{"linear, at the margin", atLeast(10, 10, linear(0)), 0, 0},
		{"linear, beyond", atLeast(10, 10, linear(0)), -3, 0},
		{"linear to a half, at the margin", atLeast(1, 0.5, linear(0.5)), 0.5, 0.5},
		{"linear to a half, at two margins", atLeast(1, 0.5, linear(0.5)), 0, 0},
		{"linear to a half, at one and a half", atLeast(1, 0.5, linear(0.5)), 0.25, 0.25},
		{"quadratic, exact", near(1, quadratic(0)), 0, 1},
		{"quadratic, half way", near(1, quadratic(0)), -0.5, 0.75},
		{"quadratic, at the margin", near(1, quadratic(0)), 1, 0},
		{"quadratic, beyond", near(1, quadratic(0)), 2, 0},
		{"quadratic to a half, at the margin", near(1, quadratic(0.5)), 1, 0.5},
		{"not a number", near(1, quadratic(0)), nan, nan},
	} {
		got := c.t.of(c.x)
		if !(math.Abs(got-c.want) < 1e-12) && !(math.IsNaN(got) && math.IsNaN(c.want)) {
			t.Errorf("%s: %g, want %g", c.name, got, c.want)
		}
	}
}

// TestSuiteRewards is by hand what the formulas of REFERENCE F1 give at their corners.
func TestSuiteRewards(t *testing.T) {
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"cartpole at its best", cartpoleReward(0, 1, 0, 0), 1},
		{"cartpole hanging", cartpoleReward(0, -1, 0, 0), 0},
		{"cartpole level", cartpoleReward(0, 0, 0, 0), 0.5},
		{"cartpole at full force", cartpoleReward(0, 1, 1, 0), 0.8},
		{"cartpole at full force to the left", cartpoleReward(0, 1, -1, 0), 0.8},
		{"cartpole at half force", cartpoleReward(0, 1, 0.5, 0), 0.95},
		{"cartpole two metres off", cartpoleReward(2, 1, 0, 0), 0.55},
		{"cartpole turning at 5 rad/s", cartpoleReward(0, 1, 0, -5), 0.55},
		{"cartpole far and wild", cartpoleReward(1e9, 1, 1, 1e9), 0.8 * 0.5 * 0.5},

		{"walker walking", walkerReward(1.2, 1, 1), 1},
		{"walker running", walkerReward(1.5, 1, 9), 1},
		{"walker standing", walkerReward(1.3, 1, 0), 1.0 / 6},
		{"walker at half speed", walkerReward(1.3, 1, 0.5), 3.5 / 6},
		{"walker going back", walkerReward(1.3, 1, -1), 1.0 / 6},
		{"walker low and upside down", walkerReward(0.6, -1, 1), 0.075},

		{"cheetah at half speed", cheetahFast.of(5), 0.5},
		{"cheetah faster than asked", cheetahFast.of(12), 1},
		{"cheetah going back", cheetahFast.of(-2), 0},

		{"quadruped upright", quadrupedUpright.of(1), 1},
		{"quadruped on its side", quadrupedUpright.of(0), 0.5},
		{"quadruped on its back", quadrupedUpright.of(-1), 0},
		{"quadruped walking", quadrupedWalks.of(0.5), 1},
		{"quadruped standing", quadrupedWalks.of(0), 0.5},
		{"quadruped walking back", quadrupedWalks.of(-0.5), 0},
	} {
		if math.Abs(c.got-c.want) > 1e-12 {
			t.Errorf("%s: %g, want %g", c.name, c.got, c.want)
		}
	}
}

// TestSuiteGoals puts finger, ball and spinner just inside and outside what is paid.
func TestSuiteGoals(t *testing.T) {
	for _, c := range []struct {
		name       string
		open       func(t *testing.T) *instance
		qpos, qvel []float64
		mocap      []float64
		paid       bool
	}{
		{"finger in the target", reacherIn, []float64{0, 0}, []float64{0, 0}, []float64{0.24, 0.0599}, true},
		{"finger beside the target", reacherIn, []float64{0, 0}, []float64{0, 0}, []float64{0.24, 0.0601}, false},
		{"ball in the cup", cupIn, []float64{0, 0, 0.0249, 0.35}, []float64{0, 0, 0, 0}, nil, true},
		{"ball at the cup's side", cupIn, []float64{0, 0, 0.0251, 0.35}, []float64{0, 0, 0, 0}, nil, false},
		{"ball at the rim", cupIn, []float64{0, 0, 0, 0.3751}, []float64{0, 0, 0, 0}, nil, false},
		{"spinner fast enough", fingerIn, []float64{0, 0, 0}, []float64{0, 0, -15}, nil, true},
		{"spinner too slow", fingerIn, []float64{0, 0, 0}, []float64{0, 0, -14.999}, nil, false},
		{"spinner the wrong way", fingerIn, []float64{0, 0, 0}, []float64{0, 0, 20}, nil, false},
	} {
		in := c.open(t)
		copy(in.world.QPos, c.qpos)
		copy(in.world.QVel, c.qvel)
		if c.mocap != nil {
			copy(in.world.MocapPos[0][:], c.mocap)
		}
		if err := in.world.Forward(); err != nil {
			t.Fatal(err)
		}
		ts := in.timestep()
		for want := range 2 { // as of two repetitions
			in.rules.judge(&in.world, &ts)
			if ts.Success != c.paid || c.paid && ts.Reward != float64(want+1) || !c.paid && ts.Reward != 0 || (ts.Outcome == "success") != c.paid {
				t.Errorf("%s: %+v", c.name, ts)
			}
		}
	}
}

func reacherIn(t *testing.T) *instance {
	return openSuite(t, ReacherEasy(), "1").(*repeater).instance
}
func cupIn(t *testing.T) *instance    { return openSuite(t, CupCatch(), "1").(*repeater).instance }
func fingerIn(t *testing.T) *instance { return openSuite(t, FingerSpin(), "1").(*repeater).instance }
