package engine

import (
	"strings"
	"testing"

	"github.com/latco-studio/latco/learning/device/cuda"
)

// A GPU that is there but cannot be opened is not where a job says it computes.
func TestSentenceOfAGPUThatCannotBeOpened(t *testing.T) {
	ask := gpus
	gpus = func() ([]cuda.Info, error) { return []cuda.Info{{Name: "a card"}}, nil }
	defer func() { gpus = ask; openedAs.Clear() }()
	if said, ok := DeviceSentence(DeviceAuto); !ok || !strings.HasPrefix(said, "computing on the GPU: a card") {
		t.Errorf("before: %q", said)
	}
	dev, err := OpenDevice(DeviceAuto, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer dev.Close()
	said, ok := DeviceSentence(DeviceAuto)
	if want := "computing on " + dev.Name(); !ok || said != want {
		t.Errorf("said %q, want %q", said, want)
	}
}
