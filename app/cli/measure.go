package cli

import (
	"context"
	"math/rand"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/device/cpu"
	"github.com/latco-studio/latco/learning/rssm"
	"github.com/latco-studio/latco/planning"
	"github.com/latco-studio/latco/sim/task"
)

// measurements are all there are, in the order they run. Networks have fresh
// weights: the time does not depend on them.
func measurements() []measurement {
	list := []measurement{
		learnStep("class"), learnStep("paper"), learnStep("planet"), learnStep("planet-v1"),
		filterFrame("paper"), rollOut("paper"),
		planOnce("plan/latco/30x200", "class", "latco", nil),
		planOnce("plan/gaussian-latco/30x50", "class", "gaussian-latco", nil),
		planOnce("plan/cem/1000x10x30", "class", "cem", map[string]string{"samples": "1000", "iterations": "10"}),
		planOnce("plan/mppi/1000x10x30", "class", "mppi", map[string]string{"samples": "1000", "iterations": "10"}),
		planOnce("plan/latco/paper/30x20", "paper", "latco", map[string]string{"iterations": "20"}),
		decodeStrip("class"), decodeStrip("paper"),
	}
	for _, t := range task.All() {
		list = append(list, simStep(t), observed(t), drawTask("render/64x64/"+t.Name, t, t.Camera, 64, 64), drawTiles(t),
			drawTask("render/window/"+t.Name, t, t.FreeCamera, 812, 624))
	}
	return append(list, batches()...)
}

// fresh is a device with every core and untrained parameters for two actions.
func fresh(preset string) (device.Device, *rssm.Params, error) {
	cfg, err := rssm.Preset(preset)
	if err != nil {
		return nil, nil, err
	}
	params, err := rssm.NewParams(cfg, 2, 1)
	if err != nil {
		return nil, nil, err
	}
	dev, err := cpu.New(0)
	return dev, params, err
}

func planOnce(name, preset, planner string, set map[string]string) measurement {
	return measurement{name: name, note: "one plan, H = 30, preset " + preset, runs: 3,
		open: func() (timed, error) {
			dev, params, err := fresh(preset)
			if err != nil {
				return timed{}, err
			}
			model, err := rssm.NewModel(params, dev)
			if err != nil {
				return timed{}, err
			}
			p, err := planning.New(planner)
			if err != nil {
				return timed{}, err
			}
			if err := apply(p.Fields(), set); err != nil {
				return timed{}, err
			}
			run := func() error {
				_, err := p.Plan(context.Background(), &planning.Problem{Model: model,
					Feature: model.Initial().Feature(), Horizon: 30, Rand: rand.New(rand.NewSource(1))})
				return err
			}
			return timed{run: run, close: func() { model.Close(); dev.Close() }}, nil
		}}
}

func decodeStrip(preset string) measurement {
	const n = 50
	return measurement{name: "plan/decode/" + preset + "/50", note: "a strip of 50 images from latents", runs: 9,
		open: func() (timed, error) {
			dev, params, err := fresh(preset)
			if err != nil {
				return timed{}, err
			}
			model, err := rssm.NewModel(params, dev)
			if err != nil {
				return timed{}, err
			}
			features, pixels := make([]float64, n*model.FeatureDim()), make([]uint8, n*rssm.Pixels)
			run := func() error { return model.Decode(n, features, pixels) }
			return timed{run: run, close: func() { model.Close(); dev.Close() }}, nil
		}}
}
