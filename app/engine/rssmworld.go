package engine

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/device/cpu"
	"github.com/latco-studio/latco/learning/device/purego"
	"github.com/latco-studio/latco/learning/rssm"
	"github.com/latco-studio/latco/planning"
)

// What the planners ask for and the RSSM can do.
var (
	_ planning.Scorer           = (*rssm.Model)(nil)
	_ planning.MomentLinearizer = (*rssm.Model)(nil)
)

// rssmWorld is a World of RSSM parameters.
type rssmWorld struct {
	params *rssm.Params
	info   ModelInfo
	task   string
}

func (w *rssmWorld) Info() ModelInfo { return w.info }
func (w *rssmWorld) Task() string    { return w.task }
func (w *rssmWorld) ActionDim() int  { return w.params.ActionDim }

// Open gives the parameters a device of their own.
func (w *rssmWorld) Open(kind string, threads int) (Mind, error) {
	dev, err := openDevice(kind, threads)
	if err != nil {
		return nil, err
	}
	model, err := rssm.NewModel(w.params, dev)
	if err != nil {
		return nil, errors.Join(err, dev.Close())
	}
	return &rssmMind{model, dev}, nil
}

// openDevice opens a device by its name on the command line: auto, cpu or cuda.
func openDevice(kind string, threads int) (device.Device, error) {
	switch kind = cmp.Or(kind, "auto"); kind {
	case "auto", "cpu": // there is no other yet
		dev, err := cpu.New(threads)
		var missing *cpu.MissingError
		if errors.As(err, &missing) {
			return &standIn{purego.New(), missing}, nil
		}
		if err != nil {
			return nil, fmt.Errorf("device %s: %w", kind, err)
		}
		return dev, nil
	case "cuda":
		return nil, errors.New("device cuda: this build computes on the CPU only")
	}
	return nil, &UnknownNameError{"device", kind, []string{"auto", "cpu", "cuda"}}
}

// standIn is the reference device where the fast one cannot be had; its name,
// which the window and every result show, says so.
type standIn struct {
	device.Device
	why *cpu.MissingError
}

func (d *standIn) Name() string { return d.Device.Name() + ", slow: " + d.why.Error() }

// rssmMind is a model with the device it owns.
type rssmMind struct {
	model *rssm.Model
	dev   device.Device
}

func (m *rssmMind) Model() planning.Model { return m.model }
func (m *rssmMind) Device() string        { return m.dev.Name() }
func (m *rssmMind) Initial() Belief       { return m.model.Initial() }

func (m *rssmMind) Observe(b Belief, action []float64, pixels []uint8, rng *rand.Rand) (Belief, error) {
	return m.model.Observe(b.(rssm.Belief), action, pixels, rng)
}

func (m *rssmMind) Decode(n int, features []float64, pixels []uint8) error {
	return m.model.Decode(n, features, pixels)
}

func (m *rssmMind) Close() error { return errors.Join(m.model.Close(), m.dev.Close()) }
