package engine

import (
	"context"
	"errors"
	"math"
	"math/rand"
	"strings"
	"testing"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/device/purego"
	"github.com/latco-studio/latco/learning/rssm"
	"github.com/latco-studio/latco/planning"
	"github.com/latco-studio/latco/planning/planningtest"
	"github.com/latco-studio/latco/resources/setting"
)

// steppingModel takes the steps of collocation wherever it computes.
type steppingModel struct{ *rssm.Model }

func (steppingModel) CollocateFrom() float64 { return 0 }

// handedModel leaves them to the planner.
type handedModel struct{ *rssm.Model }

func (handedModel) CollocateFrom() float64 { return math.Inf(1) }

// smallModel is a model of a few dozen unknowns a step.
func smallModel(t *testing.T, dev device.Device, cell string) *rssm.Model {
	t.Helper()
	cfg, err := rssm.Preset("class")
	if err != nil {
		t.Fatal(err)
	}
	cfg.Stoch, cfg.Deter, cfg.Hidden, cfg.RewardUnits, cfg.EmbedDepth, cfg.DecoderUnits, cfg.Cell = 4, 9, 8, 8, 1, 8, cell
	params, err := rssm.NewParams(cfg, 2, 3)
	if err != nil {
		t.Fatal(err)
	}
	model, err := rssm.NewModel(params, dev)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := model.Close(); err != nil {
			t.Error(err)
		}
	})
	return model
}

// collocated plans and records.
func collocated(t *testing.T, planner string, model planning.Model, sets map[string]string) (*planning.Plan, []planning.Iteration) {
	t.Helper()
	p, err := planning.New(planner)
	if err != nil {
		t.Fatal(err)
	}
	for key, value := range sets {
		if err := setting.Set(p.Fields(), key, value); err != nil {
			t.Fatal(err)
		}
	}
	var its []planning.Iteration
	feature := make([]float64, model.FeatureDim())
	for i := range feature {
		feature[i] = math.Sin(float64(i))
	}
	plan, err := p.Plan(context.Background(), &planning.Problem{Model: model, Feature: feature, Horizon: 6,
		Rand: rand.New(rand.NewSource(1)), Record: func(it planning.Iteration) { its = append(its, it) }})
	if err != nil {
		t.Fatal(err)
	}
	return plan, its
}

// openChains opens the devices that take steps of collocation; tests that are built
// with an emulated GPU add it.
var openChains = map[string]func(t *testing.T) device.Device{
	"purego": func(*testing.T) device.Device { return purego.New() },
}

// Plans whose steps the world model takes on its device are the planner's own,
// iteration by iteration.
func TestModelStepsAsPlannersDo(t *testing.T) {
	for name, open := range openChains {
		for _, cell := range []string{rssm.ResetAfter, rssm.ResetBefore} {
			for _, c := range []struct {
				planner string
				sets    map[string]string
			}{
				{"latco", map[string]string{"iterations": "15"}},
				{"latco", map[string]string{"iterations": "8", "plans": "3", "dual_rule": planning.DualReleased}},
				{"gaussian-latco", map[string]string{"iterations": "6", "plans": "3", "samples": "7", "reward_samples": "5", "selection_samples": "3"}},
				{"gaussian-latco", map[string]string{"iterations": "6", "plans": "1", "dual_rule": planning.DualReleased, "samples": "4"}},
			} {
				model := smallModel(t, open(t), cell)
				plan, want := collocated(t, c.planner, handedModel{model}, c.sets)
				if !strings.Contains(plan.Solver, "CPU") {
					t.Errorf("the planner's own steps were solved by %q", plan.Solver)
				}
				for again := range 2 {
					plan, got := collocated(t, c.planner, steppingModel{model}, c.sets)
					if strings.Contains(plan.Solver, "CPU") {
						t.Errorf("%s, %s: the device's steps were solved by %q", name, c.planner, plan.Solver)
					}
					for k := range want {
						if d := planningtest.Apart(got[k], want[k]); d > 1e-4 {
							t.Errorf("%s, %s cell, %s %v, plan %d: iteration %d is %g apart from the planner's", name, cell, c.planner, c.sets, again, k, d)
							break
						} else if k == len(want)-1 {
							t.Logf("%s, %s cell, %s: at last %.1e apart", name, cell, c.planner, d)
						}
					}
				}
			}
		}
	}
}

// cramped is a device that has no room for anything larger than a plan's own.
type cramped struct {
	device.Device
	most int
}

func (d cramped) Alloc(n int) (device.Buffer, error) {
	if n > d.most {
		return device.Buffer{}, &device.OutOfMemoryError{Device: "a cramped device", Asked: 4 * int64(n)}
	}
	return d.Device.Alloc(n)
}

func (d cramped) ChainWork(s device.ChainShape) int { return d.Device.(device.Chain).ChainWork(s) }
func (d cramped) SolveChains(s device.ChainShape, y device.ChainSystem, work, step, corrected device.Buffer) {
	d.Device.(device.Chain).SolveChains(s, y, work, step, corrected)
}
func (d cramped) GRUJacobian(n int, p device.GRUParts, jacobian device.Buffer) {
	d.Device.(device.Chain).GRUJacobian(n, p, jacobian)
}

// Without room for all Jacobians the planner takes the steps, and says why.
func TestStepsWithoutRoom(t *testing.T) {
	const rows = 40 * 6
	model := smallModel(t, cramped{purego.New(), rows*13*15 - 1}, rssm.ResetAfter)
	sets := map[string]string{"iterations": "3", "plans": "40"}
	want, _ := collocated(t, "latco", handedModel{model}, sets)
	got, _ := collocated(t, "latco", steppingModel{model}, sets)
	if got.Return != want.Return || !strings.Contains(got.Solver, "CPU; ") || !strings.Contains(got.Solver, "out of memory on a cramped device") {
		t.Errorf("a plan of %d rows returns %g by %q, with room %g", rows, got.Return, got.Solver, want.Return)
	}
	if _, err := model.StartCollocation(40, 6, 0, 1e-3); !errors.As(err, new(*device.OutOfMemoryError)) {
		t.Errorf("started without room: %v", err)
	}
	if _, err := model.StartCollocation(1, 6, 0, 1e-3); err != nil {
		t.Errorf("with room again: %v", err)
	}
}
