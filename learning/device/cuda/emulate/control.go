//go:build nvidia && linux && cgo && (amd64 || arm64)

package emulate

/*
#include <stddef.h>
#include <stdlib.h>

static void call_size(void *f, size_t n) { ((void (*)(size_t))f)(n); }
static void call_long(void *f, long n) { ((void (*)(long))f)(n); }
static void call_int(void *f, int n) { ((void (*)(int))f)(n); }
static void call_refuse(void *f, const char *call, long n, int code) {
	((void (*)(const char *, long, int))f)(call, n, code);
}
static void call_none(void *f) { ((void (*)(void))f)(); }
static long long_of(void *f) { return ((long (*)(void))f)(); }
static const char *text_of(void *f) { return ((const char *(*)(void))f)(); }
*/
import "C"

import (
	"unsafe"

	"github.com/latco-studio/latco/learning/device/cuda/driver"
)

// The controls work on the driver that package driver has open, which must be an
// emulated one.

// Limit is how much memory the card has, in bytes.
func Limit(bytes int64) { C.call_size(control("emulated_limit"), C.size_t(bytes)) }

// Lose ends the card's context n launches from now; n < 0 never.
func Lose(n int) { C.call_long(control("emulated_lose_device"), C.long(n)) }

// Reset makes a lost card work again for those who open it anew.
func Reset() { C.call_none(control("emulated_reset")) }

// Compute makes the card one of that compute capability, such as 80 for 8.0, for those
// who ask from now on. What it computes does not change.
func Compute(capability int) { C.call_int(control("emulated_compute"), C.int(capability)) }

// Order chooses in which order blocks and threads run: 0 as numbered, 1 backward,
// n ≥ 2 the n-th shuffle.
func Order(n int) { C.call_int(control("emulated_order"), C.int(n)) }

// Hasty lets copies of a stream that has nothing else to do overtake all other
// streams; else every stream is as late as it may be.
func Hasty(on bool) {
	n := C.int(0)
	if on {
		n = 1
	}
	C.call_int(control("emulated_hasty"), n)
}

// Refuse lets the next n calls of a function of the driver or of cuBLAS that asks
// refused (libcuda/) fail with
// that code, all where n < 0. It replaces what was refused before; 0 ends it.
func Refuse(call string, n, code int) {
	c := C.CString(call)
	defer C.free(unsafe.Pointer(c))
	C.call_refuse(control("emulated_refuse"), c, C.long(n), C.int(code))
}

// ContextFlags are those of the card's context (CU_CTX_SCHED_…).
func ContextFlags() int { return int(C.long_of(control("emulated_context_flags"))) }

// Launches counts the kernels run.
func Launches() int { return int(C.long_of(control("emulated_launches"))) }

// Fault is what first went wrong, or "".
func Fault() string { return C.GoString(C.text_of(control("emulated_fault"))) }

func control(name string) unsafe.Pointer {
	f := driver.Symbol(name)
	if f == nil {
		panic("emulate: the open driver is not an emulated one")
	}
	return f
}
