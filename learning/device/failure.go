package device

import "fmt"

// OutOfMemoryError says that a device has no room left.
type OutOfMemoryError struct {
	Device             string
	Asked, Free, Total int64 // bytes
}

func (e *OutOfMemoryError) Error() string {
	return fmt.Sprintf("out of memory on %s: asked for %s, %s of %s are free; a smaller batch needs less",
		e.Device, megabytes(e.Asked), megabytes(e.Free), megabytes(e.Total))
}

func megabytes(n int64) string {
	if n < 1e9 {
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	}
	return fmt.Sprintf("%.2f GB", float64(n)/1e9)
}

// LostError says that a device stopped working: its driver was reset, or a kernel
// failed. What its memory held is gone; the device can only be closed.
type LostError struct {
	Device string
	Reason error
}

func (e *LostError) Error() string {
	return fmt.Sprintf("%s stopped working: %v; what was saved is intact", e.Device, e.Reason)
}

func (e *LostError) Unwrap() error { return e.Reason }
