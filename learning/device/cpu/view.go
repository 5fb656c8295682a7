//go:build cgo && !purego

package cpu

// #include "cpu.h"
import "C"

import (
	"fmt"
	"unsafe"

	"github.com/latco-studio/latco/learning/device"
)

// floats is the address of b, nil where b is empty.
func floats(b device.Buffer) *C.float {
	if b.Len == 0 { // a slice of nothing has an address too
		return nil
	}
	return (*C.float)(unsafe.SliceData(b.Host))
}

// atLeast is the address of the first n numbers of b.
func atLeast(kernel string, b device.Buffer, n int) *C.float {
	if b.Len < n {
		panic(fmt.Sprintf("cpu: %s needs %d numbers, the buffer has %d", kernel, n, b.Len))
	}
	return floats(b)
}

// view is m for C; a view without rows or columns has no address.
func view(kernel string, m device.Mat) C.cpu_mat {
	v := C.cpu_mat{rows: C.long(m.Rows), cols: C.long(m.Cols), stride: C.long(m.Stride)}
	if m.Rows == 0 || m.Cols == 0 {
		return v
	}
	if m.Rows < 0 || m.Cols < 0 || m.Offset < 0 || m.Stride < m.Cols && m.Rows > 1 ||
		m.Offset+(m.Rows-1)*m.Stride+m.Cols > len(m.Host) {
		panic(fmt.Sprintf("cpu: %s: %d×%d at %d with stride %d in a buffer of %d",
			kernel, m.Rows, m.Cols, m.Offset, m.Stride, m.Len))
	}
	v.p = (*C.float)(&m.Host[m.Offset])
	v.stride = max(v.stride, v.cols) // of a single row, whose stride may be anything
	return v
}

// shaped is view, and panics unless m has that shape.
func shaped(kernel string, m device.Mat, rows, cols int) C.cpu_mat {
	if m.Rows != rows || m.Cols != cols {
		panic(fmt.Sprintf("cpu: %s of %d×%d where %d×%d belongs", kernel, m.Rows, m.Cols, rows, cols))
	}
	return view(kernel, m)
}

// optional is shaped, or the empty view where m has no rows.
func optional(kernel string, m device.Mat, rows, cols int) C.cpu_mat {
	if m.Rows == 0 {
		return C.cpu_mat{}
	}
	return shaped(kernel, m, rows, cols)
}

func same(kernel string, a, b int) {
	if a != b {
		panic(fmt.Sprintf("cpu: %s of %d and %d numbers", kernel, a, b))
	}
}
