package cli

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand"

	"github.com/latco-studio/latco/learning/rssm"
	"github.com/latco-studio/latco/planning"
)

// stepped is a model that takes the steps of collocation on its device from that many
// operations on.
type stepped struct {
	*rssm.Model
	from float64
}

func (m stepped) CollocateFrom() float64 { return m.from }

// collocationSizes are systems from few unknowns to many: the planners choose
// between device and processor by their operations.
var collocationSizes = []struct {
	preset   string
	plans, h int
}{{"class", 1, 3}, {"class", 1, 10}, {"class", 1, 30}, {"class", 16, 30}, {"paper", 1, 30}, {"paper", 16, 30}}

// collocations measure LatCo with its steps taken on the device beside LatCo with
// steps taken by the planner.
func (w workplace) collocations() (list []measurement) {
	for _, s := range collocationSizes {
		m := w.collocation(s.preset, s.plans, s.h)
		if s.preset == "paper" && s.plans > 1 {
			m = lasting(m)
		}
		list = append(list, m)
	}
	return list
}

// lmIteration is an iteration of LatCo, Jacobians and step, with the paper's network
// on a task of 50 steps and four numbers of an action: 50 blocks of 234.
func (w workplace) lmIteration() measurement {
	const h, actions, iterations = 50, 4, 10
	m := measurement{name: "plan/lm-iteration/50x234", runs: 5, parts: iterations,
		note: "a tenth of LatCo with 10 iterations, preset paper"}
	if cfg, err := rssm.Preset("paper"); err == nil {
		m.operations = h * (cfg.LinearizeOperations(actions) + planning.StepOperations(cfg.Feature(), actions))
	}
	planner := &planning.LatCo{Collocation: planning.Collocation{Iterations: iterations}}
	m.open = func() (timed, error) {
		dev, params, err := w.freshFor("paper", actions)
		if err != nil {
			return timed{}, err
		}
		model, err := rssm.NewModel(params, dev)
		if err != nil {
			return timed{}, errors.Join(err, dev.Close())
		}
		run := func() error {
			_, err := planner.Plan(context.Background(), &planning.Problem{Model: model, Feature: model.Initial().Feature(),
				Horizon: h, Rand: rand.New(rand.NewSource(1))})
			return err
		}
		return timed{run: run, close: func() { model.Close(); dev.Close() }}, nil
	}
	return m
}

// collocation is a few iterations. Where the device takes no steps there is the
// planner's way alone.
func (w workplace) collocation(preset string, plans, h int) measurement {
	const iterations = 5
	cfg, err := rssm.Preset(preset)
	if err != nil {
		panic(err) // a name above
	}
	system := float64(plans*h) * planning.StepOperations(cfg.Feature(), planActions)
	m := measurement{
		name: fmt.Sprintf("plan/steps/%s/%dx%d", preset, plans, h), runs: 5,
		note:       fmt.Sprintf("%d iterations of LatCo, %d × %d blocks of %d, %.2g operations a system", iterations, plans, h, cfg.Feature()+planActions, system),
		operations: iterations * (float64(plans*h)*cfg.LinearizeOperations(planActions) + system),
	}
	var ways [2]string // what solved systems
	m.beside.name, m.beside.note, m.beside.operations = m.name+"/planner", "the same, steps by the planner on the CPU", m.operations
	m.beside.host = true
	m.compare = func(ratio float64) string {
		return fmt.Sprintf("; %.2f of the planner's time (%s; %s)", ratio, ways[0], ways[1])
	}
	planner := &planning.LatCo{Collocation: planning.Collocation{Iterations: iterations, Plans: plans}}
	m.open = func() (timed, error) {
		dev, params, err := w.fresh(preset)
		if err != nil {
			return timed{}, err
		}
		model, err := rssm.NewModel(params, dev)
		if err != nil {
			return timed{}, errors.Join(err, dev.Close())
		}
		way := func(i int, from float64) func() error {
			return func() error {
				plan, err := planner.Plan(context.Background(), &planning.Problem{Model: stepped{model, from}, Feature: model.Initial().Feature(),
					Horizon: h, Rand: rand.New(rand.NewSource(1))})
				if err == nil {
					ways[i] = plan.Solver
				}
				return err
			}
		}
		t := timed{run: way(0, 0), beside: way(1, math.Inf(1)), close: func() { model.Close(); dev.Close() }}
		if math.IsInf(model.CollocateFrom(), 1) {
			t.run, t.beside = t.beside, nil
		}
		return t, nil
	}
	return m
}
