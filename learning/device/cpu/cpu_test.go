package cpu_test

import (
	"testing"

	"github.com/latco-studio/latco/learning/device/cpu"
	"github.com/latco-studio/latco/learning/device/devicetest"
	"github.com/latco-studio/latco/learning/device/purego"
)

func TestConformance(t *testing.T) {
	for _, threads := range []int{1, 3} {
		dev, err := cpu.New(threads)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(dev.Name(), func(t *testing.T) { devicetest.Run(t, dev, purego.New()) })
		if err := dev.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	}
}
