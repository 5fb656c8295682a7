package device

import "fmt"

// OutOfMemoryError says that a device has no room left.
type OutOfMemoryError struct {
	Device string
	Asked  int64 // bytes; 0 where nobody knows
	Free   int64 // bytes of Total
	Total  int64 // bytes; 0 where nobody knows
	Reason error // what there was no room for, where Asked is 0
}

func (e *OutOfMemoryError) Error() string {
	text := fmt.Sprintf("out of memory on %s: ", e.Device)
	if e.Asked > 0 || e.Reason == nil {
		text += "asked for " + megabytes(e.Asked)
	} else {
		text += e.Reason.Error()
	}
	if e.Total > 0 {
		text += fmt.Sprintf(", %s of %s are free", megabytes(e.Free), megabytes(e.Total))
	}
	text += "; a smaller batch needs less"
	if e.Asked == 0 {
		text += ", and other programs may have the rest (nvidia-smi lists them)"
	}
	return text
}

func (e *OutOfMemoryError) Unwrap() error { return e.Reason }

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
