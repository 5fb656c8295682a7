package cli

import (
	"slices"

	"github.com/latco-studio/latco/app/engine"
	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/device/cuda"
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
		w.learnStep("class", 16, 20), w.learnStep("paper", 16, 20), w.learnStep("planet", 16, 20), w.learnStep("planet-v1", 16, 20),
		lasting(w.learnStep("paper", 50, 50)),
		w.filterFrame("paper"), w.rollOut("paper"), w.stream(),
	}, w.plans()...)
	for _, t := range task.All() {
		list = append(list, simStep(t), observed(t), drawTask("render/64x64/"+t.Name, t, t.Camera, 64, 64),
			drawTask("render/window/"+t.Name, t, t.FreeCamera, 812, 624))
	}
	return append(list, batches()...)
}

// onGPU says whether models compute on a GPU.
func (w workplace) onGPU() bool {
	if w == engine.DeviceCPU {
		return false
	}
	return slices.ContainsFunc(engine.Devices(), func(d engine.DeviceChoice) bool {
		return d.Kind == engine.DeviceCUDA && d.Why == ""
	})
}

// settle finds out whether a device can be had there, and tells its name. A GPU that
// auto finds and cannot open is not where models compute.
func (w workplace) settle(tell func(device string)) (workplace, error) {
	dev, err := engine.OpenDevice(string(w), 0)
	if err != nil {
		return w, err
	}
	defer dev.Close()
	tell(dev.Name())
	if _, ok := dev.(interface{ Info() cuda.Info }); !ok {
		return engine.DeviceCPU, nil
	}
	return w, nil
}

// fresh is a device with every core and untrained parameters.
func (w workplace) fresh(preset string) (device.Device, *rssm.Params, error) {
	return w.freshFor(preset, planActions)
}

// freshFor is fresh for actions of so many numbers.
func (w workplace) freshFor(preset string, actions int) (device.Device, *rssm.Params, error) {
	cfg, err := rssm.Preset(preset)
	if err != nil {
		return nil, nil, err
	}
	params, err := rssm.NewParams(cfg, actions, 1)
	if err != nil {
		return nil, nil, err
	}
	dev, err := engine.OpenDevice(string(w), 0)
	return dev, params, err
}
