// Package blocktri factors and solves symmetric positive definite block
// tridiagonal systems, the normal equations of collocation (LatCo, Section 4:
// cost linear in the horizon).
//
// The chain is eliminated from both ends towards its middle block, so that two
// goroutines can share the work. The order of arithmetic does not depend on
// how many goroutines run: results are the same to the last bit.
//
// Another order was measured: cyclic reduction, whose blocks of a level do not
// wait for each other. At LatCo's sizes (30 steps, blocks of 84 and 234, OpenBLAS)
// it takes twice the processor's time, because blocks fill in towards both
// neighbours, and its five levels are as long as the chain's two halves on any
// number of cores. Choosing it by their number would also make plans depend on the
// machine. So on a CPU elimination from both ends is what is used for all sizes.
// Accelerators have reduction in kernels of their own (package device, Chain): on
// the lottery's model a step factored in single precision has
// a relative error up to 6e-4, and one plan of three ended elsewhere; with one
// refinement of the residual in double precision the error is below 5e-7 and all
// actions of 200 iterations are within 4e-4.
//
// All dense work goes through gonum's blas64 and lapack64; a program may
// install another implementation there.
package blocktri

import (
	"context"
	"fmt"
)

// Name says how systems are solved, for records.
const Name = "block Cholesky from both ends"

// Matrix is a symmetric matrix of T diagonal blocks D_t (n_t×n_t) whose block
// t+1 is coupled with block t in its last r_{t+1} rows only:
//
//	H_{t+1,t} = [0; B_t],  B_t: r_{t+1}×n_t.
//
// In collocation a block is [a_t, z_t] and the dynamics couple z_{t+1} alone.
type Matrix[T Real] struct {
	// Split lets Factor use two goroutines.
	Split bool

	alg   Algebra[T]
	diag  []Dense[T] // D_t; after Factor its Cholesky factor L_t, lower
	sub   []Dense[T] // B_t; after Factor the off-diagonal factor
	first []int      // offset of block t in a vector
	mid   int        // block where both eliminations meet
}

// NotPositiveError says at which block the matrix stopped being positive definite.
type NotPositiveError struct{ Block int }

func (e *NotPositiveError) Error() string {
	return fmt.Sprintf("normal equations are not positive definite at block %d", e.Block)
}

// New allocates a matrix of blocks of the given sizes (each ≥ 1); coupled[t]
// (1..sizes[t]) rows at the end of block t touch block t−1. coupled[0] is not used.
func New[T Real](alg Algebra[T], sizes, coupled []int) *Matrix[T] {
	if len(sizes) == 0 || len(coupled) != len(sizes) {
		panic("blocktri: sizes and coupled must have the same length ≥ 1")
	}
	m := &Matrix[T]{
		alg:   alg,
		diag:  make([]Dense[T], len(sizes)),
		sub:   make([]Dense[T], len(sizes)-1),
		first: make([]int, len(sizes)+1),
		mid:   len(sizes) / 2,
	}
	for t, n := range sizes {
		m.diag[t] = Dense[T]{n, n, n, make([]T, n*n)}
		m.first[t+1] = m.first[t] + n
		if t > 0 {
			m.sub[t-1] = Dense[T]{coupled[t], sizes[t-1], sizes[t-1], make([]T, coupled[t]*sizes[t-1])}
		}
	}
	return m
}

// Len is the number of unknowns, Σ n_t.
func (m *Matrix[T]) Len() int { return m.first[len(m.diag)] }

// Offset is where block t begins in a vector of Len unknowns.
func (m *Matrix[T]) Offset(t int) int { return m.first[t] }

// Fill writes block t: the lower triangle of d (what it holds before is
// arbitrary) and b = B_t, which has no rows for the last block.
type Fill[T Real] func(t int, d, b Dense[T])

// Factor forms the blocks with fill, each once, and computes their Cholesky
// factors in place. With Split fill runs on two goroutines at a time, for
// different t. Factor looks at ctx once a block and returns its error, or a
// *NotPositiveError.
func (m *Matrix[T]) Factor(ctx context.Context, fill Fill[T]) error {
	var back error
	if m.Split && len(m.diag) > 2 {
		done := make(chan struct{})
		go func() {
			defer close(done)
			back = m.eliminateBack(ctx, fill)
		}()
		front := m.eliminateFront(ctx, fill)
		<-done
		if front != nil {
			return front
		}
	} else {
		if err := m.eliminateFront(ctx, fill); err != nil {
			return err
		}
		back = m.eliminateBack(ctx, fill)
	}
	if back != nil {
		return back
	}
	return m.join()
}

// eliminateFront factors blocks 0..mid−1. What it owes to block mid is left to join.
func (m *Matrix[T]) eliminateFront(ctx context.Context, fill Fill[T]) error {
	for t := 0; t < m.mid; t++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		fill(t, m.diag[t], m.sub[t])
		if t > 0 {
			m.updateNext(t - 1)
		}
		if !m.alg.potrf(m.diag[t]) {
			return &NotPositiveError{t}
		}
		// W_t = B_t L_t⁻ᵀ
		m.alg.trsmRight(m.diag[t], m.sub[t])
	}
	return nil
}

// eliminateBack factors blocks T−1..mid+1 and fills mid.
func (m *Matrix[T]) eliminateBack(ctx context.Context, fill Fill[T]) error {
	last := len(m.diag) - 1
	for t := last; t >= m.mid; t-- {
		if err := ctx.Err(); err != nil {
			return err
		}
		var b Dense[T]
		if t < last {
			b = m.sub[t]
		}
		fill(t, m.diag[t], b)
		if t < last {
			if err := m.eliminateUp(t + 1); err != nil {
				return err
			}
		}
	}
	return nil
}

// eliminateUp factors block t and subtracts its share from block t−1:
// V = tail(L_t)⁻¹ B, D_{t−1} −= VᵀV. B's zero rows stay zero because they come first.
func (m *Matrix[T]) eliminateUp(t int) error {
	if !m.alg.potrf(m.diag[t]) {
		return &NotPositiveError{t}
	}
	v := m.sub[t-1]
	m.alg.trsmLeft(m.tail(t), v)
	m.alg.Syrk(true, -1, v, 1, m.diag[t-1])
	return nil
}

// updateNext subtracts block t's share from block t+1: tail(D_{t+1}) −= W_t W_tᵀ.
func (m *Matrix[T]) updateNext(t int) {
	m.alg.Syrk(false, -1, m.sub[t], 1, m.tail(t+1))
}

// join factors the middle block once both sides have come to it.
func (m *Matrix[T]) join() error {
	if m.mid > 0 {
		m.updateNext(m.mid - 1)
	}
	if !m.alg.potrf(m.diag[m.mid]) {
		return &NotPositiveError{m.mid}
	}
	return nil
}

// tail is the triangle of block t that couples with block t−1: its last rows.
func (m *Matrix[T]) tail(t int) Dense[T] { return m.diag[t].last(m.sub[t-1].Rows) }
