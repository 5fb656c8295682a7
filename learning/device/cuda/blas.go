//go:build nvidia && linux && cgo && (amd64 || arm64)

package cuda

// #include <cublas_v2.h>
import "C"

import (
	"errors"
	"fmt"
	"reflect"
	"unsafe"

	gonum "gonum.org/v1/gonum/blas"
	"gorgonia.org/cu"
	cublas "gorgonia.org/cu/blas"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/device/cuda/driver"
)

// blas is cuBLAS on one stream. A nil one is none.
type blas struct {
	*cublas.Standard
	version   int
	workspace cu.DevicePtr
}

// product is a matrix product as cuBLAS sees it, by columns.
type product struct {
	ta, tb        gonum.Transpose
	m, n, k       int
	alpha, beta   float32
	a, b, c       uintptr
	lda, ldb, ldc int
}

// workspaceBytes is what NVIDIA recommends for its largest cards. Memory of our own
// keeps cuBLAS from allocating while a step is recorded.
const workspaceBytes = 32 << 20

// openBLAS opens a cuBLAS on stream. That there is none is no error: own kernels
// serve.
func openBLAS(i Info, o Options, stream cu.Stream) (*blas, error) {
	names := []string{o.BLAS}
	if o.BLAS == "" {
		names = versions(i.Driver / 1000)
	}
	if _, err := driver.OpenBLAS(names); err != nil {
		return nil, nil
	}
	b := &blas{Standard: new(cublas.Standard)}
	if err := b.Init(); err != nil {
		return nil, nil // of another generation than the driver
	}
	handle := b.handle()
	var version C.int
	code := C.cublasGetVersion_v2(handle, &version)
	b.version = int(version)
	if code == 0 {
		code = C.cublasSetStream_v2(handle, (C.cudaStream_t)(unsafe.Pointer(stream.C())))
	}
	if code == 0 && o.TF32 {
		code = C.cublasSetMathMode(handle, C.CUBLAS_TF32_TENSOR_OP_MATH)
	}
	var err error
	if code == 0 {
		if b.workspace, err = cu.MemAlloc(workspaceBytes); err == nil {
			code = C.cublasSetWorkspace_v2(handle, pointer(uintptr(b.workspace)), workspaceBytes)
		}
	}
	if code != 0 {
		err = fmt.Errorf("cuBLAS status %d", code)
	}
	if err != nil {
		b.close()
		return nil, fmt.Errorf("setting up cuBLAS: %w", err)
	}
	return b, nil
}

// versions are the names of cuBLAS, that of the driver's generation first.
func versions(major int) []string {
	names := []string{fmt.Sprintf("libcublas.so.%d", major)}
	for _, m := range []int{13, 12, 11} {
		if m != major {
			names = append(names, fmt.Sprintf("libcublas.so.%d", m))
		}
	}
	return names
}

// handle is cu's, which has no calls for streams and workspaces.
func (b *blas) handle() C.cublasHandle_t {
	h := reflect.ValueOf(b.Standard).Elem().FieldByName("h").Pointer()
	return (C.cublasHandle_t)(pointer(h))
}

// String names what multiplies.
func (b *blas) String() string {
	if b == nil {
		return "own matrix kernels"
	}
	return fmt.Sprintf("cuBLAS %d.%d.%d", b.version/10000, b.version/100%100, b.version%100)
}

func (b *blas) close() error {
	return errors.Join(b.Standard.Close(), cu.MemFree(b.workspace))
}

func (b *blas) multiply(p *product) error {
	b.Sgemm(p.ta, p.tb, p.m, p.n, p.k, p.alpha, view(p.a), p.lda, view(p.b), p.ldb, p.beta, view(p.c), p.ldc)
	if err := b.Err(); err != nil {
		return fmt.Errorf("multiplying %d×%d×%d by cuBLAS: %w", p.n, p.k, p.m, err)
	}
	return nil
}

// view is the first number at an address of the card; cu takes slices and passes
// on where they begin.
func view(address uintptr) []float32 { return unsafe.Slice((*float32)(pointer(address)), 1) }

// ownProducts is the size of a product, in operations, below which own kernels
// multiply: what follows it (a bias, an activation) becomes part of them, which
// saves a small product a pass and a launch.
const ownProducts = 1e8

// Gemm is c = alpha·op(a)·op(b) + beta·c, by cuBLAS where there is one and the
// product is large: what it sees by columns is the transpose of what lies there by
// rows, and cᵀ = op(b)ᵀ·op(a)ᵀ.
func (d *Device) Gemm(transA, transB bool, alpha float32, a, b device.Mat, beta float32, c device.Mat) {
	if d.thread.blas == nil {
		d.Math.Gemm(transA, transB, alpha, a, b, beta, c)
		return
	}
	rows, k := turned(a, transA)
	inner, cols := turned(b, transB)
	if rows != c.Rows || cols != c.Cols || k != inner {
		panic(fmt.Sprintf("cuda: Gemm of %d×%d and %d×%d into %d×%d", rows, k, inner, cols, c.Rows, c.Cols))
	}
	if rows == 0 || cols == 0 || k == 0 || 2*float64(rows)*float64(cols)*float64(k) < d.ownBelow {
		d.Math.Gemm(transA, transB, alpha, a, b, beta, c)
		return
	}
	for _, m := range []device.Mat{a, b, c} {
		holds(m)
	}
	d.begin()
	d.list.products = append(d.list.products, product{
		ta: transpose(transB), tb: transpose(transA), m: c.Cols, n: c.Rows, k: k, alpha: alpha, beta: beta,
		a: first(b), b: first(a), c: first(c), lda: max(b.Stride, b.Cols), ldb: max(a.Stride, a.Cols), ldc: max(c.Stride, c.Cols),
	})
	d.put(command{action: multiply, product: len(d.list.products) - 1})
}

func turned(m device.Mat, t bool) (rows, cols int) {
	if t {
		return m.Cols, m.Rows
	}
	return m.Rows, m.Cols
}

// holds panics unless m's buffer holds it.
func holds(m device.Mat) {
	if m.Offset < 0 || m.Rows > 1 && m.Stride < m.Cols || m.Offset+(m.Rows-1)*m.Stride+m.Cols > m.Len {
		panic(fmt.Sprintf("cuda: Gemm of %d×%d from %d on with stride %d in a buffer of %d", m.Rows, m.Cols, m.Offset, m.Stride, m.Len))
	}
}

func first(m device.Mat) uintptr { return m.Addr + 4*uintptr(m.Offset) }

func transpose(t bool) gonum.Transpose {
	if t {
		return gonum.Trans
	}
	return gonum.NoTrans
}
