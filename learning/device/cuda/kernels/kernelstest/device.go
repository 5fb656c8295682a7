//go:build linux && cgo

// Package kernelstest runs the kernels of package kernels on the CPU, by the
// emulation, behind device.Device: for tests, without a card and without anything
// of NVIDIA's. Package cuda's own tests run them behind an emulated driver as well.
package kernelstest

/*
#cgo CFLAGS: -std=c11 -D_GNU_SOURCE -O2 -fno-strict-aliasing -I${SRCDIR}/..
#cgo LDFLAGS: -lm -lpthread
#include <stdlib.h>
#include <string.h>
#include "../emulate/emulate.h"

// run_kernel copies the argument into C's memory, as a driver does.
static const char* run_kernel(const char* name, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz,
							  unsigned shared, const void* words, unsigned n) {
	emulated_kernel k = emulated_find(name);
	uint64_t copy[512];
	if (!k) return "no such kernel";
	if (k->bytes != 8 * n || n > 512) return "an argument of another size";
	memcpy(copy, words, 8 * n);
	void* args[] = {copy};
	return emulated_run(k, (dim3){gx, gy, gz}, (dim3){bx, by, bz}, shared, args);
}
*/
import "C"

import (
	"errors"
	"fmt"
	"unsafe"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/device/cuda/kernels"
)

// guard is written before and after every allocation and must still be there when
// it is freed.
const (
	guard      = 64 // numbers
	guardValue = float32(-1.2345e30)
)

// Device is a device.Device in the memory of the host.
type Device struct {
	kernels.Math
	Launches map[kernels.Kernel]int // of every kernel so far
	Amended  int                    // launches that took a second operation in

	held    func() error // the launch that waits
	words   []uint64     // its argument
	sizes   map[uintptr]int
	scratch device.Buffer
	failure error
}

var _ device.Device = (*Device)(nil)

// New makes a device.
func New() *Device {
	d := &Device{Launches: map[kernels.Kernel]int{}, sizes: map[uintptr]int{}}
	d.Math.Stream = d
	return d
}

// Order chooses the order in which blocks, and threads between barriers, run: 0 as
// they are numbered, 1 backward, others shuffle. It holds for the process.
func Order(order int) { C.emulated_order(C.int(order)) }

// Launch runs the kernel that waits, and lets k wait in its place.
func (d *Device) Launch(k kernels.Kernel, grid, block kernels.Dim, shared int, params []uint64) {
	d.flush()
	d.Launches[k]++
	d.words = append(d.words[:0], params...)
	d.held = func() error {
		name := C.CString(k.String())
		defer C.free(unsafe.Pointer(name))
		why := C.run_kernel(name, C.uint(grid.X), C.uint(grid.Y), C.uint(grid.Z), C.uint(block.X), C.uint(block.Y), C.uint(block.Z),
			C.uint(shared), unsafe.Pointer(&d.words[0]), C.uint(len(d.words)))
		if why != nil {
			return fmt.Errorf("launching %v: %s", k, C.GoString(why))
		}
		return nil
	}
}

// Amend: see kernels.Amender.
func (d *Device) Amend(params []uint64) bool {
	if d.held == nil {
		return false
	}
	d.Amended++
	copy(d.words, params)
	return true
}

// flush runs what waits. The first failure is kept for Sync.
func (d *Device) flush() {
	if d.held != nil {
		if err := d.held(); d.failure == nil {
			d.failure = err
		}
		d.held = nil
	}
}

// Scratch is memory for n numbers, filled with what no result may depend on.
func (d *Device) Scratch(n int) uintptr {
	d.flush()
	if n > d.scratch.Len {
		d.Free(d.scratch)
		d.scratch, _ = d.Alloc(n)
	}
	for i, s := 0, floats(d.scratch.Addr, n); i < n; i++ {
		s[i] = guardValue
	}
	return d.scratch.Addr
}

func floats(address uintptr, n int) []float32 {
	return unsafe.Slice((*float32)(*(*unsafe.Pointer)(unsafe.Pointer(&address))), n)
}

// Alloc gives n zeros at a multiple of 256 bytes, between guards.
func (d *Device) Alloc(n int) (device.Buffer, error) {
	if n < 0 {
		return device.Buffer{}, fmt.Errorf("allocating %d numbers", n)
	}
	if n == 0 {
		return device.Buffer{}, nil
	}
	whole := uintptr(C.aligned_alloc(256, C.size_t((4*(n+2*guard)+255)/256*256)))
	if whole == 0 {
		return device.Buffer{}, fmt.Errorf("allocating %d numbers: no memory", n)
	}
	all := floats(whole, n+2*guard)
	for i := range all {
		all[i] = guardValue
	}
	clear(all[guard : guard+n])
	b := device.Buffer{Addr: whole + 4*guard, Len: n}
	d.sizes[b.Addr] = n
	return b, nil
}

// Free looks at the guards.
func (d *Device) Free(b device.Buffer) {
	d.flush()
	n, ok := d.sizes[b.Addr]
	if !ok {
		return
	}
	delete(d.sizes, b.Addr)
	whole := b.Addr - 4*guard
	all := floats(whole, n+2*guard)
	for i := range guard {
		if all[i] != guardValue || all[guard+n+i] != guardValue {
			panic(fmt.Sprintf("kernelstest: something wrote beside a buffer of %d numbers", n))
		}
	}
	C.free(*(*unsafe.Pointer)(unsafe.Pointer(&whole)))
}

// Upload copies src to the start of dst.
func (d *Device) Upload(dst device.Buffer, src []float32) error {
	if len(src) > dst.Len {
		return fmt.Errorf("uploading %d numbers to a buffer of %d", len(src), dst.Len)
	}
	d.flush()
	copy(floats(dst.Addr, dst.Len), src)
	return nil
}

// Download copies the start of src to dst.
func (d *Device) Download(dst []float32, src device.Buffer) error {
	if len(dst) > src.Len {
		return fmt.Errorf("downloading %d numbers from a buffer of %d", len(dst), src.Len)
	}
	d.flush()
	copy(dst, floats(src.Addr, src.Len))
	return d.failure
}

// UploadPixels: see device.Memory.
func (d *Device) UploadPixels(dst device.Buffer, src []uint8) error {
	return d.bytes(dst, src, func(to device.Buffer, from uintptr) { d.Pixels(to, from) })
}

// UploadLevels: see device.Memory.
func (d *Device) UploadLevels(dst device.Buffer, src []uint8, bits int, seed uint64) error {
	if bits < 1 || bits > 8 {
		return fmt.Errorf("uploading pixels of %d bits, want 1 to 8", bits)
	}
	return d.bytes(dst, src, func(to device.Buffer, from uintptr) { d.Levels(to, from, bits, seed) })
}

func (d *Device) bytes(dst device.Buffer, src []uint8, convert func(to device.Buffer, from uintptr)) error {
	if len(src) > dst.Len {
		return fmt.Errorf("uploading %d pixel values to a buffer of %d", len(src), dst.Len)
	}
	if len(src) > 0 {
		bytes := C.CBytes(src)
		defer C.free(bytes)
		convert(dst.Slice(0, len(src)), uintptr(bytes))
		d.flush()
	}
	return d.failure
}

// Copy copies src to dst.
func (d *Device) Copy(dst, src device.Buffer) {
	d.flush()
	if dst.Len != src.Len {
		panic(fmt.Sprintf("kernelstest: Copy of %d and %d numbers", dst.Len, src.Len))
	}
	copy(floats(dst.Addr, dst.Len), floats(src.Addr, src.Len))
}

// SquaredError: see device.Gaussian.
func (d *Device) SquaredError(x, y device.Buffer, w float32, diff device.Buffer) float64 {
	return d.number(func(out uintptr) { d.SquaredErrorTo(x, y, w, diff, out) })
}

// SumSquares: see device.Optimiser.
func (d *Device) SumSquares(x device.Buffer) float64 {
	return d.number(func(out uintptr) { d.SumSquaresTo(x, out) })
}

func (d *Device) number(f func(out uintptr)) float64 {
	p := C.malloc(8)
	defer C.free(p)
	f(uintptr(p))
	d.flush()
	return *(*float64)(p)
}

// Sync returns the first failure since the last.
func (d *Device) Sync() error {
	d.flush()
	err := d.failure
	d.failure = nil
	return err
}

// Name says what it is.
func (*Device) Name() string { return "CUDA kernels, emulated" }

// Close frees the scratch memory; buffers that are left are an error.
func (d *Device) Close() error {
	d.flush()
	d.Free(d.scratch)
	d.scratch = device.Buffer{}
	if len(d.sizes) > 0 {
		return errors.New("buffers were not freed")
	}
	return nil
}

// ArgumentBytes is the size of a kernel's argument in C.
func ArgumentBytes(k kernels.Kernel) int {
	name := C.CString(k.String())
	defer C.free(unsafe.Pointer(name))
	e := C.emulated_find(name)
	if e == nil {
		return -1
	}
	return int(e.bytes)
}
