package blocktri

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// random makes a positive definite system of the given shape, dense and as fill.
func random(rng *rand.Rand, sizes, coupled []int) (*mat.SymDense, Fill[float64]) {
	total, first := 0, make([]int, len(sizes))
	for t, n := range sizes {
		first[t] = total
		total += n
	}
	h := mat.NewSymDense(total, nil)
	for t, n := range sizes {
		for i := range n {
			for j := range i + 1 {
				h.SetSym(first[t]+i, first[t]+j, rng.NormFloat64())
			}
			// Diagonal dominance makes it positive definite.
			h.SetSym(first[t]+i, first[t]+i, float64(4*n)+20)
		}
		if t == 0 {
			continue
		}
		for i := n - coupled[t]; i < n; i++ {
			for j := range sizes[t-1] {
				h.SetSym(first[t]+i, first[t-1]+j, rng.NormFloat64())
			}
		}
	}
	return h, func(t int, d, b Dense[float64]) {
		for i := range d.Rows {
			for j := range i + 1 {
				d.Data[i*d.Stride+j] = h.At(first[t]+i, first[t]+j)
			}
		}
		for i := range b.Rows {
			for j := range b.Cols {
				b.Data[i*b.Stride+j] = h.At(first[t+1]+sizes[t+1]-b.Rows+i, first[t]+j)
			}
		}
	}
}

func TestSolveEqualsDense(t *testing.T) {
	for _, c := range []struct{ sizes, coupled []int }{
		{[]int{3}, []int{0}},
		{[]int{2, 5}, []int{0, 5}},
		{[]int{2, 5}, []int{0, 3}},
		{[]int{2, 7, 7, 5}, []int{0, 5, 5, 5}},
		{[]int{4, 23, 23, 23, 23, 23, 19}, []int{0, 19, 19, 19, 19, 19, 19}},
		{[]int{90, 131, 70}, []int{0, 131, 12}},
	} {
		for _, split := range []bool{false, true} {
			t.Run(fmt.Sprint(c.sizes, split), func(t *testing.T) {
				checkSolve(t, rand.New(rand.NewSource(7)), c.sizes, c.coupled, split)
			})
		}
	}
}

// Any chain will do: lengths, sizes and couplings drawn at random.
func TestSolveEqualsDenseProperty(t *testing.T) {
	rng := rand.New(rand.NewSource(11))
	for i := range 60 {
		sizes := make([]int, 1+rng.Intn(9))
		coupled := make([]int, len(sizes))
		for t := range sizes {
			sizes[t] = 1 + rng.Intn(20)
			coupled[t] = 1 + rng.Intn(sizes[t])
		}
		checkSolve(t, rng, sizes, coupled, i%2 == 0)
	}
}

func checkSolve(t *testing.T, rng *rand.Rand, sizes, coupled []int, split bool) {
	t.Helper()
	h, fill := random(rng, sizes, coupled)
	m := New(Double{}, sizes, coupled)
	m.Split = split
	if err := m.Factor(context.Background(), fill); err != nil {
		t.Fatal(err)
	}
	b := make([]float64, m.Len())
	for i := range b {
		b[i] = rng.NormFloat64()
	}
	var want mat.VecDense
	if err := want.SolveVec(h, mat.NewVecDense(len(b), append([]float64(nil), b...))); err != nil {
		t.Fatal(err)
	}
	m.Solve(b)
	for i := range b {
		if math.Abs(b[i]-want.AtVec(i)) > 1e-12 {
			t.Fatalf("sizes %v, coupled %v: x[%d] = %g, dense solve gives %g", sizes, coupled, i, b[i], want.AtVec(i))
		}
	}
}

// In float32 the solution is the same to its digits.
func TestSingleEqualsDouble(t *testing.T) {
	rng := rand.New(rand.NewSource(13))
	for _, n := range []int{1, 31, 32, 33, 100} {
		sizes, coupled := []int{n, n + 3, n + 3, n}, []int{0, n, n, n}
		_, fill := random(rng, sizes, coupled)
		double, single := New(Double{}, sizes, coupled), New(Single{}, sizes, coupled)
		err := errors.Join(double.Factor(context.Background(), fill),
			single.Factor(context.Background(), func(t int, d, b Dense[float32]) {
				wide, link := double.diag[t], Dense[float64]{b.Rows, b.Cols, b.Stride, make([]float64, len(b.Data))}
				wide.Data = make([]float64, len(wide.Data))
				fill(t, wide, link)
				narrow(d.Data, wide.Data)
				narrow(b.Data, link.Data)
			}))
		if err != nil {
			t.Fatal(err)
		}
		x, y := make([]float64, double.Len()), make([]float32, single.Len())
		for i := range x {
			x[i] = rng.NormFloat64()
		}
		narrow(y, x)
		double.Solve(x)
		single.Solve(y)
		for i, v := range x {
			if math.Abs(float64(y[i])-v) > 1e-6 {
				t.Fatalf("blocks of %d: x[%d] = %g, in float64 %g", n, i, y[i], v)
			}
		}
	}
	bad := New(Single{}, []int{40}, []int{0})
	err := bad.Factor(context.Background(), func(_ int, d, _ Dense[float32]) {
		for i := range d.Rows {
			d.Data[i*d.Stride+i] = 1
		}
		d.Data[35*d.Stride+35] = float32(math.NaN())
	})
	if not := (*NotPositiveError)(nil); !errors.As(err, &not) {
		t.Errorf("NaN on the diagonal: got %v", err)
	}
}

func narrow(dst []float32, src []float64) {
	for i, v := range src {
		dst[i] = float32(v)
	}
}

func TestSplitIsBitIdentical(t *testing.T) {
	sizes, coupled := []int{3, 20, 20, 20, 20, 17}, []int{0, 17, 17, 17, 17, 17}
	var x [2][]float64
	for i, split := range []bool{false, true} {
		_, fill := random(rand.New(rand.NewSource(3)), sizes, coupled)
		m := New(Double{}, sizes, coupled)
		m.Split = split
		if err := m.Factor(context.Background(), fill); err != nil {
			t.Fatal(err)
		}
		x[i] = make([]float64, m.Len())
		for j := range x[i] {
			x[i][j] = float64(j%7) - 3
		}
		m.Solve(x[i])
	}
	for j := range x[0] {
		if math.Float64bits(x[0][j]) != math.Float64bits(x[1][j]) {
			t.Fatalf("x[%d]: %v with one goroutine, %v with two", j, x[0][j], x[1][j])
		}
	}
}

func TestNotPositive(t *testing.T) {
	sizes, coupled := []int{2, 3, 3, 3, 2}, []int{0, 2, 2, 2, 2}
	for bad := range sizes {
		_, fill := random(rand.New(rand.NewSource(5)), sizes, coupled)
		m := New(Double{}, sizes, coupled)
		m.Split = true
		err := m.Factor(context.Background(), func(t int, d, b Dense[float64]) {
			fill(t, d, b)
			if t == bad {
				d.Data[0] = -1
			}
		})
		var not *NotPositiveError
		if !errors.As(err, &not) || not.Block != bad {
			t.Errorf("block %d made negative: got %v", bad, err)
		}
	}
}

func TestFactorObeysContext(t *testing.T) {
	sizes, coupled := []int{2, 3, 3, 3, 2}, []int{0, 2, 2, 2, 2}
	for _, split := range []bool{false, true} {
		_, fill := random(rand.New(rand.NewSource(5)), sizes, coupled)
		ctx, cancel := context.WithCancel(context.Background())
		m := New(Double{}, sizes, coupled)
		m.Split = split
		cancel()
		if err := m.Factor(ctx, fill); !errors.Is(err, context.Canceled) {
			t.Errorf("split %v: got %v", split, err)
		}
	}
}

// BenchmarkFactor is the linear algebra of one LM iteration at the paper's size.
func BenchmarkFactor(b *testing.B) {
	for _, split := range []bool{false, true} {
		b.Run(fmt.Sprintf("50x234/split=%v", split), func(b *testing.B) {
			sizes, coupled := make([]int, 50), make([]int, 50)
			for t := range sizes {
				sizes[t], coupled[t] = 234, 230
			}
			m := New(Double{}, sizes, coupled)
			m.Split = split
			fill := func(t int, d, s Dense[float64]) {
				for i := range d.Rows {
					for j := range i {
						d.Data[i*d.Stride+j] = 0.01
					}
					d.Data[i*d.Stride+i] = 10
				}
				for i := range s.Data {
					s.Data[i] = 0.01
				}
			}
			for b.Loop() {
				if err := m.Factor(context.Background(), fill); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
