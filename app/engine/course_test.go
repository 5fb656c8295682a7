package engine

import (
	"context"
	"errors"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/latco-studio/latco/learning"
)

// tinyNetwork are overrides that make a training a matter of milliseconds.
func tinyNetwork(more map[string]string) map[string]string {
	all := map[string]string{"stoch": "4", "deter": "8", "hidden": "8", "embed_depth": "2", "decoder_units": "8", "reward_units": "8",
		"batch": "2", "length": "10", "log_every": "1000"}
	maps.Copy(all, more)
	return all
}

// One model for tasks of 2 and 4 actions, online: interrupted, resumed with nothing
// but its folder, evaluated and planned with on each task as it was set.
func TestTrainSeveralRealTasks(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	o := TrainOptions{Tasks: []string{"reacher-easy", "reach"}, Frames: 3000, Seed: 3, Threads: 1, Out: filepath.Join(t.TempDir(), "run"),
		Settings: map[string]string{"iterations": "1", "samples": "4", "elites": "2", "reacher-easy.repeat": "20", "reach.horizon": "10", "reach.replan": "10"},
		Fields: tinyNetwork(map[string]string{"seed_episodes": "2", "pretrain_updates": "2", "updates_per_episode": "2",
			"eval_updates": "4", "eval_frames": "0", "eval_episodes": "1", "exploration_noise": "0"})}
	err := Train(ctx, o, func(done, _ int, note string) {
		if done >= 3 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if err := Train(context.Background(), TrainOptions{Out: o.Out, Resume: true, Updates: 4, Threads: 1}, nil); err != nil {
		t.Fatal(err)
	}
	run, at, err := learning.LoadRun(o.Out)
	if err != nil {
		t.Fatal(err)
	}
	tasks := run.Learns()
	if len(tasks) != 2 || run.ActionDim != 4 || tasks[0].Settings["repeat"] != "20" || tasks[1].PlannerSettings["horizon"] != "10" ||
		tasks[0].PlannerSettings["horizon"] != "12" || tasks[1].PlannerSettings["samples"] != "4" || at.Updates != 4 || at.Evaluations != 2 {
		t.Errorf("%+v at %+v", run, at)
	}
	ms, err := learning.ReadMetrics(o.Out)
	if err != nil {
		t.Fatal(err)
	}
	var played []string
	for _, m := range ms {
		if m.EpisodeMetric != nil {
			played = append(played, m.Kind[:4]+" "+m.Task)
		}
	}
	if want := []string{"epis reacher-easy", "epis reach", "epis reacher-easy", "epis reach", "epis reacher-easy",
		"eval reacher-easy", "eval reach"}; !slices.Equal(played, want) {
		t.Errorf("played %v, want %v", played, want)
	}
	quick := map[string]string{"iterations": "1", "samples": "4", "elites": "2"}
	for _, task := range o.Tasks {
		r, err := Evaluate(context.Background(), EvalOptions{Task: task, Planner: "cem", Model: o.Out, Episodes: 1, Settings: quick}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if want := map[string]string{"reacher-easy": learning.RewardShaped, "reach": learning.RewardSparse}[task]; r.Reward != want {
			t.Errorf("%s: %s reward", task, r.Reward)
		}
		if task == "reacher-easy" && (r.Settings["repeat"] != "20" || r.Episodes[0].Steps != 50) {
			t.Errorf("evaluated otherwise than trained: %v, %d steps", r.Settings, r.Episodes[0].Steps)
		}
	}
	plan, err := PlanOnce(context.Background(), PlanOptions{Task: "reacher-easy", Planner: "cem", Model: o.Out, Threads: 1, Settings: quick}, nil)
	if err != nil || len(plan.Actions[0]) != 2 {
		t.Errorf("a plan of %v, %v", plan, err)
	}
	_, err = Evaluate(context.Background(), EvalOptions{Task: "cup-catch", Planner: "cem", Model: o.Out, Episodes: 1}, nil)
	if err == nil || !strings.Contains(err.Error(), "was trained on tasks reacher-easy, reach, not on cup-catch") {
		t.Errorf("on a task it does not know: %v", err)
	}
	home := filepath.Dir(filepath.Dir(o.Out))
	if len(newestModels(home)) != 0 {
		t.Error("a run outside the folder of runs was found")
	}
}

// Settings go to the tasks that have them, and to one alone if they name it.
func TestSharedSettings(t *testing.T) {
	parts, err := Real()
	if err != nil {
		t.Fatal(err)
	}
	share := func(set map[string]string) ([]map[string]string, error) {
		return ShareSettings(parts, []string{"cartpole-swingup", "reacher-easy", "reach"}, "cem", set)
	}
	got, err := share(map[string]string{"repeat": "8", "reacher-easy.repeat": "4", "samples": "9", "reach.variant": "corrected"})
	want := []map[string]string{{"repeat": "8", "samples": "9"}, {"repeat": "4", "samples": "9"}, {"samples": "9", "variant": "corrected"}}
	if err != nil || !slices.EqualFunc(got, want, maps.Equal) {
		t.Errorf("%v, %v", got, err)
	}
	if got, err = ShareSettings(parts, []string{"reach"}, "cem", map[string]string{"reach.variant": "paper"}); err != nil || got[0]["variant"] != "paper" {
		t.Errorf("one task by name: %v, %v", got, err)
	}
	for _, key := range []string{"reach.repeat", "odds", "cup-catch.repeat", "."} {
		if _, err := share(map[string]string{key: "2"}); err == nil || !strings.Contains(err.Error(), key) {
			t.Errorf("%s: %v", key, err)
		}
	}
}

// Data sets go to their tasks; the run that has several is refused what does not fit.
func TestDataOfSeveralTasks(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	var sets []string
	for _, task := range []string{"reach", "lottery"} {
		sets = append(sets, filepath.Join(dir, task))
		if _, err := Collect(ctx, CollectOptions{Task: task, Policy: "scripted", Episodes: 2, Out: sets[len(sets)-1]}, nil); err != nil {
			t.Fatal(err)
		}
	}
	o := TrainOptions{Tasks: []string{"lottery", "reach"}, Sets: sets, Updates: 3, Threads: 1, Out: filepath.Join(dir, "runs", "both"), Fields: tinyNetwork(nil)}
	for name, c := range map[string]struct {
		change func(*TrainOptions)
		want   string
	}{
		"foreign": {func(o *TrainOptions) { o.Tasks = []string{"lottery", "push"} }, "not among those to be learned"},
		"twice":   {func(o *TrainOptions) { o.Sets = append(o.Sets, sets[0]) }, "one for each task"},
		"same":    {func(o *TrainOptions) { o.Tasks = []string{"reach", "reach"} }, "there twice"},
		"unknown": {func(o *TrainOptions) { o.Tasks = []string{"lottery", "nowhere"} }, "no task"},
	} {
		bad := o
		bad.Out = filepath.Join(dir, name)
		c.change(&bad)
		if err := Train(ctx, bad, nil); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := Train(ctx, o, nil); err != nil {
		t.Fatal(err)
	}
	if err := Train(ctx, TrainOptions{Out: o.Out, Resume: true, Updates: 5, Threads: 1}, nil); err != nil {
		t.Fatal(err)
	}
	for _, task := range o.Tasks {
		if newestModels(dir)[task] != o.Out {
			t.Errorf("the model is not offered for %s", task)
		}
	}
	if newestRun(dir, "reach") != "" {
		t.Error("a run of several tasks was taken for one of reach")
	}
	names, err := TasksOf(nil, o.Out)
	if err != nil || !slices.Equal(names, o.Tasks) {
		t.Errorf("tasks of the model: %v, %v", names, err)
	}
}

// A model is used with the horizon and the replan interval of its training unless
// they are given, and never with more actions of a plan than it has.
func TestAsPlanned(t *testing.T) {
	parts := new(props).parts()
	task := parts.Tasks[0] // plans 8 steps and executes all
	for _, x := range []struct {
		trained, given  map[string]string
		horizon, replan int // 0: an error
	}{
		{nil, nil, task.Horizon, task.Replan},
		{map[string]string{"horizon": "6", "replan": "2", "iterations": "77"}, nil, 6, 2},
		{map[string]string{"horizon": "6", "replan": "2"}, map[string]string{"horizon": "4"}, 4, 2},
		{map[string]string{"horizon": "6", "replan": "5"}, map[string]string{"horizon": "4"}, 4, 4},
		{map[string]string{"horizon": "6", "replan": "2"}, map[string]string{"replan": "3"}, 6, 3},
		{map[string]string{"horizon": "60", "replan": "2"}, map[string]string{"replan": "50"}, 60, 50},
		{map[string]string{"horizon": "6"}, map[string]string{"replan": "7"}, 0, 0},
		{map[string]string{"horizon": "x"}, nil, 0, 0},
		{map[string]string{"replan": "x"}, nil, 0, 0},
		{map[string]string{"replan": "0"}, nil, 0, 0},
	} {
		s, _, err := parts.asPlanned(&rssmWorld{plans: x.trained}, task, "quick", x.given)
		switch {
		case x.horizon == 0 && err == nil:
			t.Errorf("trained %v, given %v: taken", x.trained, x.given)
		case x.horizon != 0 && (err != nil || s.horizon != x.horizon || s.replan != x.replan || s.number("iterations") == 77):
			t.Errorf("trained %v, given %v: %+v, %v; want %d and %d", x.trained, x.given, s, err, x.horizon, x.replan)
		}
	}
}

// Settings that a model learned with hold where nothing else is asked for.
func TestAsTrained(t *testing.T) {
	parts, err := Real()
	if err != nil {
		t.Fatal(err)
	}
	task, err := parts.task("cartpole-swingup")
	if err != nil {
		t.Fatal(err)
	}
	w := &rssmWorld{set: map[string]string{"repeat": "8", "forgotten": "1"}}
	for given, want := range map[string]string{"": "8", "3": "3"} {
		set := map[string]string{}
		if given != "" {
			set["repeat"] = given
		}
		if set, err = asTrained(w, task, set); err != nil || set["repeat"] != want || len(set) != 1 {
			t.Errorf("given %q: %v, %v", given, set, err)
		}
	}
	inst, err := task.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer inst.Close()
	if got := otherThanTrained(w, inst.Fields()); got != "repeat 8, not 2" {
		t.Errorf("%q", got)
	}
}
