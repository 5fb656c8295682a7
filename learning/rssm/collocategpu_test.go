//go:build nvidia && linux && cgo && (amd64 || arm64)

package rssm

import (
	"errors"
	"strings"
	"testing"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/device/cuda/emulate"
)

// iteration is one of LatCo's with a started collocation.
func iteration(t *testing.T, m *Model, plans, h int) func() error {
	t.Helper()
	n := plans * h
	x, o, w := newIterate(m, 1, n), newOutcome(m, n), newWeighing(m, plans, h)
	step, corrected := make([]float64, plans*m.chainShape(m.collocation.of).Unknowns()), make([]float64, plans)
	return func() error {
		return errors.Join(m.Collocate(x.z, x.a, o.next, x.to, o.reward, o.second), w.step(m, step, corrected))
	}
}

// An iteration that is repeated from recordings leaves next to no garbage: what four
// copies and three recordings cost on their way to the driver.
func TestCollocationLeavesNoGarbage(t *testing.T) {
	_, p := newModel(t, tiny(), 2)
	m, err := NewModel(p, openGPU(t))
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, m)
	solver, err := m.StartCollocation(2, 3, 0, 1e-3)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(solver, ", float32 refined in float64, GPU") || strings.HasPrefix(solver, "block") {
		t.Errorf("solved by %q, want the order's name and how", solver)
	}
	do := iteration(t, m, 2, 3)
	for range 3 {
		if err := do(); err != nil {
			t.Fatal(err)
		}
	}
	launched := emulate.Launches()
	if err := do(); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d kernels an iteration", emulate.Launches()-launched)
	if n := testing.AllocsPerRun(5, func() {
		if err := do(); err != nil {
			t.Fatal(err)
		}
	}); n > 12 {
		t.Errorf("%g allocations an iteration", n)
	}
}

// A card that is lost in the middle of an iteration is an error of its own; memory
// that is missing is none of the card.
func TestCollocationOnAFailingGPU(t *testing.T) {
	_, p := newModel(t, tiny(), 2)
	dev := openGPU(t)
	m, err := NewModel(p, dev)
	if err != nil {
		t.Fatal(err)
	}
	emulate.Limit(100 << 20)
	_, err = m.StartCollocation(200, 300, 0, 1e-3)
	emulate.Limit(8 << 30)
	if full := (*device.OutOfMemoryError)(nil); !errors.As(err, &full) {
		t.Errorf("600 MB of Jacobians on a card of 100 MB: %v", err)
	}
	for _, after := range []int{0, 10, 30, 45} {
		if _, err := m.StartCollocation(2, 3, 0, 1e-3); err != nil {
			t.Fatal(err)
		}
		do := iteration(t, m, 2, 3)
		if err := do(); err != nil {
			t.Fatal(err)
		}
		emulate.Lose(after)
		var lost *device.LostError
		if err := do(); !errors.As(err, &lost) {
			t.Errorf("lost after %d kernels: %v", after, err)
		}
		if err := m.Close(); err != nil {
			t.Errorf("closing: %v", err)
		}
		dev.Close()
		emulate.Reset()
		dev = openGPU(t)
		if m, err = NewModel(p, dev); err != nil {
			t.Fatal(err)
		}
	}
	closed(t, m)
}
