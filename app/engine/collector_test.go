package engine

import (
	"slices"
	"testing"

	"github.com/latco-studio/latco/learning"
	"github.com/latco-studio/latco/learning/rssm"
	"github.com/latco-studio/latco/resources/setting"
)

// Every planned action gets as much noise as the assignment says, whichever the
// planner: none leaves the plan alone, much of it fills the range that is clipped to.
func TestCollectorAddsTheNoise(t *testing.T) {
	parts, err := Real()
	if err != nil {
		t.Fatal(err)
	}
	task, err := parts.task("reacher-easy")
	if err != nil {
		t.Fatal(err)
	}
	cfg, err := rssm.Preset("class")
	if err != nil {
		t.Fatal(err)
	}
	for key, text := range tinyNetwork(nil) {
		if has(cfg.Fields(), key) {
			if err := setting.Set(cfg.Fields(), key, text); err != nil {
				t.Fatal(err)
			}
		}
	}
	params, err := rssm.NewParams(cfg, task.ActionDim, 1)
	if err != nil {
		t.Fatal(err)
	}
	renderer, err := parts.NewRenderer()
	if err != nil {
		t.Fatal(err)
	}
	defer renderer.Close()
	quick := map[string]string{"iterations": "1", "horizon": "5", "replan": "5"}
	for _, planner := range []string{"cem", "latco"} {
		s, _, err := parts.setups(task, planner, scheduleOf(task), quick)
		if err != nil {
			t.Fatal(err)
		}
		c, err := newCollector(task, map[string]string{"repeat": "20"}, s, renderer, "cpu", 1)
		if err != nil {
			t.Fatal(err)
		}
		actions := func(noise float64) []float32 {
			e, err := c.Collect(t.Context(), learning.Assignment{Params: params, Noise: noise, Seed: 4})
			if err != nil {
				t.Fatal(err)
			}
			if e.Info.Policy != planner {
				t.Errorf("policy %s", e.Info.Policy)
			}
			return e.Actions
		}
		still, noisy, wild := actions(0), actions(0.3), actions(10)
		if !slices.Equal(still, actions(0)) || slices.Equal(still, noisy) {
			t.Errorf("%s: noise makes no difference, or none makes one", planner)
		}
		clipped := 0
		for _, a := range wild {
			if a == 1 || a == -1 {
				clipped++
			} else if a < -1 || a > 1 {
				t.Errorf("%s: action %g", planner, a)
			}
		}
		if clipped < len(wild)*8/10 {
			t.Errorf("%s: %d of %d actions clipped", planner, clipped, len(wild))
		}
		if err := c.close(); err != nil {
			t.Fatal(err)
		}
	}
}
