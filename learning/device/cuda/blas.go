//go:build nvidia && linux && cgo && (amd64 || arm64)

package cuda

// #include <cublas_v2.h>
import "C"

import (
	"errors"
	"fmt"
	"reflect"
	"sync/atomic"
	"unsafe"

	gonum "gonum.org/v1/gonum/blas"
	"gorgonia.org/cu"
	cublas "gorgonia.org/cu/blas"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/device/cuda/driver"
)

// blas is cuBLAS on one stream, or why there is none.
type blas struct {
	*cublas.Standard // nil: own kernels multiply
	version          int
	workspace        cu.DevicePtr
	why              string      // there is none, or it is not used
	failed           atomic.Bool // own kernels multiply from now on
}

// product is the argument of a Gemm.
type product struct {
	transA, transB bool
	alpha, beta    float32
	a, b, c        device.Mat
}

// columns is a product as cuBLAS sees it, by columns.
type columns struct {
	ta, tb        gonum.Transpose
	m, n, k       int
	a, b, c       uintptr
	lda, ldb, ldc int
}

// workspaceBytes is what NVIDIA recommends for its largest cards. Memory of our own
// keeps cuBLAS from allocating while a step is recorded.
const workspaceBytes = 32 << 20

// openBLAS opens a cuBLAS on stream. That there is none, or none that starts, is no
// error: own kernels serve, and String says so.
func openBLAS(i Info, o Options, stream cu.Stream) (*blas, error) {
	b := &blas{}
	if o.OwnGemm {
		return b, nil
	}
	names := []string{o.BLAS}
	if o.BLAS == "" {
		names = versions(i.Driver / 1000)
	}
	_, err := driver.OpenBLAS(names, func() error {
		s := new(cublas.Standard)
		if err := s.Init(); err != nil {
			return cause(err)
		}
		b.Standard = s
		return nil
	})
	if err != nil {
		b.why = err.Error()
		return b, nil
	}
	if err := b.setUp(o, stream); err != nil {
		b.close()
		return nil, fmt.Errorf("setting up cuBLAS: %w", err)
	}
	return b, nil
}

// Library names the cuBLAS that devices of this process use, or would find for a
// driver. Whether it starts shows when a device is opened.
func Library(i Info) (string, error) {
	return driver.OpenBLAS(versions(i.Driver/1000), func() error { return nil })
}

// cause is what an error wraps, without cu's words.
func cause(err error) error {
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(err) {
		err = inner
	}
	return err
}

// setUp gives cuBLAS its stream and memory, in this order: another stream takes the
// memory away.
func (b *blas) setUp(o Options, stream cu.Stream) error {
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
	if code == 0 {
		var err error
		if b.workspace, err = cu.MemAlloc(workspaceBytes); err != nil {
			return err
		}
		code = C.cublasSetWorkspace_v2(handle, pointer(uintptr(b.workspace)), workspaceBytes)
	}
	if code != 0 {
		return fmt.Errorf("status %d", code)
	}
	return nil
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

// use says whether large products are cuBLAS's.
func (b *blas) use() bool { return b.Standard != nil && !b.failed.Load() }

// String names what multiplies.
func (b *blas) String() string {
	switch {
	case b.use():
		return fmt.Sprintf("cuBLAS %d.%d.%d", b.version/10000, b.version/100%100, b.version%100)
	case b.why != "":
		return "own matrix kernels: " + b.why
	}
	return "own matrix kernels"
}

func (b *blas) close() error {
	if b == nil || b.Standard == nil {
		return nil
	}
	return errors.Join(b.Standard.Close(), cu.MemFree(b.workspace))
}

// multiply gives a product to cuBLAS, or to own kernels if it fails: it was made for
// other cards, say, or wants memory that is not there. It is not asked again.
func (t *thread) multiply(p *product) error {
	b := t.blas
	if b.use() {
		m := p.columns()
		b.Sgemm(m.ta, m.tb, m.m, m.n, m.k, p.alpha, view(m.a), m.lda, view(m.b), m.ldb, p.beta, view(m.c), m.ldc)
		err := b.Err()
		if err == nil {
			return nil
		}
		b.why = fmt.Sprintf("cuBLAS %d.%d.%d multiplied no %d×%d×%d (%v)",
			b.version/10000, b.version/100%100, b.version%100, m.n, m.k, m.m, err)
		b.failed.Store(true)
	}
	return t.own(p)
}

// view is the first number at an address of the card; cu takes slices and passes
// on where they begin.
func view(address uintptr) []float32 { return unsafe.Slice((*float32)(pointer(address)), 1) }

// ownProducts is the size of a product, in operations, below which own kernels
// multiply: what follows it (a bias, an activation) becomes part of them, which
// saves a small product a pass and a launch.
const ownProducts = 1e8

// Gemm is c = alpha·op(a)·op(b) + beta·c, by cuBLAS where there is one and the
// product is large.
func (d *Device) Gemm(transA, transB bool, alpha float32, a, b device.Mat, beta float32, c device.Mat) {
	if !d.thread.blas.use() {
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
	d.list.products = append(d.list.products, product{transA, transB, alpha, beta, a, b, c})
	d.put(command{action: multiply, product: len(d.list.products) - 1})
}

// columns: what cuBLAS sees by columns is the transpose of what lies there by rows,
// and cᵀ = op(b)ᵀ·op(a)ᵀ.
func (p *product) columns() columns {
	_, k := turned(p.a, p.transA)
	return columns{ta: transpose(p.transB), tb: transpose(p.transA), m: p.c.Cols, n: p.c.Rows, k: k,
		a: first(p.b), b: first(p.a), c: first(p.c),
		lda: max(p.b.Stride, p.b.Cols), ldb: max(p.a.Stride, p.a.Cols), ldc: max(p.c.Stride, p.c.Cols)}
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
