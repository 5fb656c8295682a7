//go:build nvidia && linux && cgo && (amd64 || arm64)

package cuda

import (
	"errors"

	"gorgonia.org/cu"

	"github.com/latco-studio/latco/learning/device/cuda/kernels"
)

// standby multiplies by own kernels on the device's thread what was queued for a
// cuBLAS that failed. Products queued later are kernels from the start.
type standby struct {
	t       *thread
	math    kernels.Math
	list    list
	scratch cu.DevicePtr
	bytes   int64
	failure error
}

// own multiplies by own kernels, now.
func (t *thread) own(p *product) error {
	if t.standby == nil {
		t.standby = &standby{t: t}
		t.standby.math = kernels.Math{Stream: t.standby, TF32: t.tf32}
	}
	s := t.standby
	s.failure = nil
	s.math.Gemm(p.transA, p.transB, p.alpha, p.a, p.b, p.beta, p.c)
	return s.failure
}

// Launch launches a kernel at once.
func (s *standby) Launch(k kernels.Kernel, grid, block kernels.Dim, shared int, params []uint64) {
	if s.failure != nil {
		return
	}
	s.list.words = append(s.list.words[:0], params...)
	s.failure = s.t.launch(&s.list, &command{kernel: k, grid: grid, block: block, shared: shared, n: len(params)})
}

// Scratch is memory of this product's own: the device's belongs to what is queued.
func (s *standby) Scratch(n int) uintptr {
	if bytes := 4 * int64(n); bytes > s.bytes {
		err := errors.Join(s.t.wait(), s.close())
		if err == nil {
			s.scratch, err = cu.MemAlloc(bytes)
		}
		if err != nil {
			s.failure = doing("allocating scratch memory", err)
			return 0
		}
		s.bytes = bytes
	}
	return uintptr(s.scratch)
}

func (s *standby) close() error {
	if s == nil || s.bytes == 0 {
		return nil
	}
	s.bytes = 0
	return cu.MemFree(s.scratch)
}
