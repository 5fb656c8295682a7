//go:build cgo && !purego

package cpu

/*
#cgo noescape cpu_pixels
#cgo nocallback cpu_pixels
#cgo noescape cpu_levels
#cgo nocallback cpu_levels
#cgo noescape cpu_fill
#cgo nocallback cpu_fill
#cgo noescape cpu_axpy
#cgo nocallback cpu_axpy
#include <stdlib.h>
#include "cpu.h"
*/
import "C"

import (
	"fmt"
	"unsafe"

	"github.com/latco-studio/latco/learning/device"
)

// cacheLine is the alignment of every buffer, in bytes.
const cacheLine = 64

func allocAligned(n int) unsafe.Pointer {
	bytes := (4*n + cacheLine - 1) / cacheLine * cacheLine
	return C.aligned_alloc(cacheLine, C.size_t(bytes))
}

func freeAligned(p unsafe.Pointer) { C.free(p) }

// Alloc gives n zeros outside of Go's heap, at a multiple of 64 bytes.
func (d *Device) Alloc(n int) (device.Buffer, error) {
	if n < 0 {
		return device.Buffer{}, fmt.Errorf("allocating %d numbers", n)
	}
	if n == 0 {
		return device.Buffer{}, nil
	}
	p := allocAligned(n)
	if p == nil {
		return device.Buffer{}, fmt.Errorf("allocating %d numbers: out of memory", n)
	}
	d.live[p] = struct{}{}
	host := unsafe.Slice((*float32)(p), n)
	clear(host)
	return device.Buffer{Addr: uintptr(p), Len: n, Host: host}, nil
}

// Free returns what Alloc gave. Freeing anything else is a programmer's mistake.
func (d *Device) Free(b device.Buffer) {
	if b.Len == 0 {
		return
	}
	p := unsafe.Pointer(unsafe.SliceData(b.Host))
	if _, ok := d.live[p]; !ok {
		panic("cpu: Free of a buffer that is not allocated")
	}
	delete(d.live, p)
	freeAligned(p)
}

// Upload copies src to the start of dst.
func (d *Device) Upload(dst device.Buffer, src []float32) error {
	if len(src) > dst.Len {
		return fmt.Errorf("uploading %d numbers to a buffer of %d", len(src), dst.Len)
	}
	copy(dst.Host, src)
	return nil
}

// Download copies the start of src to dst.
func (d *Device) Download(dst []float32, src device.Buffer) error {
	if len(dst) > src.Len {
		return fmt.Errorf("downloading %d numbers from a buffer of %d", len(dst), src.Len)
	}
	copy(dst, src.Host)
	return nil
}

// UploadPixels stores src/255 − 0.5.
func (d *Device) UploadPixels(dst device.Buffer, src []uint8) error {
	if len(src) > dst.Len {
		return fmt.Errorf("uploading %d pixel values to a buffer of %d", len(src), dst.Len)
	}
	if len(src) > 0 {
		C.cpu_pixels(d.pool, C.long(len(src)), floats(dst), (*C.uint8_t)(unsafe.SliceData(src)))
	}
	return nil
}

// UploadLevels stores (⌊src/2^(8−bits)⌋ + u)/2^bits − 0.5.
func (d *Device) UploadLevels(dst device.Buffer, src []uint8, bits int, seed uint64) error {
	if len(src) > dst.Len {
		return fmt.Errorf("uploading %d pixel values to a buffer of %d", len(src), dst.Len)
	}
	if bits < 1 || bits > 8 {
		return fmt.Errorf("uploading pixels of %d bits, want 1 to 8", bits)
	}
	if len(src) > 0 {
		C.cpu_levels(d.pool, C.long(len(src)), floats(dst), (*C.uint8_t)(unsafe.SliceData(src)), C.int(bits), C.uint64_t(seed))
	}
	return nil
}

// Copy copies src to dst.
func (d *Device) Copy(dst, src device.Buffer) {
	same("Copy", dst.Len, src.Len)
	copy(dst.Host, src.Host)
}

// Fill sets every number of dst to v.
func (d *Device) Fill(dst device.Buffer, v float32) {
	if v == 0 {
		clear(dst.Host)
		return
	}
	C.cpu_fill(d.pool, C.long(dst.Len), floats(dst), C.float(v))
}

// Axpy is y += alpha·x.
func (d *Device) Axpy(alpha float32, x, y device.Buffer) {
	same("Axpy", x.Len, y.Len)
	C.cpu_axpy(d.pool, C.long(x.Len), C.float(alpha), floats(x), floats(y))
}

// scratch is memory of the device's own that grows to the largest request.
type scratch struct {
	p unsafe.Pointer
	n int
}

// floats gives n floats of unknown value, or nil if there is no memory.
func (s *scratch) floats(n int) *C.float {
	if n > s.n {
		s.release()
		if s.p = allocAligned(n); s.p == nil {
			return nil
		}
		s.n = n
	}
	return (*C.float)(s.p)
}

func (s *scratch) release() {
	freeAligned(s.p)
	*s = scratch{}
}
