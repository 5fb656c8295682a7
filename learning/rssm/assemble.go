package rssm

import (
	"fmt"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/graph"
)

// assemble puts the blocks of n Jacobians from the workspace into out. gh and
// keep are sums over k rows: the diagonals of ∂h′/∂h (of a GRU that resets before
// its product gᶻ, b, gⁿ and z).
func (m *Model) assemble(n, k int, gh, keep device.Mat, out blocks) error {
	c := &m.config
	s, d, x := c.Stoch, c.Deter, c.Stoch+m.act
	j := &m.jac
	sizes := []int{n * s * d, n * s * x, n * x * d, n * 3 * d, n * d}
	host := m.stage(sizes[0] + sizes[1] + sizes[2] + sizes[3] + sizes[4])
	part := make([][]float32, len(sizes))
	for i, src := range []device.Mat{j.stochDeter, j.stochIn, j.deterIn, gh, keep} {
		part[i], host = host[:sizes[i]], host[sizes[i]:]
		if err := m.dev.Download(part[i], src.Buffer); err != nil {
			return fmt.Errorf("world model, Jacobians: %w", err)
		}
	}
	z := s + d
	w := 1 / float64(k)
	for i := range n {
		stochDeter, stochIn := part[0][i*s*d:(i+1)*s*d], part[1][i*s*x:(i+1)*s*x]
		deterIn := part[2][i*x*d : (i+1)*x*d]
		if out.dz != nil {
			dz := out.dz[i*z*z : (i+1)*z*z]
			for r := range s {
				widen(dz[r*z:r*z+s], stochIn[r*x:r*x+s])
				widen(dz[r*z+s:(r+1)*z], stochDeter[r*d:(r+1)*d])
			}
			scatter(dz[s*z:], z, deterIn[:s*d], d)
			diagonals, kept := part[3][i*3*d:(i+1)*3*d], part[4][i*d:(i+1)*d]
			if m.shape.Dynamics == graph.ResetAfter {
				m.deterDeter(dz[s*z:], w, diagonals, kept)
			} else if err := m.resetDeterDeter(dz[s*z:], i, k, diagonals[:d], kept); err != nil {
				return err
			}
		}
		if out.da != nil {
			da := out.da[i*z*m.act : (i+1)*z*m.act]
			for r := range s {
				widen(da[r*m.act:(r+1)*m.act], stochIn[r*x+s:(r+1)*x])
			}
			scatter(da[s*m.act:], m.act, deterIn[s*d:], d)
		}
	}
	return nil
}

// deterDeter fills the columns of h in the rows of h′ (dz, row stride Z):
// w·(diag(keep) + Σ_k diag(gh_k)·U_k).
func (m *Model) deterDeter(dz []float64, w float64, gh, keep []float32) {
	s, d := m.config.Stoch, m.config.Deter
	z := s + d
	for r := range d {
		g0, g1, g2 := float32(w)*gh[r], float32(w)*gh[d+r], float32(w)*gh[2*d+r]
		u0 := m.recurT[r*d : (r+1)*d]
		u1 := m.recurT[(d+r)*d : (d+r+1)*d]
		u2 := m.recurT[(2*d+r)*d : (2*d+r+1)*d]
		row := dz[r*z+s : (r+1)*z]
		for i, v := range u0 {
			row[i] = float64(g0*v + g1*u1[i] + g2*u2[i])
		}
		row[r] += w * float64(keep[r])
	}
}

func widen(dst []float64, src []float32) {
	for i, v := range src {
		dst[i] = float64(v)
	}
}

// scatter writes the transpose of src (rows of d) to dst, whose rows are stride
// apart.
func scatter(dst []float64, stride int, src []float32, d int) {
	for i := 0; i*d < len(src); i++ {
		for r, v := range src[i*d : (i+1)*d] {
			dst[r*stride+i] = float64(v)
		}
	}
}
