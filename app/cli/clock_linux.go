package cli

import (
	"syscall"
	"time"
	"unsafe"
)

// threadTime is the processor time of the calling OS thread so far. Unlike the
// clock on the wall it stands still while others use the processor.
func threadTime() time.Duration {
	const thread = 3 // CLOCK_THREAD_CPUTIME_ID
	var t syscall.Timespec
	if _, _, err := syscall.RawSyscall(syscall.SYS_CLOCK_GETTIME, thread, uintptr(unsafe.Pointer(&t)), 0); err != 0 {
		return time.Since(began)
	}
	return time.Duration(t.Nano())
}
