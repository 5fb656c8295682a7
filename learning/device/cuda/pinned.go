//go:build nvidia && linux && cgo && (amd64 || arm64)

package cuda

// #include <cuda.h>
import "C"

import (
	"fmt"
	"unsafe"

	"gorgonia.org/cu"
)

// pinned is memory of the host that stays where it is, so that the card copies it
// by itself. Its methods belong on the device's thread.
type pinned struct {
	p     unsafe.Pointer
	bytes int64
}

// reserve makes room for that many bytes; what was there is lost.
func (m *pinned) reserve(bytes int64) error {
	if bytes <= m.bytes {
		return nil
	}
	if err := m.close(); err != nil {
		return err
	}
	if code := C.cuMemHostAlloc(&m.p, C.size_t(bytes), 0); code != C.CUDA_SUCCESS {
		m.p = nil
		return fmt.Errorf("pinning %d bytes: %w", bytes, result(code))
	}
	m.bytes = bytes
	return nil
}

// floats views the memory as numbers.
func (m *pinned) floats() []float32 { return unsafe.Slice((*float32)(m.p), m.bytes/4) }

func (m *pinned) close() error {
	if m.bytes == 0 {
		return nil
	}
	err := cu.MemFreeHost(m.p)
	*m = pinned{}
	return err
}

// result is the error of a call that cu has not, as cu has it.
func result(code C.CUresult) error {
	if code == C.CUDA_SUCCESS {
		return nil
	}
	return like(cu.Success, int(code))
}

// like is n as an error of the type of e, which cu does not export.
func like[T interface {
	~int
	error
}](_ T, n int) error {
	return T(n)
}
