package rssm

import (
	"testing"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/device/purego"
)

// smallChain is a smallDevice that takes steps of collocation.
type smallChain struct {
	*smallDevice
	device.Chain
}

func newSmallChain(d *smallDevice) smallChain { return smallChain{d, purego.New().(device.Chain)} }

// ChainWork is more than none, so that it has to be had.
func (d smallChain) ChainWork(device.ChainShape) int { return 8 }

// However much memory there is, a collocation works or frees all it took.
func TestCollocationWithoutMemory(t *testing.T) {
	recurrent(t, func(t *testing.T, c Config) {
		p, err := NewParams(c, 1, 1)
		if err != nil {
			t.Fatal(err)
		}
		for _, samples := range []int{0, 2} {
			exhaust(t, func(dev device.Device) error {
				chain := newSmallChain(dev.(*smallDevice))
				m, err := NewModel(p, chain)
				if err != nil {
					return err
				}
				defer m.Close()
				if _, err := m.StartCollocation(2, 3, samples, 1e-3); err != nil {
					if m.collocation.of != (collocated{}) || len(m.collocation.owned) > 0 {
						t.Errorf("a collocation of %+v is left behind %v", m.collocation.of, err)
					}
					return err
				}
				_, err = newIterate(m, 1, 6).together(m, 2, 3, samples)
				return err
			})
		}
	})
}

// A collocation of another shape frees the one before; one of the same shape takes
// nothing.
func TestCollocationsFollowEachOther(t *testing.T) {
	_, p := newModel(t, tiny(), 2)
	dev := newSmallChain(&smallDevice{Device: purego.New(), left: 10_000})
	m, err := NewModel(p, dev)
	if err != nil {
		t.Fatal(err)
	}
	start := func(plans, samples int) {
		if _, err := m.StartCollocation(plans, 5, samples, 1e-3); err != nil {
			t.Fatal(err)
		}
	}
	start(3, 2)
	start(3, 0)
	live := dev.live
	start(1, 2)
	start(3, 0)
	if dev.live != live {
		t.Errorf("%d buffers after the same collocation as before, then %d", dev.live, live)
	}
	left := dev.left
	start(3, 0)
	if dev.left != left {
		t.Errorf("%d allocations for a collocation of the same shape", left-dev.left)
	}
	closed(t, m)
	if dev.live != 0 {
		t.Errorf("%d buffers were not freed", dev.live)
	}
}
