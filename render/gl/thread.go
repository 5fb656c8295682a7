package gl

import (
	"context"
	"errors"
	"runtime"
	"sync"
)

// ErrStopped is returned by Call when the thread's loop has ended.
var ErrStopped = errors.New("gl: the rendering thread has stopped")

// OSThread runs functions one after another on a single OS thread, as OpenGL
// contexts and window systems require.
type OSThread struct {
	turn  sync.Mutex // held by the caller whose function runs
	calls chan func()
	ran   chan struct{}
	done  chan struct{}
}

// NewOSThread makes a thread that waits for its Loop.
func NewOSThread() *OSThread {
	return &OSThread{calls: make(chan func()), ran: make(chan struct{}), done: make(chan struct{})}
}

// Loop locks the calling goroutine to its OS thread and serves calls until ctx
// ends. Call it once, in a goroutine of its own: the lock is kept, so that the
// OS thread ends with the goroutine and nothing that was current on it leaks.
func (t *OSThread) Loop(ctx context.Context) {
	runtime.LockOSThread()
	defer close(t.done)
	for {
		select {
		case f := <-t.calls:
			f()
			t.ran <- struct{}{}
		case <-ctx.Done():
			return
		}
	}
}

// Call runs f on the thread and returns when f has; then, after Loop has
// ended, ErrStopped. Calls from several goroutines take turns.
//
// Call deadlocks when it is used on the thread itself (from within f), when f
// waits for the goroutine that calls, and when Loop is never started.
func (t *OSThread) Call(f func()) error {
	t.turn.Lock()
	defer t.turn.Unlock()
	select {
	case t.calls <- f:
		<-t.ran
		return nil
	case <-t.done:
		return ErrStopped
	}
}
