//go:build purego || !cgo

package cpu

import (
	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/device/purego"
)

// New returns the pure-Go reference device, which uses one thread whatever
// threads says: this program was built without oneDNN.
func New(threads int) (device.Device, error) { return purego.New(), nil }
