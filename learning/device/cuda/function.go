//go:build nvidia && linux && cgo && (amd64 || arm64)

package cuda

// #include <cuda.h>
import "C"

import (
	"fmt"
	"reflect"

	"gorgonia.org/cu"

	"github.com/latco-studio/latco/learning/device/cuda/kernels"
)

// function is a kernel as the driver has it.
type function struct {
	cu.Function
	shared int // bytes of dynamic shared memory it is allowed, beyond what every kernel is
}

// function is k in the module that has it.
func (t *thread) function(k kernels.Kernel) (*function, error) {
	if f, ok := t.functions[k]; ok {
		return f, nil
	}
	var err error
	for _, m := range t.modules {
		f := new(function)
		if f.Function, err = m.Function(k.String()); err == nil {
			t.functions[k] = f
			return f, nil
		}
	}
	return nil, fmt.Errorf("looking for kernel %v: %w", k, err)
}

// allow lets the kernel be launched with that many bytes of dynamic shared memory:
// of more than 48 KB, static memory included, the driver wants to be told; cu has no
// call for it.
func (f *function) allow(bytes int) error {
	if bytes <= f.shared {
		return nil
	}
	handle := (C.CUfunction)(pointer(reflect.ValueOf(f.Function).FieldByName("fn").Pointer()))
	if err := result(C.cuFuncSetAttribute(handle, C.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES, C.int(bytes))); err != nil {
		return fmt.Errorf("asking for %d bytes of shared memory a block: %w", bytes, err)
	}
	f.shared = bytes
	return nil
}
