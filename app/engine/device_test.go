package engine

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/latco-studio/latco/learning/device"
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
	_, card := dev.(interface{ Info() cuda.Info }) // of the machine that tests
	if said := ComputingOn("", dev.Name()); said != "computing on "+dev.Name() || !card && !strings.Contains(said, "slow: ") {
		t.Errorf("said %q of %s", said, dev.Name())
	}
	gpus = func() ([]cuda.Info, error) { return nil, errors.New("none in this machine") }
	for kind, want := range map[string]string{DeviceAuto: "computing on x; no GPU: none in this machine", DeviceCUDA: "computing on x", DeviceCPU: ""} {
		if said := ComputingOn(kind, "x"); said != want {
			t.Errorf("told %s: %q, want %q", kind, said, want)
		}
	}
}

// Who plans on a card that fails is told how to go on; another error stays as it is.
func TestFailureOfAPlanningDevice(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{&device.OutOfMemoryError{Device: "a card", Asked: 1}, "fewer samples or plans; -device cpu"},
		{&device.LostError{Device: "a card", Reason: io.EOF}, "; -device cpu plans without the GPU"},
		{io.EOF, "EOF"},
	} {
		err := plannedOn(fmt.Errorf("planning: %w", c.err))
		if !errors.Is(err, c.err) || !strings.Contains(err.Error(), c.want) || c.err == io.EOF && strings.Contains(err.Error(), "-device") {
			t.Errorf("%v: %v", c.err, err)
		}
	}
	if plannedOn(nil) != nil {
		t.Error("no failure is one")
	}
}
