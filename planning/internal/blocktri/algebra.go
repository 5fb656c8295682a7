package blocktri

import (
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/lapack/lapack64"
)

// Real is a number to compute with.
type Real interface{ float32 | float64 }

// Dense is a row-major matrix. Of a symmetric or triangular one only the lower
// triangle is read and written.
type Dense[T Real] struct {
	Rows, Cols, Stride int
	Data               []T
}

// last is the square of the last r rows and columns.
func (d Dense[T]) last(r int) Dense[T] {
	skip := d.Rows - r
	return Dense[T]{r, r, d.Stride, d.Data[skip*d.Stride+skip:]}
}

// Algebra is the dense work, by gonum's blas packages.
type Algebra[T Real] interface {
	// Syrk: c = alpha·a·aᵀ + beta·c, or with trans alpha·aᵀ·a + beta·c.
	Syrk(trans bool, alpha T, a Dense[T], beta T, c Dense[T])
	// Syr: c += alpha·x·xᵀ.
	Syr(alpha T, x []T, c Dense[T])

	// potrf replaces d by its Cholesky factor; false: it is not positive definite.
	potrf(d Dense[T]) bool
	trsmLeft(l, b Dense[T])                    // b = l⁻¹·b
	trsmRight(l, b Dense[T])                   // b = b·l⁻ᵀ
	trsv(trans bool, l Dense[T], x []T)        // x = l⁻¹·x or l⁻ᵀ·x
	gemv(trans bool, a Dense[T], x []T, y []T) // y −= a·x or aᵀ·x
}

func transposed(trans bool) blas.Transpose {
	if trans {
		return blas.Trans
	}
	return blas.NoTrans
}

// Double computes in float64.
type Double struct{}

var _ Algebra[float64] = Double{}

func general64(d Dense[float64]) blas64.General {
	return blas64.General{Rows: d.Rows, Cols: d.Cols, Stride: d.Stride, Data: d.Data}
}

func symmetric64(d Dense[float64]) blas64.Symmetric {
	return blas64.Symmetric{Uplo: blas.Lower, N: d.Rows, Stride: d.Stride, Data: d.Data}
}

func lower64(d Dense[float64]) blas64.Triangular {
	return blas64.Triangular{Uplo: blas.Lower, Diag: blas.NonUnit, N: d.Rows, Stride: d.Stride, Data: d.Data}
}

func vector64(x []float64) blas64.Vector { return blas64.Vector{N: len(x), Inc: 1, Data: x} }

// Syrk: see Algebra.
func (Double) Syrk(trans bool, alpha float64, a Dense[float64], beta float64, c Dense[float64]) {
	blas64.Syrk(transposed(trans), alpha, general64(a), beta, symmetric64(c))
}

// Syr: see Algebra.
func (Double) Syr(alpha float64, x []float64, c Dense[float64]) {
	blas64.Syr(alpha, vector64(x), symmetric64(c))
}

func (Double) potrf(d Dense[float64]) bool {
	_, ok := lapack64.Potrf(symmetric64(d))
	return ok
}

func (Double) trsmLeft(l, b Dense[float64]) {
	blas64.Trsm(blas.Left, blas.NoTrans, 1, lower64(l), general64(b))
}

func (Double) trsmRight(l, b Dense[float64]) {
	blas64.Trsm(blas.Right, blas.Trans, 1, lower64(l), general64(b))
}

func (Double) trsv(trans bool, l Dense[float64], x []float64) {
	blas64.Trsv(transposed(trans), lower64(l), vector64(x))
}

func (Double) gemv(trans bool, a Dense[float64], x, y []float64) {
	blas64.Gemv(transposed(trans), -1, general64(a), vector64(x), 1, vector64(y))
}

// Single computes in float32: half of the time and memory, seven digits.
type Single struct{}

var _ Algebra[float32] = Single{}

func general32(d Dense[float32]) blas32.General {
	return blas32.General{Rows: d.Rows, Cols: d.Cols, Stride: d.Stride, Data: d.Data}
}

func symmetric32(d Dense[float32]) blas32.Symmetric {
	return blas32.Symmetric{Uplo: blas.Lower, N: d.Rows, Stride: d.Stride, Data: d.Data}
}

func lower32(d Dense[float32]) blas32.Triangular {
	return blas32.Triangular{Uplo: blas.Lower, Diag: blas.NonUnit, N: d.Rows, Stride: d.Stride, Data: d.Data}
}

func vector32(x []float32) blas32.Vector { return blas32.Vector{N: len(x), Inc: 1, Data: x} }

// Syrk: see Algebra.
func (Single) Syrk(trans bool, alpha float32, a Dense[float32], beta float32, c Dense[float32]) {
	blas32.Syrk(transposed(trans), alpha, general32(a), beta, symmetric32(c))
}

// Syr: see Algebra.
func (Single) Syr(alpha float32, x []float32, c Dense[float32]) {
	blas32.Syr(alpha, vector32(x), symmetric32(c))
}

// panel is how many columns potrf factors at a time; the rest is matrix products.
const panel = 32

// potrf is the left-looking blocked algorithm (Golub & Van Loan, 4.2): gonum has
// none in float32.
func (s Single) potrf(d Dense[float32]) bool {
	for j := 0; j < d.Rows; j += panel {
		n := min(panel, d.Rows-j)
		rest := d.Rows - j - n
		left := Dense[float32]{n, j, d.Stride, d.Data[j*d.Stride:]}
		diagonal := Dense[float32]{n, n, d.Stride, d.Data[j*d.Stride+j:]}
		if j > 0 {
			s.Syrk(false, -1, left, 1, diagonal)
		}
		if !cholesky(diagonal) {
			return false
		}
		if rest == 0 {
			continue
		}
		below := Dense[float32]{rest, n, d.Stride, d.Data[(j+n)*d.Stride+j:]}
		if j > 0 {
			before := Dense[float32]{rest, j, d.Stride, d.Data[(j+n)*d.Stride:]}
			blas32.Gemm(blas.NoTrans, blas.Trans, -1, general32(before), general32(left), 1, general32(below))
		}
		s.trsmRight(diagonal, below)
	}
	return true
}

// cholesky factors a small matrix, row by row.
func cholesky(d Dense[float32]) bool {
	for i := range d.Rows {
		row := d.Data[i*d.Stride : i*d.Stride+i+1]
		for j := range row {
			v := row[j]
			for k, l := range d.Data[j*d.Stride : j*d.Stride+j] {
				v -= row[k] * l
			}
			if j < i {
				row[j] = v / d.Data[j*d.Stride+j]
				continue
			}
			if !(v > 0) {
				return false
			}
			row[j] = float32(math.Sqrt(float64(v)))
		}
	}
	return true
}

func (Single) trsmLeft(l, b Dense[float32]) {
	blas32.Trsm(blas.Left, blas.NoTrans, 1, lower32(l), general32(b))
}

func (Single) trsmRight(l, b Dense[float32]) {
	blas32.Trsm(blas.Right, blas.Trans, 1, lower32(l), general32(b))
}

func (Single) trsv(trans bool, l Dense[float32], x []float32) {
	blas32.Trsv(transposed(trans), lower32(l), vector32(x))
}

func (Single) gemv(trans bool, a Dense[float32], x, y []float32) {
	blas32.Gemv(transposed(trans), -1, general32(a), vector32(x), 1, vector32(y))
}
