package ptx_test

import (
	"testing"

	"github.com/latco-studio/latco/learning/device/cuda/kernels"
	"github.com/latco-studio/latco/learning/device/cuda/kernels/ptx"
	"github.com/latco-studio/latco/learning/device/devicetest"
	"github.com/latco-studio/latco/learning/device/purego"
)

// TestDevice runs groups of the conformance suite.
func TestDevice(t *testing.T) {
	p, err := ptx.Load(kernels.Modules(8, 0)...)
	if err != nil {
		t.Fatal(err)
	}
	d := ptx.NewDevice(p, 1)
	devicetest.Measure(some{devicetest.Test(t)}, d, purego.New())
}

// some runs the groups that are quick.
type some struct{ devicetest.T }

func (s some) Run(name string, f func(t devicetest.T)) bool {
	switch name {
	case "Gradients", "Panics", "Optimiser":
		return s.T.Run(name, f)
	}
	return true
}
