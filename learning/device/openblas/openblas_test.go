package openblas

import (
	"math"
	"math/rand"
	"testing"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
)

// TestAgreesWithGo multiplies and solves with both implementations.
func TestAgreesWithGo(t *testing.T) {
	own := blas64.Implementation()
	defer blas64.Use(own)
	rng := rand.New(rand.NewSource(1))
	a, b := general(rng, 37, 53), general(rng, 53, 41)
	l := blas64.Triangular{Uplo: blas.Lower, Diag: blas.NonUnit, N: 37, Stride: 37, Data: general(rng, 37, 37).Data}
	for i := range 37 {
		l.Data[i*37+i] = 20
	}
	work := func() []float64 {
		c := blas64.General{Rows: 37, Cols: 41, Stride: 41, Data: make([]float64, 37*41)}
		blas64.Gemm(blas.NoTrans, blas.NoTrans, 1, a, b, 0, c)
		blas64.Trsm(blas.Left, blas.NoTrans, 1, l, c)
		return c.Data
	}
	want := work()
	if err := Use(); err != nil {
		t.Skip("not on this system: ", err)
	}
	for i, got := range work() {
		if math.Abs(got-want[i]) > 1e-13*math.Max(1, math.Abs(want[i])) {
			t.Fatalf("number %d: %v, Go gives %v", i, got, want[i])
		}
	}
}

func general(rng *rand.Rand, rows, cols int) blas64.General {
	m := blas64.General{Rows: rows, Cols: cols, Stride: cols, Data: make([]float64, rows*cols)}
	for i := range m.Data {
		m.Data[i] = rng.NormFloat64()
	}
	return m
}
