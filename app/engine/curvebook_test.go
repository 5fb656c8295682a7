package engine

import (
	"maps"
	"math"
	"slices"
	"testing"

	"github.com/latco-studio/latco/learning"
)

func TestCurvesOfARun(t *testing.T) {
	var b curveBook
	update := func(n int, l learning.LossMetric) {
		b.add(learning.Metric{Kind: "update", Updates: n, Frames: 10 * n, WallS: float64(n) / 2, LossMetric: &l})
	}
	play := func(kind, task string, n int, ret float64, success bool) {
		b.add(learning.Metric{Kind: kind, Updates: n, EpisodeMetric: &learning.EpisodeMetric{Task: task, Return: ret, Success: success}})
	}
	update(1, learning.LossMetric{Total: 9, Image: 5, Reward: 3, KL: 1, GradNorm: 7})
	update(2, learning.LossMetric{Total: 8, Image: 4, Reward: 3, KL: 1, GradNorm: 6, OvershootingKL: 0.5})
	update(3, learning.LossMetric{Total: 7})
	for i := range 12 {
		play("episode", "", 3, float64(i), i >= 10)
	}
	play("evaluation", "", 3, 1, false)
	play("evaluation", "", 3, 2, true)
	play("evaluation", "", 3, 3, true)
	play("evaluation", "", 5, 4, false)
	play("evaluation", "push", 5, 40, true)

	v := b.view()
	names := slices.Sorted(maps.Keys(v))
	if want := []string{"evaluation", "evaluation push", "evaluation_success", "evaluation_success push", "grad_norm", "image", "kl",
		"overshooting_kl", "return", "reward", "success", "total"}; !slices.Equal(names, want) {
		t.Fatalf("curves %v, want %v", names, want)
	}
	if p := v["total"][1]; p != (Point{2, 20, 1, 8, 8, 8}) {
		t.Errorf("total loss %+v", p)
	}
	if o := v["overshooting_kl"]; len(o) != 2 || o[1].Y != 0 { // once there it stays, at 0 too
		t.Errorf("overshooting KL %v", o)
	}
	if s := v["success"]; len(s) != 12 || s[11].Y != 0.2 || s[9].Y != 0 {
		t.Errorf("success of the newest ten: %v", s)
	}
	// Student's t with two degrees of freedom: 4.303 · 1/√3 around 2.
	e := v["evaluation"]
	if len(e) != 2 || e[0].Y != 2 || math.Abs(e[0].High-(2+4.30265/math.Sqrt(3))) > 1e-4 || math.Abs(e[0].High+e[0].Low-4) > 1e-12 ||
		e[1].Low != 4 || e[1].High != 4 {
		t.Errorf("evaluations %+v", e)
	}
	if s := v["evaluation_success"][0]; math.Abs(s.Y-2./3) > 1e-12 || [2]float64{s.Low, s.High} != wilson(2, 3) {
		t.Errorf("success of an evaluation %+v", s)
	}
	if v["evaluation push"][0].Y != 40 {
		t.Errorf("another task: %v", v["evaluation push"])
	}
}

// What is shown does not change when the run goes on.
func TestCurvesShownStay(t *testing.T) {
	var b curveBook
	eval := func(ret float64) {
		b.add(learning.Metric{Kind: "evaluation", Updates: 1, EpisodeMetric: &learning.EpisodeMetric{Return: ret}})
	}
	eval(1)
	shown := b.view()["evaluation"]
	eval(5)
	if shown[0].Y != 1 || b.view()["evaluation"][0].Y != 3 {
		t.Errorf("shown %v, now %v", shown, b.view()["evaluation"])
	}
}
