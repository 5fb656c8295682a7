package ui

import (
	"strings"

	"github.com/latco-studio/latco/app/engine"
)

// devicePicker chooses where something computes. While it does, the choice moves it.
type devicePicker struct {
	*choice
	about string            // the tip, before what there is to say of the devices
	kinds map[string]string // by label
	busy  bool
}

// automatic is the choice of who does not choose.
const automatic = "automatic"

const deviceTip = "Where training computes\nAutomatic takes a GPU that works, else the CPU. A running training moves with its parameters and its optimiser."

func newDevicePicker(d *desk, about string, move func(kind string)) *devicePicker {
	p := &devicePicker{about: about, kinds: map[string]string{automatic: ""}}
	p.choice = newChoice(d, []string{automatic}, about, func(string) {
		if p.busy {
			move(p.kind())
		}
	})
	p.Selected = automatic
	return p
}

// offer shows what can be chosen; the tip says why something cannot.
func (p *devicePicker) offer(list []engine.DeviceChoice) {
	words := []string{p.about}
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

// show follows a choice that was made elsewhere.
func (p *devicePicker) show(kind string) {
	for label, k := range p.kinds {
		if k == kind && label != automatic {
			p.setChosen(label)
			return
		}
	}
	p.setChosen(automatic)
}
