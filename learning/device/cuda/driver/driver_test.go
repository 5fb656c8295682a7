//go:build nvidia && linux && cgo && (amd64 || arm64)

package driver_test

import (
	"errors"
	"path/filepath"
	"testing"

	"gorgonia.org/cu"
	cublas "gorgonia.org/cu/blas"

	"github.com/latco-studio/latco/learning/device/cuda/driver"
)

// That this runs at all shows that cu's init found no fault with a machine
// without a driver.
func TestStartsWithoutADriver(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "libcuda.so.1")
	err := driver.Open(missing)
	var none *driver.NoDriverError
	if !errors.As(err, &none) || none.Code != 0 || none.Reason == "" {
		t.Fatalf("opening no file gave %v", err)
	}
	if again := driver.Open(missing); again != err {
		t.Errorf("the second time gave %v", again)
	}
	if n, err := cu.NumDevices(); !errors.Is(err, cu.NotInitialized) {
		t.Errorf("without a driver there are %d devices, %v", n, err)
	}
	if driver.Symbol("cuInit") != nil {
		t.Error("no driver has a function")
	}
}

func TestWithoutCuBLAS(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "libcublas.so.12")
	if name, err := driver.OpenBLAS([]string{missing}, func() error { return nil }); err == nil {
		t.Fatalf("opened %s", name)
	}
	if err := new(cublas.Standard).Init(); err == nil {
		t.Error("a handle of no library")
	}
}
