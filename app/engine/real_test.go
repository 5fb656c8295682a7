package engine

import (
	"bytes"
	"context"
	"image"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/latco-studio/latco/learning/rssm"
)

// fixedWorld is a catalogue of one world.
type fixedWorld struct{ world World }

func (c fixedWorld) Bundled(string) string      { return "fixed" }
func (c fixedWorld) Open(string) (World, error) { return c.world, nil }

// smallParts are the real parts with a small world model that has learned
// nothing: every piece of the chain works, nothing succeeds.
func smallParts(t *testing.T) Parts {
	t.Helper()
	parts, err := Real()
	if err != nil {
		t.Fatal(err)
	}
	cfg, err := rssm.Preset("class")
	if err != nil {
		t.Fatal(err)
	}
	cfg.Stoch, cfg.Deter, cfg.Hidden, cfg.EmbedDepth, cfg.DecoderUnits, cfg.RewardUnits = 4, 8, 8, 4, 32, 16
	params, err := rssm.NewParams(cfg, 2, 1)
	if err != nil {
		t.Fatal(err)
	}
	parts.Models = fixedWorld{&rssmWorld{params: params, info: ModelInfo{Name: "fixed"}, task: "lottery"}}
	return parts
}

var quickSettings = map[string]map[string]string{
	"latco":           {"iterations": "3", "horizon": "6"},
	"gaussian-latco":  {"iterations": "2", "horizon": "6", "samples": "4"},
	"cem":             {"iterations": "2", "horizon": "6", "samples": "16", "elites": "4"},
	"mppi":            {"iterations": "2", "horizon": "6", "samples": "16"},
	"random-shooting": {"iterations": "2", "horizon": "6", "samples": "16"},
}

func TestPlanOnceWithEveryPlanner(t *testing.T) {
	parts := smallParts(t)
	for _, kind := range parts.Planners {
		t.Run(kind.Name, func(t *testing.T) {
			r, err := PlanOnce(context.Background(), PlanOptions{Parts: parts, Task: "lottery", Planner: kind.Name,
				Settings: quickSettings[kind.Name], Strips: 2, Threads: 1}, nil)
			if err != nil {
				t.Fatal(err)
			}
			if len(r.Actions) != 6 || len(r.Strip) != 7 || len(r.ModelStrip) != 7 || len(r.Real) != 7 || len(r.Animation) != 2 {
				t.Errorf("%d actions, strips of %d, %d, %d, animation of %d",
					len(r.Actions), len(r.Strip), len(r.ModelStrip), len(r.Real), len(r.Animation))
			}
			if len(r.Iterations) < 2 || len(r.Iterations[0].Reward) != 6 {
				t.Errorf("%d iterations", len(r.Iterations))
			}
		})
	}
}

func TestEvaluateRealParts(t *testing.T) {
	parts := smallParts(t)
	o := EvalOptions{Parts: parts, Task: "lottery", Planner: "cem", Episodes: 2, Workers: 2, Settings: map[string]string{
		"iterations": "1", "horizon": "30", "samples": "8", "elites": "2", "odds": "released"}}
	two, err := Evaluate(context.Background(), o, nil)
	if err != nil {
		t.Fatal(err)
	}
	o.Workers = 1
	one, err := Evaluate(context.Background(), o, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := range one.Episodes {
		one.Episodes[i].PlanMS, two.Episodes[i].PlanMS = nil, nil
	}
	if !reflect.DeepEqual(one.Episodes, two.Episodes) {
		t.Errorf("one worker:  %+v\ntwo workers: %+v", one.Episodes, two.Episodes)
	}
	if one.Settings["odds"] != "released" || one.Episodes[1].Seed != -2 || one.Episodes[0].Steps != 150 {
		t.Errorf("settings %v, episodes %+v", one.Settings, one.Episodes)
	}
}

func TestLiveRealParts(t *testing.T) {
	e, err := New(Config{Parts: smallParts(t), PlanThreads: 1})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- e.Run(ctx) }()
	l := &live{Engine: e, t: t}
	l.until("model and observation", func(s *State) bool { return s.Model.Name != "" && s.Observation != nil })
	l.Do(Viewport{400, 300})
	for key, text := range quickSettings["latco"] {
		l.Do(SetPlannerField{key, text})
	}
	l.Do(SetSpeed{10})
	l.Do(Plan{})
	s := l.until("plan with strips", func(s *State) bool { return s.Phase == PlanReady && s.Plan.ModelStrip != nil })
	if len(s.Plan.Strip) != 7 {
		t.Errorf("strip of %d frames", len(s.Plan.Strip))
	}
	l.Do(Run{})
	l.until("two replans", func(s *State) bool { return s.Step > 12 })
	l.Do(Orbit{0.1, 0.1})
	var frame, other image.RGBA
	first, _ := l.Frame(&frame)
	l.until("a newer frame", func(*State) bool { seq, _ := l.Frame(&other); return seq > first+5 })
	sketched := image.Rect(0, 0, 300, 225) // of a scene that moves where drawing is slow
	if other.Rect != image.Rect(0, 0, 400, 300) && other.Rect != sketched || bytes.Equal(frame.Pix, other.Pix) {
		t.Errorf("frame %v, unchanged %v", other.Rect, bytes.Equal(frame.Pix, other.Pix))
	}
	l.Do(Stop{})
	l.until("idle scene", func(s *State) bool { return s.Phase == Idle })
	path := filepath.Join(t.TempDir(), "shot.png")
	l.Do(Screenshot{path})
	l.until("screenshot", func(s *State) bool { return strings.Contains(s.Status.Text, path) })
	cancel()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}
