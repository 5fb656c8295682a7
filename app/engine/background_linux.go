package engine

import (
	"runtime"
	"syscall"
)

// inBackground runs f on an OS thread of lower priority, which ends with the
// calling goroutine. Threads that f starts, such as those of a numerical
// library, inherit it.
func inBackground(n niceness, f func() error) error {
	runtime.LockOSThread() // never unlocked: the thread must not serve others
	// In Linux a priority is the thread's own; 0 is the caller. Failing to lower
	// it costs nothing but smoothness.
	_ = syscall.Setpriority(syscall.PRIO_PROCESS, 0, int(n))
	return f()
}
