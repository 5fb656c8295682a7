package rssm

import (
	"errors"
	"fmt"
	"math"

	"github.com/latco-studio/latco/learning/device"
)

// collocateFrom is from how many operations on a GPU takes the steps of collocation
// sooner than the planner on a CPU. A step there is some forty launches in a row,
// which take a quarter of a millisecond; two cores do 2·10⁷ operations of small
// blocks in a millisecond, and would first have to wait for the Jacobians. An
// estimate: `latco bench -run plan/steps -long` measures both ways.
const collocateFrom = 5e6

// ordered is a device that names the order in which it eliminates blocks.
type ordered interface {
	ChainOrder(s device.ChainShape) string
}

// hostSolver is how the reference device solves, in tests.
const hostSolver = "block elimination, float64, reference device"

// solver says how the collocation that was started solves its systems.
func (m *Model) solver() string {
	if m.onHost {
		return hostSolver
	}
	order := "block elimination"
	if o, ok := m.dev.(ordered); ok {
		order = o.ChainOrder(m.chainShape(m.collocation.of))
	}
	return order + ", float32 refined in float64, GPU"
}

// CollocateFrom is how many operations the steps of all plans must have together to
// be taken on the device. It is infinite where a processor computes anyway, where
// the device has no such kernels, and for models without a deterministic state,
// whose few unknowns a processor solves for at once.
func (m *Model) CollocateFrom() float64 {
	if _, ok := m.dev.(device.Chain); !ok || m.onHost || !m.shape.Dynamics.Recurrent() {
		return math.Inf(1)
	}
	return collocateFrom
}

// collocates says why not.
func (m *Model) collocates(of collocated) error {
	_, ok := m.dev.(device.Chain)
	shape := m.chainShape(of)
	operations := float64(of.rows()) * float64(max(1, of.samples)) * m.config.LinearizeOperations(m.act)
	switch {
	case !ok:
		return fmt.Errorf("%s solves no systems", m.dev.Name())
	case !m.shape.Dynamics.Recurrent():
		return errors.New("a model without a deterministic state")
	case of.plans < 1 || of.h < 1 || of.samples < 0:
		return fmt.Errorf("%d plans of %d actions with %d samples", of.plans, of.h, of.samples)
	case !shape.Solvable():
		return fmt.Errorf("%d plans of %d actions with %d unknowns each are too many", of.plans, of.h, shape.Action+shape.Latent)
	case operations > mostOperations:
		return fmt.Errorf("%.2g operations an iteration are too many to stop in time", operations)
	}
	return nil
}

// mostOperations is how many operations the Jacobians of an iteration may take on an
// accelerator: a planner cannot stop before they are done.
const mostOperations = 2 * acceleratorCall
