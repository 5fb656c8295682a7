package task

import (
	"encoding/json"
	"math"
	"os"
	"testing"
)

// view is one situation of testdata/sawyer_rewards.json and what the public package
// pays for it.
type view struct {
	Tip, Tip0, Led  [3]float64
	Puck, Puck0, At [3]float64
	Handle, Handle0 [3]float64
	Pads            [2]float64
	Opened, Grip    float64
	Reward          float64
}

// TestSawyerRewards compares the shaped rewards with the public package's, at their
// corners and between.
func TestSawyerRewards(t *testing.T) {
	text, err := os.ReadFile("testdata/sawyer_rewards.json")
	if err != nil {
		t.Fatal(err)
	}
	var all struct {
		Reach  []view `json:"reach"`
		Push   []view `json:"push"`
		Button []view `json:"button-press"`
		Window []view `json:"window-close"`
		Drawer []view `json:"drawer-close"`
	}
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		views  []view
		reward func(v view) float64
	}{
		"reach": {all.Reach, func(v view) float64 { return reachReward(v.Tip, reachGoal, v.Led) }},
		"push": {all.Push, func(v view) float64 {
			g := grasp{tip: v.Tip, tip0: v.Tip0, object: v.Puck, object0: v.Puck0, pads: v.Pads, grip: v.Grip}
			return pushReward(g, pushGoal, v.Opened)
		}},
		"button": {all.Button, func(v view) float64 { return buttonReward(v.Tip, v.Tip0, v.At, 0.8, v.Opened) }},
		"window": {all.Window, func(v view) float64 { return windowReward(v.Tip, v.Tip0, v.Handle, v.Handle0) }},
		"drawer": {all.Drawer, func(v view) float64 { return drawerReward(v.Tip, v.Tip0, v.Handle, v.Handle0, v.Grip) }},
	} {
		if len(c.views) == 0 {
			t.Errorf("%s: no situations", name)
		}
		for i, v := range c.views {
			if got := c.reward(v); math.Abs(got-v.Reward) > 1e-9*max(1, v.Reward) {
				t.Errorf("%s, situation %d: reward %.12g, want %.12g", name, i, got, v.Reward)
			}
		}
	}
}

// TestCageWithoutWay: where the fingertips begin at the puck nothing is divided by zero.
func TestCageWithoutWay(t *testing.T) {
	g := grasp{tip: pushGoal, tip0: pushGoal, object: pushGoal, object0: pushGoal, pads: [2]float64{0.76, 0.84}, grip: 1}
	c := caging{radius: 0.015, beside: 0.05, within: 0.005}
	if got := g.caged(c); got != 1 {
		t.Errorf("a closed cage about a puck that was there from the start: %g, want 1", got)
	}
	g.tip[2] += 0.01
	if got := g.caged(c); got != 0 {
		t.Errorf("and fingers 1 cm above: %g, want 0", got)
	}
}

func TestHamacher(t *testing.T) {
	for _, c := range [][3]float64{{0, 0, 0}, {0, 1, 0}, {1, 0, 0}, {1, 1, 1}, {1, 0.3, 0.3}, {0.5, 0.5, 1. / 3}} {
		if got := hamacher(c[0], c[1]); math.Abs(got-c[2]) > 1e-15 {
			t.Errorf("hamacher(%g, %g) = %g, want %g", c[0], c[1], got, c[2])
		}
	}
}
