package engine

import (
	"context"
	"math"
	"math/rand"
	"testing"

	"github.com/latco-studio/latco/learning/device/purego"
	"github.com/latco-studio/latco/learning/rssm"
	"github.com/latco-studio/latco/planning"
)

// The model's own search and the planners' in Go make the same plans.
func TestModelSearchesAsPlannersDo(t *testing.T) {
	cfg, err := rssm.Preset("class")
	if err != nil {
		t.Fatal(err)
	}
	cfg.Stoch, cfg.Deter, cfg.Hidden, cfg.RewardUnits = 4, 6, 8, 8
	params, err := rssm.NewParams(cfg, 2, 3)
	if err != nil {
		t.Fatal(err)
	}
	model, err := rssm.NewModel(params, purego.New())
	if err != nil {
		t.Fatal(err)
	}
	defer model.Close()
	feature := make([]float64, model.FeatureDim())
	for i := range feature {
		feature[i] = math.Sin(float64(i))
	}
	for name, p := range map[string]planning.Planner{
		"cem":             &planning.CEM{Samples: 300, Elites: 30, Iterations: 4, Rollouts: planning.RolloutMean},
		"mppi":            &planning.MPPI{Samples: 300, Iterations: 4, Rollouts: planning.RolloutMean},
		"random-shooting": &planning.RandomShooting{Samples: 300, Iterations: 4, Rollouts: planning.RolloutMean},
	} {
		var plans [2]*planning.Plan
		for i, m := range []planning.Model{model, struct{ planning.Scorer }{model}} {
			plans[i], err = p.Plan(context.Background(), &planning.Problem{
				Model: m, Feature: feature, Horizon: 5, Rand: rand.New(rand.NewSource(1))})
			if err != nil {
				t.Fatal(err)
			}
		}
		for step, want := range plans[1].Actions {
			for j, a := range want {
				if got := plans[0].Actions[step][j]; math.Abs(got-a) > 1e-3 {
					t.Errorf("%s: action %d of step %d is %g by the model's search, else %g", name, j, step, got, a)
				}
			}
		}
	}
}
