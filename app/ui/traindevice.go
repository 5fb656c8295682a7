package ui

import (
	"strings"

	"github.com/latco-studio/latco/app/engine"
)

// devicePicker chooses where a training computes. While one runs, the choice moves
// it.
type devicePicker struct {
	*choice
	kinds    map[string]string // by label
	training bool
}

// automatic is the choice of who does not choose.
const automatic = "automatic"

const deviceTip = "Where training computes\nAutomatic takes a GPU that works, else the CPU. A running training moves with its parameters and its optimiser."

func newDevicePicker(d *desk) *devicePicker {
	p := &devicePicker{kinds: map[string]string{automatic: ""}}
	p.choice = newChoice(d, []string{automatic}, deviceTip, func(string) {
		if p.training {
			d.send(engine.MoveTraining{Device: p.kind()})
		}
	})
	p.Selected = automatic
	return p
}

// offer shows what can be chosen; the tip says why something cannot.
func (p *devicePicker) offer(list []engine.DeviceChoice) {
	words := []string{deviceTip}
	p.Options = nil
	for _, c := range list {
		label, _, _ := strings.Cut(c.Text, " (")
		if c.Kind == engine.DeviceAuto {
			label = automatic
			words = append(words, c.Text+".")
		}
		if c.Why != "" {
			words = append(words, c.Text+": "+c.Why+".")
			continue
		}
		p.kinds[label] = c.Kind
		p.Options = append(p.Options, label)
	}
	p.tip = strings.Join(words, "\n")
	p.Refresh()
}

// kind is the device chosen, "" if that is left open.
func (p *devicePicker) kind() string {
	if kind := p.kinds[p.Selected]; kind != engine.DeviceAuto {
		return kind
	}
	return ""
}
