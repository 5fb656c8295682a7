package kernels

import (
	"fmt"
	"unsafe"

	"github.com/latco-studio/latco/learning/device"
)

// Math computes on a Stream: device.Dense, Normaliser, Conv, Recurrent, Gaussian and
// Optimiser but for what returns a number, Sampler and Step, and the arithmetic of
// Memory.
// It belongs to one goroutine and must not be copied once it is used. Broken
// promises about shapes panic before anything is queued.
type Math struct {
	Stream Stream
	TF32   bool // products by tensor cores, of compute 8.0 and later

	words  [512]uint64 // of the launch being queued
	tables tensors
	latest latest
}

// Math misses of device.Device: Alloc, Free, Upload, Download, UploadPixels,
// UploadLevels, Copy, Sync, SquaredError, SumSquares, Name, Close.
var (
	_ device.Dense     = (*Math)(nil)
	_ device.Conv      = (*Math)(nil)
	_ device.Recurrent = (*Math)(nil)
	_ device.Sampler   = (*Math)(nil)
	_ device.Step      = (*Math)(nil)
)

// launch queues k with the argument p, without garbage.
func launch[P any](m *Math, k Kernel, grid, block Dim, p P) {
	n := int(unsafe.Sizeof(p) / 8)
	if n > len(m.words) {
		panic(fmt.Sprintf("kernels: the argument of %v has %d words", k, n))
	}
	m.latest.open = false
	*(*P)(unsafe.Pointer(&m.words)) = p
	m.Stream.Launch(k, grid, block, 0, m.words[:n])
}

// line is a grid of x blocks.
func line(x int) Dim { return Dim{uint32(x), 1, 1} }

const blockThreads = 256

// vectorBlocks is the number of blocks that walk n numbers, four a thread and
// more where there are many. It does not depend on the card: sums do on it.
func vectorBlocks(n int) int { return min(max(ceil(n, 4*blockThreads), 1), 1024) }

// rowsGrid is the grid and block of kernels that pass over rows×cols: a column a
// thread, as wide as a narrow matrix, at most a warp.
func rowsGrid(rows, cols int) (grid, block Dim) {
	wide := 1
	for wide < cols && wide < 32 {
		wide *= 2
	}
	lines := blockThreads / wide
	return Dim{uint32(ceil(cols, wide)), uint32(min(ceil(rows, lines), 65535)), 1}, Dim{uint32(wide), uint32(lines), 1}
}

func ceil(a, b int) int { return (a + b - 1) / b }

// fits panics unless m's buffer holds it.
func fits(kernel string, all ...device.Mat) {
	for _, m := range all {
		if m.Rows == 0 || m.Cols == 0 {
			continue
		}
		if m.Offset < 0 || m.Rows < 0 || m.Cols < 0 || m.Rows > 1 && m.Stride < m.Cols ||
			m.Offset+(m.Rows-1)*m.Stride+m.Cols > m.Len {
			panic(fmt.Sprintf("kernels: %s of %d×%d from %d on with stride %d in a buffer of %d",
				kernel, m.Rows, m.Cols, m.Offset, m.Stride, m.Len))
		}
	}
}

// shaped panics unless every matrix is rows×cols and in its buffer.
func shaped(kernel string, rows, cols int, all ...device.Mat) {
	for _, m := range all {
		if m.Rows != rows || m.Cols != cols {
			panic(fmt.Sprintf("kernels: %s: a matrix of %d×%d, want %d×%d", kernel, m.Rows, m.Cols, rows, cols))
		}
	}
	fits(kernel, all...)
}

// optional is shaped for matrices that may have no rows.
func optional(kernel string, rows, cols int, all ...device.Mat) {
	for _, m := range all {
		if m.Rows > 0 {
			shaped(kernel, rows, cols, m)
		}
	}
}

// long panics unless b has n numbers.
func long(kernel string, b device.Buffer, n int) {
	if b.Len != n {
		panic(fmt.Sprintf("kernels: %s: %d numbers, want %d", kernel, b.Len, n))
	}
}

// atLeast panics unless b has n numbers or more.
func atLeast(kernel string, b device.Buffer, n int) {
	if b.Len < n {
		panic(fmt.Sprintf("kernels: %s: %d numbers, want %d", kernel, b.Len, n))
	}
}

// known panics unless there is such an activation.
func known(kernel string, act device.Activation) {
	if act > device.Tanh {
		panic(fmt.Sprintf("kernels: %s with the unknown activation %d", kernel, act))
	}
}

// aligned says that an address is a multiple of 16 bytes; 0, nothing, is.
func aligned(address uint64) bool { return address%16 == 0 }

func bit(x bool) int32 {
	if x {
		return 1
	}
	return 0
}
