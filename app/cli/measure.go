package cli

import (
	"github.com/latco-studio/latco/app/engine"
	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/rssm"
	"github.com/latco-studio/latco/sim/task"
)

// workplace is where the measured models compute: a device's name on the command
// line.
type workplace string

// measurements are all there are, in the order they run. Networks have fresh
// weights: the time does not depend on them.
func (w workplace) measurements() []measurement {
	list := append([]measurement{
		w.learnStep("class"), w.learnStep("paper"), w.learnStep("planet"), w.learnStep("planet-v1"),
		w.filterFrame("paper"), w.rollOut("paper"),
	}, w.plans()...)
	for _, t := range task.All() {
		list = append(list, simStep(t), observed(t), drawTask("render/64x64/"+t.Name, t, t.Camera, 64, 64),
			drawTask("render/window/"+t.Name, t, t.FreeCamera, 812, 624))
	}
	return append(list, batches()...)
}

// fresh is a device with every core and untrained parameters for two actions.
func (w workplace) fresh(preset string) (device.Device, *rssm.Params, error) {
	cfg, err := rssm.Preset(preset)
	if err != nil {
		return nil, nil, err
	}
	params, err := rssm.NewParams(cfg, 2, 1)
	if err != nil {
		return nil, nil, err
	}
	dev, err := engine.OpenDevice(string(w), 0)
	return dev, params, err
}
