package purego

import (
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"github.com/latco-studio/latco/learning/device"
)

var _ device.Chain = (*Device)(nil)

// ChainWork is none: work is on the Go heap.
func (*Device) ChainWork(device.ChainShape) int { return 0 }

// SolveChains solves every system in float64, by eliminating block after block.
func (*Device) SolveChains(s device.ChainShape, y device.ChainSystem, _, step, corrected device.Buffer) {
	y.Check(s, step, corrected)
	for p := range s.Plans {
		c := chainOf(s, y, p)
		x, size := make([]float64, s.Unknowns()), math.NaN()
		if c.factor() {
			x = c.solve(c.rest(x))
			dx := c.solve(c.rest(x))
			size = floats.Norm(dx, 2)
			if size != 0 {
				size /= floats.Norm(x, 2)
			}
			floats.Add(x, dx)
		}
		corrected.Host[p] = float32(size)
		for i, v := range x {
			step.Host[p*len(x)+i] = float32(v)
		}
	}
}

// chain is one plan's system in float64.
type chain struct {
	device.ChainShape
	jacobian                    []*mat.Dense // H of Z×n_t, n_t unknowns in block t
	defect, excess, cost, slope []float64
	dyn, act                    []float64
	kappa, damping              float64
	first                       []int // of every block, and behind the last
	pivot                       []mat.Cholesky
	gain                        []*mat.Dense // n_t×Z: what block t passes on to z_{t+1}
}

func chainOf(s device.ChainShape, y device.ChainSystem, p int) *chain {
	share := func(b device.Buffer) []float64 {
		n := b.Len / s.Plans
		wide := make([]float64, n)
		for i, v := range b.Host[p*n : (p+1)*n] {
			wide[i] = float64(v)
		}
		return wide
	}
	h, z, n := s.Horizon, s.Latent, s.Action+s.Latent
	c := &chain{
		ChainShape: s, defect: share(y.Defect), excess: share(y.Excess), cost: share(y.Cost), slope: share(y.CostGradient),
		dyn: share(y.Dyn), act: share(y.Act), kappa: float64(y.Kappa.Host[p]), damping: float64(y.Damping),
		pivot: make([]mat.Cholesky, h+1), gain: make([]*mat.Dense, h),
	}
	all := share(y.Jacobian)
	for t := range h {
		block := mat.NewDense(z, n, all[t*z*n:(t+1)*z*n])
		if t == 0 { // z_0 is given
			block = block.Slice(0, z, 0, s.Action).(*mat.Dense)
		}
		c.jacobian = append(c.jacobian, block)
		c.first = append(c.first, max(0, t*n-z))
	}
	c.first = append(c.first, h*n-z, h*n)
	return c
}

// block is what a vector has for block t.
func (c *chain) block(x []float64, t int) *mat.VecDense {
	return mat.NewVecDense(c.first[t+1]-c.first[t], x[c.first[t]:c.first[t+1]])
}

// latent is what it has for z_t, t > 0.
func (c *chain) latent(x []float64, t int) *mat.VecDense {
	return mat.NewVecDense(c.Latent, x[c.first[t+1]-c.Latent:c.first[t+1]])
}

// rest is 2Jᵀ(ρ − Jx) − δx.
func (c *chain) rest(x []float64) []float64 {
	r := make([]float64, len(x))
	floats.AddScaled(r, -c.damping, x)
	e := mat.NewVecDense(c.Latent, nil)
	for t, j := range c.jacobian {
		// e = z_{t+1} − μ less what x makes of it.
		e.MulVec(j, c.block(x, t))
		e.AddScaledVec(e, -1, c.latent(x, t+1))
		e.AddVec(e, mat.NewVecDense(c.Latent, c.defect[t*c.Latent:(t+1)*c.Latent]))
		w, v, k := 2*c.dyn[t]*c.dyn[t], 2*c.act[t]*c.act[t], 2*c.kappa*c.kappa
		var back mat.VecDense
		back.MulVec(j.T(), e)
		here, next := c.block(r, t), c.latent(r, t+1)
		here.AddScaledVec(here, -w, &back)
		next.AddScaledVec(next, w, e)
		for i := range c.Action {
			if over := c.excess[t*c.Action+i]; over != 0 {
				here.SetVec(i, here.AtVec(i)+v*(over-c.block(x, t).AtVec(i)))
			}
		}
		q := mat.NewVecDense(c.Latent, c.slope[t*c.Latent:(t+1)*c.Latent])
		next.AddScaledVec(next, k*(c.cost[t]-mat.Dot(q, c.latent(x, t+1))), q)
	}
	return r
}

// factor eliminates block after block; false: the system is not positive definite.
func (c *chain) factor() bool {
	for t := range c.pivot {
		d := c.diagonal(t)
		if t > 0 { // less what block t−1 leaves: Cᵀ·pivot⁻¹·C in the columns of z_t
			var left mat.Dense
			left.Mul(c.gain[t-1].T(), c.coupling(t-1))
			skip := d.SymmetricDim() - c.Latent
			for i := range c.Latent {
				for j := i; j < c.Latent; j++ {
					d.SetSym(skip+i, skip+j, d.At(skip+i, skip+j)-left.At(i, j))
				}
			}
		}
		if !c.pivot[t].Factorize(d) {
			return false
		}
		if t < c.Horizon {
			c.gain[t] = new(mat.Dense)
			// A badly conditioned block is an error here; corrected says so, too.
			_ = c.pivot[t].SolveTo(c.gain[t], c.coupling(t))
		}
	}
	return true
}

// coupling is the part of 2JᵀJ between block t (rows) and z_{t+1} (columns).
func (c *chain) coupling(t int) mat.Matrix {
	var b mat.Dense
	b.Scale(-2*c.dyn[t]*c.dyn[t], c.jacobian[t].T())
	return &b
}

// diagonal is block t of 2JᵀJ + δI.
func (c *chain) diagonal(t int) *mat.SymDense {
	d := mat.NewSymDense(c.first[t+1]-c.first[t], nil)
	if t < c.Horizon {
		d.SymOuterK(2*c.dyn[t]*c.dyn[t], c.jacobian[t].T())
		for i := range c.Action {
			if c.excess[t*c.Action+i] != 0 {
				d.SetSym(i, i, d.At(i, i)+2*c.act[t]*c.act[t])
			}
		}
	}
	n := d.SymmetricDim()
	for i := range n {
		d.SetSym(i, i, d.At(i, i)+c.damping)
	}
	if t == 0 {
		return d
	}
	w, k, q := 2*c.dyn[t-1]*c.dyn[t-1], 2*c.kappa*c.kappa, c.slope[(t-1)*c.Latent:t*c.Latent]
	for i, skip := 0, n-c.Latent; i < c.Latent; i++ {
		d.SetSym(skip+i, skip+i, d.At(skip+i, skip+i)+w)
		for j := i; j < c.Latent; j++ {
			d.SetSym(skip+i, skip+j, d.At(skip+i, skip+j)+k*q[i]*q[j])
		}
	}
	return d
}

// solve is the system's solution for the right-hand side r.
func (c *chain) solve(r []float64) []float64 {
	for t := range c.Horizon {
		next := c.latent(r, t+1)
		var passed mat.VecDense
		passed.MulVec(c.gain[t].T(), c.block(r, t))
		next.SubVec(next, &passed)
	}
	x := make([]float64, len(r))
	for t := c.Horizon; t >= 0; t-- {
		here := c.block(x, t)
		_ = c.pivot[t].SolveVecTo(here, c.block(r, t)) // as in factor
		if t < c.Horizon {
			var passed mat.VecDense
			passed.MulVec(c.gain[t], c.latent(x, t+1))
			here.SubVec(here, &passed)
		}
	}
	return x
}
