package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"github.com/latco-studio/latco/app/engine"
)

// planDevice says and chooses where the acting model computes. It shows among all
// settings where there is a choice: on a machine with a GPU that works; and when one
// has failed.
type planDevice struct {
	root   *fyne.Container
	picker *devicePicker
	rescue *button // after a failure of the GPU
	open   bool    // all settings are shown
	seen   engine.PlanDevice
}

const planDeviceTip = "Where planning computes\nThe model that follows the scene, plans and paints the strips. Automatic takes a GPU that works, else the CPU. A plan that is being made begins again."

func newPlanDevice(d *desk) *planDevice {
	p := &planDevice{picker: newDevicePicker(d, planDeviceTip, func(kind string) { d.send(engine.SetPlanDevice{Device: kind}) })}
	p.picker.busy = true
	p.rescue = newButton(d, "Plan on the CPU", theme.MediaPlayIcon(), "Go on planning on the CPU\nThe GPU has failed; the plan can be made anew.", func() {
		d.send(engine.SetPlanDevice{Device: engine.DeviceCPU})
	})
	p.rescue.Hide()
	row := container.New(fieldLayout{}, newHint(d, "Computes on", planDeviceTip), tight(p.picker.choice))
	p.root = container.NewVBox(row, p.rescue)
	p.root.Hide()
	return p
}

func (p *planDevice) show(v engine.PlanDevice) {
	if len(v.Choices) != len(p.seen.Choices) || v.Name != p.seen.Name {
		p.picker.offer(v.Choices)
		p.picker.tip += unless(v.Name == "", "\nComputes on "+v.Name+".")
	}
	if v.Kind != p.seen.Kind || len(v.Choices) != len(p.seen.Choices) {
		p.picker.show(v.Kind)
	}
	p.seen = v
	p.arrange()
}

// opened follows the form above.
func (p *planDevice) opened(all bool) {
	p.open = all
	p.arrange()
}

func (p *planDevice) arrange() {
	choice := len(p.picker.Options) > 2 // more than automatic and the CPU
	setHidden(p.rescue, !p.seen.Failed)
	setHidden(p.root, !p.seen.Failed && !(choice && p.open))
}
