//go:build linux && cgo

package kernelstest

import (
	"testing"

	"github.com/latco-studio/latco/learning/device/devicetest"
	"github.com/latco-studio/latco/learning/device/purego"
)

// TestDevice runs the conformance suite.
func TestDevice(t *testing.T) { devicetest.Run(t, New(), purego.New()) }
