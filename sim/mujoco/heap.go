package mujoco

// #include "mj.h"
import "C"

// Allocated is the size of what C code of this process, drivers of OpenGL included, has
// allocated and not freed, in bytes. ok is false where the C library does not count.
func Allocated() (bytes int64, ok bool) {
	n := int64(C.mjx_allocated())
	return max(n, 0), n >= 0
}
