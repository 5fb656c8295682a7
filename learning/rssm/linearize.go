package rssm

import (
	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/graph"
)

const (
	// jacobians is the number of transitions linearised together on a CPU.
	jacobians = 64
	// jacobianMemory bounds what those together take elsewhere, in bytes.
	jacobianMemory = 512 << 20
)

// LinearizeBatch is the number of transitions to linearise in one call.
func (m *Model) LinearizeBatch() int {
	if m.onHost {
		return jacobians
	}
	return max(jacobians, min(1024, jacobianMemory/(4*m.jacobianNumbers())))
}

// jacobianNumbers is about what reserveDerivatives takes for a row.
func (m *Model) jacobianNumbers() int {
	c := &m.config
	s, d, h, x := c.Stoch, c.deter(), c.Hidden, c.Stoch+m.act
	if d == 0 {
		return x*(2*h+3*s) + 4*(h+s)
	}
	return x*(h+5*d+s) + s*(2*s+4*h+11*d) + 15*d + 4*h
}

// Linearize evaluates the mean transition [prior mean, next deter] at n pairs
// z (n×Z), a (n×A): next (n×Z) and, unless nil, dz (n×Z×Z, ∂next/∂z) and
// da (n×Z×A).
func (m *Model) Linearize(n int, z, a, next, dz, da []float64) error {
	w := m.config.Feature()
	if err := firstError(
		need("z", len(z), n*w), need("a", len(a), n*m.act), need("next", len(next), n*w),
		needOrNil("dz", dz, n*w*w), needOrNil("da", da, n*w*m.act),
	); err != nil {
		return err
	}
	rows := m.LinearizeBatch()
	for lo := 0; lo < n; lo += rows {
		hi := min(n, lo+rows)
		out := blocks{next: next[lo*w : hi*w], dz: cut(dz, lo*w*w, hi*w*w), da: cut(da, lo*w*m.act, hi*w*m.act)}
		if err := m.linearize(hi-lo, z[lo*w:hi*w], a[lo*m.act:hi*m.act], out); err != nil {
			return err
		}
	}
	return nil
}

// blocks are the caller's arrays for one chunk.
type blocks struct{ next, dz, da []float64 }

func cut(v []float64, lo, hi int) []float64 {
	if v == nil {
		return nil
	}
	return v[lo:hi]
}

func needOrNil(argument string, v []float64, want int) error {
	if v == nil {
		return nil
	}
	return need(argument, len(v), want)
}

func (m *Model) linearize(n int, z, a []float64, out blocks) error {
	rows := max(n, jacobians)
	if err := firstError(m.reserve(rows), m.reserveDerivatives(rows)); err != nil {
		return err
	}
	t := &m.step
	if err := firstError(m.upload(t.z.Buffer, z), m.upload(t.action.Buffer, a)); err != nil {
		return err
	}
	at := first(t.z, n)
	m.predict(n, at, first(t.action, n), device.Mat{}, first(t.next, n))
	if err := m.download(out.next, t.next.Buffer); err != nil {
		return err
	}
	switch {
	case out.dz == nil && out.da == nil:
	case !m.shape.Dynamics.Recurrent():
		if err := m.pushForward(n, 1, device.Mat{}, out); err != nil {
			return err
		}
	default:
		m.derivatives(n, at)
		m.stochRows(n, 1, device.Mat{})
		m.deterRows(n)
		if err := m.assemble(n, 1, m.deterDiagonals(), m.jac.keep, out); err != nil {
			return err
		}
	}
	return m.dev.Sync()
}

// reserveDerivatives makes room for Jacobians at rows points.
func (m *Model) reserveDerivatives(rows int) error {
	if m.shape.Dynamics.Recurrent() {
		return m.reserveJacobian(rows)
	}
	return m.reserveTangents(rows)
}

// deterDiagonals are the diagonals in ∂h′/∂h.
func (m *Model) deterDiagonals() device.Mat {
	if m.shape.Dynamics == graph.ResetBefore {
		return m.jac.gx
	}
	return m.jac.gh
}

// deterRows fills deterIn: the columns of ∂h′/∂x, forward through the layers.
func (m *Model) deterRows(n int) {
	dev, j, d, x := m.dev, &m.jac, m.config.Deter, m.config.Stoch+m.act
	in, gates, out := first(j.inputs, n*x), first(j.inGates, n*x), first(j.deterIn, n*x)
	dev.MulRows(m.core.In, first(j.in, n), 0, in)
	dev.Gemm(false, false, 1, in, m.core.Gate, 0, gates)
	if m.shape.Dynamics == graph.ResetBefore {
		m.forwardThroughReset(n, gates, out)
		return
	}
	gx, beta := first(j.gx, n), float32(0)
	for g := 0; g < 3*d; g += d {
		dev.MulRows(gates.ColRange(g, g+d), gx.ColRange(g, g+d), beta, out)
		beta = 1
	}
}
