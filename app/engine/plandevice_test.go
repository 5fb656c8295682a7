package engine

import (
	"errors"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/sim"
)

// thoughtOnCard is a model whose minds note their device; on "cuda" they are lost while broken.
type thoughtOnCard struct {
	thought
	broken *atomic.Bool
}

func (w *thoughtOnCard) Open(kind string, _ int) (Mind, error) {
	w.diary.note("mind opened on " + kind)
	return &mindOnCard{mindful{diary: w.diary}, kind, w.broken}, nil
}

func (w *thoughtOnCard) For(sim.Task) (World, error) { return w, nil }

type mindOnCard struct {
	mindful
	kind   string
	broken *atomic.Bool
}

func (m *mindOnCard) Device() string { return "fake " + m.kind }

func (m *mindOnCard) Decode(n int, features []float64, pixels []uint8) error {
	if m.kind == DeviceCUDA && m.broken.Load() {
		return &device.LostError{Device: "fake cuda", Reason: errors.New("fell off the bus")}
	}
	return m.mindful.Decode(n, features, pixels)
}

func beginOnCard(t *testing.T, broken *atomic.Bool) (*live, *props) {
	props := &props{}
	l := beginLive(t, props, func(c *Config) {
		c.Device = DeviceCUDA
		props.library.worlds["one-class"] = &thoughtOnCard{thought{diary: &props.diary, name: "one-class", task: "one"}, broken}
	})
	return l, props
}

// Planning moves to another device and begins again there; the strip follows.
func TestPlanningMovesToAnotherDevice(t *testing.T) {
	var broken atomic.Bool
	l, props := beginOnCard(t, &broken)
	l.until("a device", func(s *State) bool { return s.PlanDevice.Name == "fake cuda" && len(s.PlanDevice.Choices) >= 3 })
	l.Do(SelectPlanner{"slow"})
	l.Do(Plan{})
	l.until("planning", func(s *State) bool { return s.Phase == Planning && props.running.Load() == 1 })
	l.Do(SetPlanDevice{DeviceCPU})
	l.until("the CPU", func(s *State) bool { return s.PlanDevice.Name == "fake cpu" && s.PlanDevice.Kind == DeviceCPU })
	l.Do(SelectPlanner{"quick"})
	l.until("a plan", func(s *State) bool { return s.Phase == PlanReady && len(s.Plan.ModelStrip) > 0 })
	l.stop()
	notes := strings.Join(props.diary.read(), "\n")
	if n := strings.Count(notes, "mind opened on cpu"); n < 2 {
		t.Errorf("%d minds were opened on the CPU, want the planner's and the strip's:\n%s", n, notes)
	}
	if opened, closed := strings.Count(notes, "mind opened"), strings.Count(notes, "mind closed"); opened != closed {
		t.Errorf("%d minds opened, %d closed", opened, closed)
	}
}

// A card that fails is named, and the CPU can take over.
func TestPlanningAfterADeviceFailed(t *testing.T) {
	var broken atomic.Bool
	broken.Store(true)
	l, _ := beginOnCard(t, &broken)
	l.Do(Plan{})
	s := l.until("a failure", func(s *State) bool { return s.PlanDevice.Failed })
	if s.Status.Level != Failure || !strings.Contains(s.Status.Details, "fell off the bus") {
		t.Errorf("status %+v", s.Status)
	}
	l.Do(SetPlanDevice{DeviceCPU})
	l.until("a strip", func(s *State) bool {
		return !s.PlanDevice.Failed && s.Plan != nil && s.Phase == PlanReady && len(s.Plan.Strip) > 0
	})
}

func TestUnknownPlanDevice(t *testing.T) {
	l := beginLive(t, &props{}, nil)
	l.Do(SetPlanDevice{"abacus"})
	s := l.until("an error", func(s *State) bool { return s.Status.Level == Failure })
	if !strings.Contains(s.Status.Text+s.Status.Details, "abacus") || s.PlanDevice.Kind != DeviceAuto {
		t.Errorf("status %+v, device %+v", s.Status, s.PlanDevice)
	}
}
