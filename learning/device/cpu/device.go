//go:build cgo && !purego

package cpu

/*
#cgo CFLAGS: -std=gnu11 -O3 -fopenmp-simd
#cgo LDFLAGS: -ldnnl -lm
#cgo linux LDFLAGS: -ldl
#cgo noescape cpu_engine_open
#include "cpu.h"
#include "library.h"
*/
import "C"

import (
	"fmt"
	"runtime"
	"sync"
	"unsafe"

	"github.com/latco-studio/latco/learning/device"
)

// Device is a device.Device on C memory. It belongs to one goroutine at a time.
type Device struct {
	threads int
	pool    *C.cpu_pool
	engine  *C.cpu_engine
	live    map[unsafe.Pointer]struct{} // what Alloc gave and Free did not take
	plans   map[planKey]*plan
	work    scratch // weights in oneDNN's layout and its workspace
	patches scratch // of byPatches and bySubpixels; products of a layer norm's gradient
	dpre    scratch // gradient before the activation of a convolution or a layer norm
	sums    scratch // partial column sums
	failure error   // the first since the last Sync
}

var _ device.Device = (*Device)(nil)

// New opens a device that uses that many threads, or one for every core if
// threads is 0. Without oneDNN the error is a *MissingError.
func New(threads int) (device.Device, error) {
	if threads < 0 || threads > maxThreads {
		return nil, fmt.Errorf("opening the CPU device: threads = %d, want 0 (all cores) to %d", threads, maxThreads)
	}
	if threads == 0 {
		threads = runtime.NumCPU()
	}
	if err := openLibrary(); err != nil {
		return nil, err
	}
	d := &Device{
		threads: threads,
		live:    map[unsafe.Pointer]struct{}{},
		plans:   map[planKey]*plan{},
	}
	if err := status("opening oneDNN", C.cpu_engine_open(&d.engine)); err != nil {
		return nil, err
	}
	if d.pool = C.cpu_pool_open(C.int(threads)); d.pool == nil {
		C.cpu_engine_close(d.engine)
		return nil, fmt.Errorf("opening the CPU device: no room for %d threads", threads)
	}
	return d, nil
}

const maxThreads = 1024

// openLibrary finds oneDNN, once.
var openLibrary = sync.OnceValue(func() error {
	var message [256]C.char
	if C.cpu_library_open(&message[0], C.int(len(message))) != 0 {
		return &MissingError{C.GoString(&message[0])}
	}
	return nil
})

// Name is such as "cpu (oneDNN 2.6.3, 2 threads, AVX-512)".
func (d *Device) Name() string {
	var major, minor, patch C.int
	C.cpu_engine_version(&major, &minor, &patch)
	plural := "s"
	if d.threads == 1 {
		plural = ""
	}
	return fmt.Sprintf("cpu (oneDNN %d.%d.%d, %d thread%s, %s)",
		major, minor, patch, d.threads, plural, C.GoString(C.cpu_engine_isa()))
}

// Close frees all that the device holds, buffers included. The device and its
// buffers must not be used afterwards; a second Close does nothing.
func (d *Device) Close() error {
	for _, p := range d.plans {
		C.cpu_conv_close(p.c)
	}
	for p := range d.live {
		freeAligned(p)
	}
	clear(d.plans)
	clear(d.live)
	for _, s := range []*scratch{&d.work, &d.patches, &d.dpre, &d.sums} {
		s.release()
	}
	C.cpu_pool_close(d.pool)
	C.cpu_engine_close(d.engine)
	d.pool, d.engine = nil, nil
	return d.Sync()
}

// Sync reports the first failure since the last Sync: a kernel that oneDNN
// refused, or memory that ran out. Nothing is ever pending.
func (d *Device) Sync() error {
	err := d.failure
	d.failure = nil
	return err
}

func (d *Device) fail(err error) {
	if d.failure == nil {
		d.failure = err
	}
}

// status makes an error of a oneDNN status.
func status(doing string, code C.int) error {
	if code == 0 {
		return nil
	}
	names := []string{"", "out of memory", "invalid arguments", "unimplemented", "iterator ends", "runtime error", "not required"}
	if int(code) < len(names) {
		return fmt.Errorf("%s: oneDNN: %s", doing, names[code])
	}
	return fmt.Errorf("%s: oneDNN: status %d", doing, code)
}
