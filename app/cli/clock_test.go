package cli

import (
	"runtime"
	"testing"
	"time"
)

// The clock of a thread runs while it computes, and never faster than the wall's.
func TestThreadTime(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	wall, from := time.Now(), threadTime()
	x := 1.0
	for threadTime()-from < 2*time.Millisecond {
		x = 1 / (1 + x)
	}
	if spent, passed := threadTime()-from, time.Since(wall); spent > passed+time.Millisecond {
		t.Errorf("%v of computing in %v (%g)", spent, passed, x)
	}
}
