//go:build !linux

package engine

import (
	"runtime"
	"time"
)

// processorTime is not told here.
func processorTime() (time.Duration, bool) { return 0, false }

// residentMemory is what the Go part of the program has taken.
func residentMemory() int64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.Sys)
}
