package planning

import (
	"context"
	"math"

	"github.com/latco-studio/latco/planning/internal/blocktri"
)

// system is the normal equations 2JᵀJ + δI of a step in one precision.
type system[T blocktri.Real] struct {
	*blocktri.Matrix[T]
	alg blocktri.Algebra[T]
	q   []T // H×Z: gradients of the rewards' costs
}

func newSystem[T blocktri.Real](alg blocktri.Algebra[T], s shape) *system[T] {
	y := &system[T]{Matrix: blocktri.New(alg, s.sizes, s.coupled), alg: alg, q: make([]T, s.h*s.z)}
	y.Split = s.split
	return y
}

// factor forms the system of tr with the weights of s and factors it.
func (y *system[T]) factor(ctx context.Context, s *stepper, tr *trajectory) error {
	for i, v := range tr.dcost {
		y.q[i] = T(v)
	}
	return y.Factor(ctx, func(t int, d, b blocktri.Dense[T]) { y.fill(s, tr, t, d, b) })
}

// fill writes block t of 2JᵀJ + δI and its coupling with block t+1.
func (y *system[T]) fill(s *stepper, tr *trajectory, t int, d, b blocktri.Dense[T]) {
	if t < tr.h {
		// b = √2 w [∂μ/∂a ∂μ/∂z]: d = bᵀb, then b becomes the coupling −2w² […].
		c := T(math.Sqrt2 * s.dyn[t])
		transition(tr, t, c, b)
		y.alg.Syrk(true, 1, b, 0, d)
		for i := range b.Data {
			b.Data[i] *= -c
		}
	} else {
		clear(d.Data)
	}
	for i := range d.Rows {
		d.Data[i*d.Stride+i] += T(s.damping)
	}
	skip := 0
	if t < tr.h {
		skip = tr.adim
		for i, a := range tr.action(t) {
			if math.Abs(a) > 1 {
				d.Data[i*d.Stride+i] += T(2 * s.act[t] * s.act[t])
			}
		}
	}
	if t == 0 {
		return
	}
	for i := skip; i < d.Rows; i++ {
		d.Data[i*d.Stride+i] += T(2 * s.dyn[t-1] * s.dyn[t-1])
	}
	z := tr.zdim
	zz := blocktri.Dense[T]{Rows: z, Cols: z, Stride: d.Stride, Data: d.Data[skip*d.Stride+skip:]}
	y.alg.Syr(T(2*s.kappa*s.kappa), y.q[(t-1)*z:t*z], zz)
}

// transition writes c·[∂μ/∂a ∂μ/∂z] of step t into b; without the second part
// for t = 0, whose z is given.
func transition[T blocktri.Real](tr *trajectory, t int, c T, b blocktri.Dense[T]) {
	z, a := tr.zdim, tr.adim
	da, dz := tr.da[t*z*a:], tr.dz[t*z*z:]
	for i := range z {
		row := b.Data[i*b.Stride : i*b.Stride+b.Cols]
		for j, v := range da[i*a : (i+1)*a] {
			row[j] = c * T(v)
		}
		for j := a; j < len(row); j++ {
			row[j] = c * T(dz[i*z+j-a])
		}
	}
}
