package rssm

import (
	"errors"
	"testing"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/device/purego"
)

var errFull = errors.New("out of memory")

// smallDevice has memory for so many allocations and counts what is not freed.
type smallDevice struct {
	device.Device
	left, live int
}

func (d *smallDevice) Alloc(n int) (device.Buffer, error) {
	if d.left == 0 {
		return device.Buffer{}, errFull
	}
	d.left--
	d.live++
	return d.Device.Alloc(n)
}

func (d *smallDevice) Free(device.Buffer) { d.live-- }

// exhaust runs use with ever more memory until it succeeds: before, every
// failure is errFull, and everything is freed.
func exhaust(t *testing.T, use func(dev device.Device) error) {
	t.Helper()
	for n := range 1000 {
		dev := &smallDevice{Device: purego.New(), left: n}
		err := use(dev)
		if dev.live != 0 {
			t.Fatalf("with %d allocations: %d not freed, error %v", n, dev.live, err)
		}
		if err == nil {
			if n < 3 {
				t.Fatalf("%d allocations were enough: the check proves nothing", n)
			}
			return
		}
		if !errors.Is(err, errFull) {
			t.Fatalf("with %d allocations: %v, want %v", n, err, errFull)
		}
	}
	t.Fatal("1000 allocations were not enough")
}

func TestTrainerWithoutMemory(t *testing.T) {
	forVariants(t, func(t *testing.T, c Config) {
		c.GlobalKL, c.Overshooting, c.FreeNatsOf = 0.1, 3, FreeEachStep
		p, err := NewParams(c, 1, 1)
		if err != nil {
			t.Fatal(err)
		}
		batch := toyBatch(1, 3, 1)
		exhaust(t, func(dev device.Device) error {
			tr, err := NewTrainer(p, dev, 1)
			if err != nil {
				return err
			}
			defer tr.Close()
			_, err = tr.Update(batch)
			return err
		})
	})
}

func TestModelWithoutMemory(t *testing.T) {
	forVariants(t, func(t *testing.T, c Config) { modelWithoutMemory(t, c) })
}

func modelWithoutMemory(t *testing.T, c Config) {
	p, err := NewParams(c, 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	w := p.Config.Feature()
	z, a, pixels := make([]float64, w), make([]float64, 1), make([]uint8, Pixels)
	for name, use := range map[string]func(m *Model) error{
		"Observe": func(m *Model) error {
			_, err := m.Observe(m.Initial(), a, pixels, nil)
			return err
		},
		"Imagine": func(m *Model) error { return m.Imagine(z, a, make([]float64, 2*w), make([]float64, 1), nil) },
		"Score":   func(m *Model) error { return m.Score(z, make([]float32, 1), 1, 1, make([]float64, 1), nil) },
		"Search": func(m *Model) error {
			mean, std := make([]float64, 1), make([]float64, 1)
			if err := m.StartSearch(z, 3, 1, true, 1); err != nil {
				return err
			}
			if err := m.SearchRange(0, 0, 3, mean, std); err != nil {
				return err
			}
			_, err := m.FitElites(1, 0, mean, std)
			return err
		},
		"Linearize": func(m *Model) error {
			return m.Linearize(1, z, a, make([]float64, w), make([]float64, w*w), nil)
		},
		"LinearizeReward": func(m *Model) error { return m.LinearizeReward(1, z, make([]float64, 1), nil) },
		"LinearizeMoments": func(m *Model) error {
			return m.LinearizeMoments(1, 2, z, z, a, make([]float64, w), make([]float64, w), make([]float64, w*w), nil, 1, 0)
		},
		"ExpectRewards": func(m *Model) error {
			return m.ExpectRewards(1, 2, z, z, make([]float64, 1), make([]float64, 1), make([]float64, w), 1, 0)
		},
		"Decode": func(m *Model) error { return m.Decode(1, z, pixels) },
	} {
		t.Run(name, func(t *testing.T) {
			exhaust(t, func(dev device.Device) error {
				m, err := NewModel(p, dev)
				if err != nil {
					return err
				}
				defer m.Close()
				return use(m)
			})
		})
	}
}
