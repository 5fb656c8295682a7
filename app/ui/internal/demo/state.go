package demo

import (
	"time"

	"github.com/latco-studio/latco/app/engine"
	"github.com/latco-studio/latco/resources/setting"
)

var planners = []engine.PlannerInfo{
	{Name: "latco", Title: "LatCo", Help: "Optimises latent states and actions together; dynamics are a constraint enforced by multipliers."},
	{Name: "gaussian-latco", Title: "Gaussian LatCo", Help: "LatCo over Gaussian beliefs: it knows that a lottery may be lost."},
	{Name: "cem", Title: "CEM", Help: "Samples action sequences, keeps the best, samples again around them."},
	{Name: "mppi", Title: "MPPI", Help: "Samples action sequences and averages them weighted by their return."},
}

var policies = []string{"scripted", "mixed", "random"}

var tasks = []engine.TaskInfo{
	{Name: "lottery", Title: "Lottery", Group: "lottery", Summary: "Choose between a sure and a risky goal.",
		Success: "Solved when a goal is reached.", Horizon: 30, Replan: 30, EpisodeSteps: 150, ActionDim: 2, ObsDim: 5, Goal: true,
		Policies: policies, Model: "lottery-class", Handles: []string{"ball", "sure goal"}, Fields: []setting.Field{
			{Key: "odds", Title: "Odds of losing", Help: "Probability that the risky goal loses.", Max: 1, Value: ptr(0.35)}}},
	{Name: "push", Title: "Push", Group: "sparse-manipulation", Summary: "Push the block to the goal, with no reward on the way.",
		Success: "The block is within 7 cm of the goal.", Horizon: 30, Replan: 30, EpisodeSteps: 150, ActionDim: 4, ObsDim: 12, Goal: true,
		Sparse: true, Policies: policies},
	{Name: "reach", Title: "Reach", Group: "sparse-manipulation", Summary: "Move the hand to a point in space.",
		Horizon: 30, Replan: 30, EpisodeSteps: 150, ActionDim: 4, ObsDim: 9, Goal: true, Sparse: true, Policies: policies},
	{Name: "walker2d", Title: "Walker2d", Group: "gym", Summary: "Two legs walk forward.", Horizon: 3, Replan: 1, EpisodeSteps: 1000,
		ActionDim: 6, ObsDim: 17, Policies: []string{"random"}},
}

// Tasks are what a browser shows.
func (e *Engine) Tasks() []engine.TaskInfo { return tasks }

func taskOf(c engine.Command) engine.TaskInfo {
	switch c := c.(type) {
	case engine.SelectTask:
		for _, t := range tasks {
			if t.Name == c.Name {
				return t
			}
		}
	case engine.OpenScene:
		return engine.TaskInfo{Name: "scene", Title: "scene.xml", File: c.Path}
	}
	return tasks[0]
}

func start() engine.State {
	s := engine.State{Version: 1, Speed: 1, Seed: 7, CameraName: "free", Moving: true, Planners: planners, Planner: planners[0]}
	s.Planner.Fields = fields("latco")
	s.Task = tasks[0]
	s.Model = engine.ModelInfo{Name: "lottery-class", Preset: "class", Updates: 12000, Source: "bundled"}
	s.Observation = picture(-0.6, -0.1, 1)
	s.Status = engine.Status{Level: engine.Info, Text: "Ready: press Plan."}
	s.Train.LastSave = time.Now().Add(-14 * time.Second)
	return s
}

func ptr[T any](v T) *T { return &v }

// fields are made-up settings of every kind.
func fields(planner string) []setting.Field {
	all := []setting.Field{
		{Key: "horizon", Title: "Horizon H", Unit: "steps", Help: "Length of the plan. Raising it looks further ahead and costs time.", Min: 1, Max: 100, Value: ptr(30)},
		{Key: "iterations", Title: "Iterations", Help: "Steps of the optimiser.", Min: 1, Max: 1000, Log: true, Value: ptr(200)},
	}
	if planner != "latco" && planner != "gaussian-latco" {
		return append(all,
			setting.Field{Key: "samples", Title: "Samples", Help: "Action sequences tried in each iteration.", Min: 10, Max: 10000, Log: true, Value: ptr(1000)},
			setting.Field{Key: "elites", Title: "Elites", Help: "Best sequences the next iteration samples around.", Min: 1, Max: 1000, Log: true, Value: ptr(100)})
	}
	return append(all,
		setting.Field{Key: "dyn_threshold", Title: "ε dynamics", Help: "Violation the plan may keep at each step; raising it relaxes the dynamics.", Min: 1e-8, Max: 1, Log: true, Value: ptr(1e-4)},
		setting.Field{Key: "parallel", Title: "Parallel plans", Help: "Plans optimised side by side from different starts; the best is taken.", Min: 1, Max: 16, Value: ptr(4)},
		setting.Field{Key: "dual_rule", Title: "Dual rule", Help: "How multipliers grow: as in the paper or as in the released code.", Choices: []string{"paper", "released"}, Value: ptr("paper")},
		setting.Field{Key: "damping", Title: "Damping", Help: "Levenberg-Marquardt damping added to the diagonal.", Min: 0, Max: 1, Log: true, Value: ptr(1e-3)},
		setting.Field{Key: "warm", Title: "Warm start", Help: "Begin from the rest of the last plan.", Value: ptr(true)},
		setting.Field{Key: "act_weight", Title: "Action weight", Help: "Weight of the penalty on actions beyond ±1.", Min: 0, Max: 10, Value: ptr(1.0)})
}

// withField sets one field in a copy, as an engine would.
func withField(fields []setting.Field, key, value string) []setting.Field {
	out := append([]setting.Field(nil), fields...)
	for i, f := range out {
		if f.Key != key {
			continue
		}
		switch v := f.Value.(type) {
		case *bool:
			out[i].Value = ptr(*v)
		case *int:
			out[i].Value = ptr(*v)
		case *float64:
			out[i].Value = ptr(*v)
		case *string:
			out[i].Value = ptr(*v)
		}
		if out[i].Set(value) != nil {
			return fields
		}
	}
	return out
}
