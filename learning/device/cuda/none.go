//go:build !nvidia || !linux || !cgo || !(amd64 || arm64)

package cuda

import (
	"errors"
	"runtime"

	"github.com/latco-studio/latco/learning/device"
)

// Built says whether the program can use a card at all.
const Built = false

var errNotBuilt = func() error {
	if runtime.GOOS != "linux" {
		return errors.New("this program computes on NVIDIA cards under Linux only")
	}
	return errors.New("this program was built without CUDA; `make cuda-deps build` builds it with")
}()

// Devices lists no card and says why.
func Devices(Options) ([]Info, error) { return nil, errNotBuilt }

// Library finds none and says why.
func Library(Info) (string, error) { return "", errNotBuilt }

// New fails and says why.
func New(Options) (device.Device, error) { return nil, errNotBuilt }
