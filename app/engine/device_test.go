package engine

import (
	"errors"
	"strings"
	"testing"

	"github.com/latco-studio/latco/learning/device/cuda"
)

// A GPU that is there but cannot be opened is not where a job says it computes, and the
// name of what it opened says why.
func TestComputingOnAGPUThatCannotBeOpened(t *testing.T) {
	ask := gpus
	defer func() { gpus = ask }()
	gpus = func() ([]cuda.Info, error) { return []cuda.Info{{Name: "a card"}}, nil }
	dev, err := OpenDevice(DeviceAuto, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer dev.Close()
	if said := ComputingOn("", dev.Name()); said != "computing on "+dev.Name() || !strings.Contains(said, "slow: ") {
		t.Errorf("said %q of %s", said, dev.Name())
	}
	gpus = func() ([]cuda.Info, error) { return nil, errors.New("none in this machine") }
	for kind, want := range map[string]string{DeviceAuto: "computing on x; no GPU: none in this machine", DeviceCUDA: "computing on x", DeviceCPU: ""} {
		if said := ComputingOn(kind, "x"); said != want {
			t.Errorf("told %s: %q, want %q", kind, said, want)
		}
	}
}
