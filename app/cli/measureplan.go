package cli

import (
	"context"
	"math/rand"
	"strconv"

	"github.com/latco-studio/latco/learning/rssm"
	"github.com/latco-studio/latco/learning/rssm/peers"
	"github.com/latco-studio/latco/planning"
)

// planned is the horizon of every plan that is measured, planActions the numbers
// of an action.
const (
	planned     = 30
	planActions = 2
)

// plans are what planners take, and an iteration of what a controller does.
func (w workplace) plans() []measurement {
	return append([]measurement{
		w.latCo("plan/latco/30x200", "class", 1, 200),
		w.latCo("plan/latco/16x30x200", "class", 16, 200),
		w.lmIteration(),
		w.planOnce("plan/gaussian-latco/30x50", "class", "gaussian-latco", nil),
		w.shoot("plan/cem/1000x10x30", "class", "cem", 1000, 10),
		w.shoot("plan/mppi/1000x10x30", "class", "mppi", 1000, 10),
		w.shoot("plan/cem/paper/1000x10x30", "paper", "cem", 1000, 10),
		w.latCo("plan/latco/paper/30x20", "paper", 1, 20),
		lasting(w.latCo("plan/latco/paper/30x200", "paper", 1, 200)),
		lasting(w.latCo("plan/latco/paper/16x30x200", "paper", 16, 200)),
		lasting(w.shoot("plan/cem/paper/10000x100x30", "paper", "cem", 10000, 100)),
		w.decodeStrip("class"), w.decodeStrip("paper"),
		w.controlStep("class"), w.controlStep("paper"),
	}, w.collocations()...)
}

// lasting takes minutes on a CPU: it runs where -long asks for it, once if need be.
func lasting(m measurement) measurement {
	m.long = true
	return m
}

// shoot is a planner that samples.
func (w workplace) shoot(name, preset, planner string, samples, iterations int) measurement {
	m := w.planOnce(name, preset, planner, map[string]string{
		"samples": strconv.Itoa(samples), "iterations": strconv.Itoa(iterations)})
	m.operations = float64(samples*iterations*planned) * rolloutOperations(preset)
	if planner == "cem" {
		m.sameAs(preset, peers.Work{Kind: peers.CEM, Samples: samples, Elites: planning.NewCEM().Elites, Iterations: iterations, Horizon: planned})
	}
	return m
}

// latCo is collocation; its operations are those of the Jacobians and the solver.
func (w workplace) latCo(name, preset string, plans, iterations int) measurement {
	m := w.planOnce(name, preset, "latco", map[string]string{
		"plans": strconv.Itoa(plans), "iterations": strconv.Itoa(iterations)})
	if cfg, err := rssm.Preset(preset); err == nil {
		step := cfg.LinearizeOperations(planActions) + planning.StepOperations(cfg.Feature(), planActions)
		m.operations = float64(plans*iterations) * planned * step
	}
	m.sameAs(preset, peers.Work{Kind: peers.LatCo, Plans: plans, Iterations: iterations, Horizon: planned, LatCo: collocate()})
	return m
}

func rolloutOperations(preset string) float64 {
	cfg, err := rssm.Preset(preset)
	if err != nil {
		return 0
	}
	return cfg.RolloutOperations(planActions)
}

func (w workplace) planOnce(name, preset, planner string, set map[string]string) measurement {
	return w.withPlanner(name, "one plan, H = 30, preset "+preset, preset, planner, set, func(p planning.Planner, m *rssm.Model) error {
		return plan(p, m, m.Initial().Feature())
	})
}

// controlStep is what a controller does between two looks at the world, one after
// the other on one device: filter an image, plan, decode the plan.
func (w workplace) controlStep(preset string) measurement {
	seen, strip := make([]uint8, rssm.Pixels), make([]uint8, (planned+1)*rssm.Pixels)
	set := map[string]string{"samples": "1000", "iterations": "10"}
	return w.withPlanner("plan/control/"+preset, "filter an image, CEM 1000×10×30, decode 31 images", preset, "cem", set,
		func(p planning.Planner, m *rssm.Model) error {
			belief, err := m.Observe(m.Initial(), make([]float64, planActions), seen, nil)
			if err != nil {
				return err
			}
			feature := belief.Feature()
			if err := plan(p, m, feature); err != nil {
				return err
			}
			return m.Decode(planned+1, make([]float64, (planned+1)*len(feature)), strip)
		})
}

func plan(p planning.Planner, m *rssm.Model, feature []float64) error {
	_, err := p.Plan(context.Background(), &planning.Problem{Model: m, Feature: feature, Horizon: planned,
		Rand: rand.New(rand.NewSource(1))})
	return err
}

// withPlanner times a configured planner with a model.
func (w workplace) withPlanner(name, note, preset, planner string, set map[string]string,
	run func(p planning.Planner, m *rssm.Model) error) measurement {
	var p planning.Configurable
	m := w.onModel(name, note, preset, 3, func(m *rssm.Model) error { return run(p, m) })
	open := m.open
	m.open = func() (timed, error) {
		var err error
		if p, err = planning.New(planner); err != nil {
			return timed{}, err
		}
		if err := apply(p.Fields(), set); err != nil {
			return timed{}, err
		}
		return open()
	}
	return m
}

func (w workplace) decodeStrip(preset string) measurement {
	const n = 50
	pixels := make([]uint8, n*rssm.Pixels)
	return w.onModel("plan/decode/"+preset+"/50", "a strip of 50 images from latents", preset, 9, func(m *rssm.Model) error {
		return m.Decode(n, make([]float64, n*m.FeatureDim()), pixels)
	})
}
