//go:build !linux

package cli

import "time"

// threadTime is the time on the wall: there is no clock of a thread's own.
func threadTime() time.Duration { return time.Since(began) }
