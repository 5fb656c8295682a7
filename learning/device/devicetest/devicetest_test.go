package devicetest_test

import (
	"testing"

	"github.com/latco-studio/latco/learning/device/devicetest"
	"github.com/latco-studio/latco/learning/device/purego"
)

// The reference agrees with itself; this shows its gradients and its repetition.
func TestReference(t *testing.T) { devicetest.Run(t, purego.New(), purego.New()) }
