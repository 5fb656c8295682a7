package engine

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/latco-studio/latco/learning"
	"github.com/latco-studio/latco/render"
	"github.com/latco-studio/latco/resources/setting"
	"github.com/latco-studio/latco/sim"
)

// wobbler is a policy with settings.
type wobbler struct {
	sim.RandomPolicy
	scale float64
}

func (p *wobbler) Fields() []setting.Field {
	return []setting.Field{{Key: "scale", Min: 0, Max: 2, Value: &p.scale}}
}

func (p *wobbler) Act(ts sim.Timestep, action []float64) {
	p.RandomPolicy.Act(ts, action)
	for i := range action {
		action[i] *= p.scale
	}
}

// collectParts are fakes whose task has a wobbling mixed policy, with a renderer of
// its own for every goroutine.
func collectParts(p *props) Parts {
	parts := p.parts()
	parts.Tasks[0].Mixed = func() sim.Policy { return &wobbler{scale: 0.5} }
	parts.NewRenderer = func() (render.Renderer, error) { return &easel{diary: &p.diary}, nil }
	return parts
}

// A collection is the same files for any number of workers and however it was
// interrupted.
func TestCollectionIsAFunctionOfItsSeed(t *testing.T) {
	dir := t.TempDir()
	options := func(name string, workers int) CollectOptions {
		return CollectOptions{Parts: collectParts(new(props)), Task: "one", Episodes: 17, Seed: 5, Workers: workers,
			Settings: map[string]string{"gain": "3"}, PolicySettings: map[string]string{"scale": "1.5"}, Out: filepath.Join(dir, name)}
	}
	want, err := Collect(t.Context(), options("one", 1), nil)
	if err != nil {
		t.Fatal(err)
	}
	if want.Episodes != 17 || want.Frames != 17*railSteps || want.Policy != "mixed" || want.Settings["gain"] != "3" || want.PolicySettings["scale"] != "1.5" {
		t.Errorf("result %+v", want)
	}
	if _, err := Collect(t.Context(), options("eight", 8), nil); err != nil {
		t.Fatal(err)
	}
	// Interrupted after 3, 6, 9 … episodes, with another number of workers each time.
	for workers := 1; ; workers++ {
		ctx, cancel := context.WithCancel(t.Context())
		began := -1
		_, err := Collect(ctx, options("bits", workers), func(done, _ int, _ string) {
			if began < 0 {
				began = done
			}
			if done >= began+3 {
				cancel()
			}
		})
		cancel()
		if err == nil {
			break
		}
		if !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"eight", "bits"} {
		if a, b := folder(t, filepath.Join(dir, "one")), folder(t, filepath.Join(dir, name)); !reflect.DeepEqual(a, b) {
			t.Errorf("%s: other files than one worker in one go makes", name)
		}
	}
	// Further episodes, under other settings: refused.
	more := options("one", 2)
	more.Episodes, more.PolicySettings = 20, nil
	if _, err := Collect(t.Context(), more, nil); err == nil || !strings.HasSuffix(err.Error(), "policy scale is 1.5, want 0.5") {
		t.Errorf("continued under other settings: %v", err)
	}
	more.PolicySettings = map[string]string{"scale": "1.5"}
	if r, err := Collect(t.Context(), more, nil); err != nil || r.Episodes != 20 || r.Resumed != 17 {
		t.Errorf("%+v, %v", r, err)
	}
}

// folder is every file of a folder.
func folder(t *testing.T, dir string) map[string]string {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, f := range files {
		text, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		all[f.Name()] = string(text)
	}
	return all
}

func TestCollectSettingsAreChecked(t *testing.T) {
	for want, change := range map[string]func(*CollectOptions){
		"policy random has no settings": func(o *CollectOptions) {
			o.Policy, o.PolicySettings = "random", map[string]string{"noise": "1"}
		},
		`no setting "noise"; known: scale`: func(o *CollectOptions) { o.PolicySettings = map[string]string{"noise": "1"} },
		"setting scale = 3":                func(o *CollectOptions) { o.PolicySettings = map[string]string{"scale": "3"} },
		"gain":                             func(o *CollectOptions) { o.Settings = map[string]string{"gain": "-1"} },
		"has no scripted policy":           func(o *CollectOptions) { o.Policy = "scripted" },
		"0 episodes":                       func(o *CollectOptions) { o.Episodes = 0 },
	} {
		o := CollectOptions{Parts: collectParts(new(props)), Task: "one", Episodes: 1, Out: t.TempDir()}
		change(&o)
		if _, err := Collect(t.Context(), o, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
	// Without a mixed policy data sets are made with random actions.
	o := CollectOptions{Parts: collectParts(new(props)), Task: "two", Episodes: 1, Out: t.TempDir()}
	if r, err := Collect(t.Context(), o, nil); err != nil || r.Policy != "random" {
		t.Errorf("%+v, %v", r, err)
	}
}

// A failing episode ends the collection with its number, and leaves a set that can
// be continued.
func TestCollectEndsWithTheFirstFailure(t *testing.T) {
	p := new(props)
	o := CollectOptions{Parts: collectParts(p), Task: "one", Episodes: 40, Workers: 3, Out: t.TempDir()}
	_, err := Collect(t.Context(), o, func(done, _ int, _ string) { p.sick.Store(done >= 4) })
	if err == nil || !strings.Contains(err.Error(), "the bead fell off") || !strings.Contains(err.Error(), "episode ") {
		t.Fatalf("error %v", err)
	}
	p.sick.Store(false)
	if r, err := Collect(t.Context(), o, nil); err != nil || r.Episodes != 40 || r.Resumed < 4 {
		t.Errorf("%+v, %v", r, err)
	}
}

// Episodes are taken in order, each once, and no goroutine is left.
func TestCrewKeepsOrder(t *testing.T) {
	stop := errors.New("stop")
	for _, workers := range []int{1, 2, 7} {
		for _, end := range []string{"", "play", "take", "open"} {
			var opened, closed, taken atomic.Int64
			c := crew[int64, string]{workers: workers,
				open: func() (int64, func(), error) {
					n := opened.Add(1)
					if end == "open" && n == int64(workers) {
						closed.Add(1)
						return 0, nil, stop
					}
					return n, func() { closed.Add(1) }, nil
				},
				play: func(_ context.Context, _ int64, i int) (string, error) {
					if end == "play" && i == 11 {
						return "", stop
					}
					return fmt.Sprint(i), nil
				},
				take: func(i int, s string) error {
					if want := int(taken.Add(1)) + 2; i != want || s != fmt.Sprint(want) {
						t.Errorf("took %d (%s), want %d", i, s, want)
					}
					if end == "take" && i == 11 {
						return stop
					}
					return nil
				}}
			err := c.run(t.Context(), 3, 40)
			if opened.Load() != closed.Load() {
				t.Errorf("%d opened, %d closed", opened.Load(), closed.Load())
			}
			if end == "" && (err != nil || taken.Load() != 37) || end != "" && !errors.Is(err, stop) {
				t.Errorf("%d workers, end at %q: %d taken, %v", workers, end, taken.Load(), err)
			}
		}
	}
}

// trial is a rail whose sparse reward is 10 in the first step and whose goal is
// reached there for some seeds.
type trial struct {
	*rail
	solved bool
}

func (i *trial) Reset(seed int64) (sim.Timestep, error) {
	i.solved = seed%4 == 0
	return i.rail.Reset(seed)
}

func (i *trial) Step(action []float64) (sim.Timestep, error) {
	ts, err := i.rail.Step(action)
	if ts.T == 1 {
		ts.SparseReward = 10
	}
	ts.Success = i.solved || ts.T == 5
	ts.Terminated = ts.T == 20
	return ts, err
}

func TestScore(t *testing.T) {
	p := new(props)
	parts := collectParts(p)
	parts.Tasks[0].Sparse = true
	plain := parts.Tasks[0].New
	parts.Tasks[0].New = func(set map[string]string) (sim.Instance, error) {
		in, err := plain(set)
		if err != nil {
			return nil, err
		}
		return &trial{rail: in.(*rail)}, nil
	}
	o := ScoreOptions{Parts: parts, Task: "one", Policy: "mixed", Episodes: 40, Workers: 1}
	want, err := Score(t.Context(), o, nil)
	if err != nil {
		t.Fatal(err)
	}
	if want.SuccessRate != 1 || want.SolvedAtReset != 10 || want.Floor != 0.25 || want.Reward != learning.RewardSparse || want.ReturnMean != 10 {
		t.Errorf("%+v", want)
	}
	for _, ep := range want.Episodes {
		step := 5
		if ep.Seed%4 == 0 {
			step = 1
		}
		if ep.Steps != 20 || ep.SuccessStep != step || ep.SolvedAtReset != (step == 1) || ep.Return != ep.SparseReturn || ep.ShapedReturn == 10 {
			t.Errorf("episode %+v", ep)
		}
	}
	o.Workers = 5
	got, err := Score(t.Context(), o, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range []*ScoreResult{want, got} {
		r.StepsPerS, r.WallS = 0, 0
		for i := range r.Episodes {
			r.Episodes[i].stepping = 0
		}
	}
	if !reflect.DeepEqual(got, want) {
		t.Error("the score depends on the number of workers")
	}
	o.Policy = ""
	if _, err := Score(t.Context(), o, nil); err == nil || !strings.Contains(err.Error(), "no scripted policy") {
		t.Errorf("error %v", err)
	}
}

// Returns of an evaluation are of the reward that the model has learned.
func TestEvaluationCountsTheLearnedReward(t *testing.T) {
	for _, c := range []struct {
		sparse bool
		model  string
		want   string
	}{
		{false, "", learning.RewardShaped}, {true, "", learning.RewardSparse},
		{true, learning.RewardShaped, learning.RewardShaped}, {false, learning.RewardSparse, learning.RewardSparse},
	} {
		p := new(props)
		parts := p.parts()
		parts.Tasks[0].Sparse = c.sparse
		p.library.worlds["one-class"] = learnedWorld{p.library.worlds["one-class"], c.model}
		r, err := Evaluate(t.Context(), EvalOptions{Parts: parts, Task: "one", Planner: "quick", Episodes: 1,
			Settings: map[string]string{"iterations": "1"}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		ep := r.Episodes[0]
		want := map[string]float64{learning.RewardShaped: ep.ShapedReturn, learning.RewardSparse: 0}[c.want]
		if r.Reward != c.want || ep.Return != want || ep.ShapedReturn <= 0 || math.Abs(r.ReturnMean-want) > 1e-12 {
			t.Errorf("sparse task %v, model of %q: %s, %+v", c.sparse, c.model, r.Reward, ep)
		}
	}
}

// learnedWorld says which reward it has learned.
type learnedWorld struct {
	World
	reward string
}

func (w learnedWorld) For(sim.Task) (World, error) { return w, nil }

func (w learnedWorld) Info() ModelInfo {
	info := w.World.Info()
	info.Reward = w.reward
	return info
}
