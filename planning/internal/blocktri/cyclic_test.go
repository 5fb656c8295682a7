package blocktri

import (
	"context"
	"fmt"
	"math"
	"math/rand"
	"testing"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
)

// cyclic is the other way to eliminate a chain: every second block at once, then
// every second one of those left (cyclic reduction; as nested dissection orders
// it). All blocks of a level are independent, which a device with many
// multiprocessors can use; the price is that a block fills in towards both of its
// neighbours. It is here to be compared: BenchmarkElimination.
type cyclic struct {
	*Matrix[float64]
	levels [][]node
	root   int
}

// node is a block between its neighbours at its level, −1 where there is none.
// Couplings are H_{t,left} = [0; in], H_{right,t} = [0; out].
type node struct {
	t, left, right int
	in, out, fill  Dense[float64] // fill: H_{right,left}
}

func newCyclic(m *Matrix[float64]) *cyclic {
	c := &cyclic{Matrix: m}
	var list []int
	link := map[int]Dense[float64]{} // by the later block
	for t := range m.diag {
		list = append(list, t)
		if t > 0 {
			link[t] = m.sub[t-1]
		}
	}
	for len(list) > 1 {
		var level []node
		var kept []int
		for i, t := range list {
			if i%2 == 0 {
				kept = append(kept, t)
				continue
			}
			n := node{t: t, left: list[i-1], right: -1, in: link[t]}
			if i+1 < len(list) {
				n.right = list[i+1]
				n.out = link[n.right]
				cols := m.diag[n.left].Rows
				n.fill = Dense[float64]{n.out.Rows, cols, cols, make([]float64, n.out.Rows*cols)}
				link[n.right] = n.fill
			}
			level = append(level, n)
		}
		c.levels = append(c.levels, level)
		list = kept
	}
	return c
}

func (c *cyclic) Factor(fill Fill[float64]) bool {
	for t, d := range c.diag {
		var b Dense[float64]
		if t < len(c.sub) {
			b = c.sub[t]
		}
		fill(t, d, b)
	}
	for _, level := range c.levels {
		for _, n := range level {
			if !c.alg.potrf(c.diag[n.t]) {
				return false
			}
			c.alg.trsmLeft(c.diag[n.t].last(n.in.Rows), n.in)
			if n.right >= 0 {
				c.alg.trsmRight(c.diag[n.t], n.out)
			}
		}
		for _, n := range level {
			c.alg.Syrk(true, -1, n.in, 1, c.diag[n.left])
			if n.right < 0 {
				continue
			}
			c.alg.Syrk(false, -1, n.out, 1, c.diag[n.right].last(n.out.Rows))
			tail := n.out
			tail.Cols, tail.Data = n.in.Rows, tail.Data[n.out.Cols-n.in.Rows:]
			blas64.Gemm(blas.NoTrans, blas.NoTrans, -1, general64(tail), general64(n.in), 0, general64(n.fill))
		}
	}
	return c.alg.potrf(c.diag[c.root])
}

func (c *cyclic) Solve(b []float64) {
	end := func(t, r int) []float64 { return b[c.first[t+1]-r : c.first[t+1]] }
	for _, level := range c.levels {
		for _, n := range level {
			c.alg.trsv(false, c.diag[n.t], c.block(b, n.t))
			c.alg.gemv(true, n.in, end(n.t, n.in.Rows), c.block(b, n.left))
			if n.right >= 0 {
				c.alg.gemv(false, n.out, c.block(b, n.t), end(n.right, n.out.Rows))
			}
		}
	}
	c.alg.trsv(false, c.diag[c.root], c.block(b, c.root))
	c.alg.trsv(true, c.diag[c.root], c.block(b, c.root))
	for i := len(c.levels) - 1; i >= 0; i-- {
		for _, n := range c.levels[i] {
			c.alg.gemv(false, n.in, c.block(b, n.left), end(n.t, n.in.Rows))
			if n.right >= 0 {
				c.alg.gemv(true, n.out, end(n.right, n.out.Rows), c.block(b, n.t))
			}
			c.alg.trsv(true, c.diag[n.t], c.block(b, n.t))
		}
	}
}

// chain has the shape of LatCo's system.
func chain(h, z, a int) (sizes, coupled []int) {
	sizes, coupled = make([]int, h+1), make([]int, h+1)
	for t := range sizes {
		sizes[t], coupled[t] = a+z, z
	}
	sizes[0], sizes[h] = a, z
	return sizes, coupled
}

// Both orders solve the same system.
func TestCyclicReductionAgrees(t *testing.T) {
	for _, h := range []int{1, 2, 3, 7, 8, 30} {
		sizes, coupled := chain(h, 12, 3)
		_, fill := random(rand.New(rand.NewSource(1)), sizes, coupled)
		m, c := New(Double{}, sizes, coupled), newCyclic(New(Double{}, sizes, coupled))
		if err := m.Factor(context.Background(), fill); err != nil || !c.Factor(fill) {
			t.Fatal(err)
		}
		x, y := make([]float64, m.Len()), make([]float64, m.Len())
		for i := range x {
			x[i] = math.Sin(float64(i))
			y[i] = x[i]
		}
		m.Solve(x)
		c.Solve(y)
		for i := range x {
			if math.Abs(x[i]-y[i]) > 1e-12 {
				t.Fatalf("H = %d: x[%d] = %g, by cyclic reduction %g", h, i, x[i], y[i])
			}
		}
	}
}

// remembered fills with copies of what fill writes.
func remembered(m *Matrix[float64], fill Fill[float64]) Fill[float64] {
	for t, d := range m.diag {
		var b Dense[float64]
		if t < len(m.sub) {
			b = m.sub[t]
		}
		fill(t, d, b)
	}
	return func(t int, d, b Dense[float64]) {
		copy(d.Data, m.diag[t].Data)
		if t < len(m.sub) {
			copy(b.Data, m.sub[t].Data)
		}
	}
}

// BenchmarkElimination factors and solves LatCo's system in both orders on one
// thread.
func BenchmarkElimination(b *testing.B) {
	for _, z := range []int{80, 230} {
		sizes, coupled := chain(30, z, 4)
		_, fill := random(rand.New(rand.NewSource(1)), sizes, coupled)
		m, c := New(Double{}, sizes, coupled), newCyclic(New(Double{}, sizes, coupled))
		fill = remembered(New(Double{}, sizes, coupled), fill)
		x := make([]float64, m.Len())
		b.Run(fmt.Sprintf("both-ends/%d", z+4), func(b *testing.B) {
			for b.Loop() {
				if err := m.Factor(context.Background(), fill); err != nil {
					b.Fatal(err)
				}
				m.Solve(x)
			}
		})
		b.Run(fmt.Sprintf("cyclic/%d", z+4), func(b *testing.B) {
			for b.Loop() {
				c.Factor(fill)
				c.Solve(x)
			}
		})
	}
}
