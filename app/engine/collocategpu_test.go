//go:build nvidia && linux && cgo && (amd64 || arm64)

package engine

import (
	"testing"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/device/cuda"
	"github.com/latco-studio/latco/learning/device/cuda/emulate"
)

func init() {
	openChains["emulated GPU"] = func(t *testing.T) device.Device {
		dev, err := cuda.New(cuda.Options{Driver: emulate.Library(t), BLAS: emulate.Library(t)})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := dev.Close(); err != nil {
				t.Error(err)
			}
			if fault := emulate.Fault(); fault != "" {
				t.Error(fault)
			}
		})
		return dev
	}
}
