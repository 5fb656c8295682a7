package engine

import (
	"runtime"
	"syscall"
)

// backgroundNice is the scheduling priority of training: anything else that
// wants the processor goes first.
const backgroundNice = 10

// inBackground runs f on an OS thread of low priority, which ends with the
// calling goroutine. Threads that f starts, such as those of a numerical
// library, inherit it.
func inBackground(f func() error) error {
	runtime.LockOSThread() // never unlocked: the thread must not serve others
	// In Linux a priority is the thread's own; 0 is the caller. Failing to lower
	// it costs nothing but smoothness.
	_ = syscall.Setpriority(syscall.PRIO_PROCESS, 0, backgroundNice)
	return f()
}
