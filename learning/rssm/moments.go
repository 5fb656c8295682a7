package rssm

import (
	"fmt"
	"math"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/graph"
)

// LinearizeMoments pushes k samples z = mean + std∘ε of each of n rows (mean,
// std: n×Z; a: n×A) through the sampled dynamics and fills nextMean, nextStd
// (n×Z: mean and population standard deviation over the samples) and, unless
// nil, dz (n×Z×Z) and da (n×Z×A): the Jacobians of nextMean with respect to mean
// and a at fixed noise, std held constant (Gaussian LatCo, section 3.4 and appendix C). Row i has the
// noise of number first+i in the streams of seed.
func (m *Model) LinearizeMoments(n, k int, mean, std, a, nextMean, nextStd, dz, da []float64, seed uint64, first int) error {
	w := m.config.Feature()
	if k < 1 {
		return fmt.Errorf("world model: moments of %d samples", k)
	}
	if err := firstError(
		need("mean", len(mean), n*w), need("std", len(std), n*w), need("a", len(a), n*m.act),
		need("nextMean", len(nextMean), n*w), need("nextStd", len(nextStd), n*w),
		needOrNil("dz", dz, n*w*w), needOrNil("da", da, n*w*m.act),
	); err != nil {
		return err
	}
	groups := min(n, max(1, 2*m.LinearizeBatch()/k))
	if err := firstError(m.reserve(groups*k), m.reserveDerivatives(groups*k), m.reserveClouds(groups)); err != nil {
		return err
	}
	for lo := 0; lo < n; lo += groups {
		hi := min(n, lo+groups)
		c := cloud{seed: seed, row: (first + lo) * k, k: k, mean: mean[lo*w : hi*w], std: std[lo*w : hi*w], a: a[lo*m.act : hi*m.act], nextStd: nextStd[lo*w : hi*w]}
		out := blocks{next: nextMean[lo*w : hi*w], dz: cut(dz, lo*w*w, hi*w*w), da: cut(da, lo*w*m.act, hi*w*m.act)}
		if err := m.moments(hi-lo, c, out); err != nil {
			return err
		}
	}
	return nil
}

// cloud is one chunk's Gaussians.
type cloud struct {
	seed         uint64 // of stream 0, the samples, and stream 1, their transitions
	row          int    // of the first sample
	k            int
	mean, std, a []float64 // groups×Z, Z, A
	nextStd      []float64 // groups×Z
}

// clouds is the workspace of the Gaussians that are sampled together.
type clouds struct {
	arena
	groups            int
	mean, std, action device.Mat // groups×Z, Z, A
	ones              device.Mat // 1×max(Z, A)
	mixed, gates      device.Mat // groups·Hidden×3·Deter, Deter, of ResetAfter not on the host
}

func (m *Model) reserveClouds(groups int) error {
	c, w := &m.clouds, m.config.Feature()
	if groups <= c.groups {
		return nil
	}
	c.free()
	c.mean, c.std, c.action = c.mat(groups, w), c.mat(groups, w), c.mat(groups, m.act)
	c.ones = c.mat(1, max(w, m.act))
	if m.shape.Dynamics == graph.ResetAfter && !m.onHost {
		c.mixed, c.gates = c.mat(groups*m.config.Hidden, 3*m.config.Deter), c.mat(groups*m.config.Hidden, m.config.Deter)
	}
	c.groups = groups
	m.laid++
	if err := c.err; err != nil {
		c.free()
		c.groups = 0
		return fmt.Errorf("world model, %d Gaussians: %w", groups, err)
	}
	m.dev.Fill(c.ones.Buffer, 1)
	return nil
}

func (m *Model) moments(groups int, c cloud, out blocks) error {
	t, n := &m.step, groups*c.k
	if err := m.sample(groups, c); err != nil {
		return err
	}
	var eps device.Mat
	if m.config.samples() {
		eps = first(t.eps, n)
		m.dev.Normals(c.seed, 1, c.row, eps)
	}
	z := first(t.z, n)
	m.predict(n, z, first(t.action, n), eps, first(t.next, n))
	if err := m.statistics(groups, c, out.next); err != nil {
		return err
	}
	switch {
	case out.dz == nil && out.da == nil:
	case !m.shape.Dynamics.Recurrent():
		if err := m.pushForward(groups, c.k, eps, out); err != nil {
			return err
		}
	default:
		gh, keep := m.meanParts(groups, c.k, eps)
		if err := m.assemble(groups, c.k, gh, keep, out); err != nil {
			return err
		}
	}
	return m.dev.Sync()
}

// meanParts fills the parts of the mean Jacobians of groups of k predictions in the
// workspace, and returns sums over the groups of the diagonals of ∂h′/∂h.
func (m *Model) meanParts(groups, k int, eps device.Mat) (gates, keep device.Mat) {
	n := groups * k
	m.derivatives(n, first(m.step.z, n))
	m.stochRows(groups, k, eps)
	if m.shape.Dynamics == graph.ResetBefore {
		m.deterRows(n)
		m.meanDeterIn(groups, k)
	} else {
		m.meanDeterRows(groups, k)
	}
	sums := m.groupSums
	if m.shape.Dynamics == graph.ResetBefore {
		sums = m.columnSums // what goes through the reset wants the diagonals as they are
	}
	return sums(groups, k, m.deterDiagonals(), first(m.jac.meanGh, groups)),
		m.groupSums(groups, k, m.jac.keep, first(m.jac.meanKeep, groups))
}

// sample draws the chunk's features and gives every one its group's action.
func (m *Model) sample(groups int, c cloud) error {
	w, o, n := m.config.Feature(), &m.clouds, groups*c.k
	if err := firstError(
		m.upload(o.mean.Buffer, c.mean), m.upload(o.std.Buffer, c.std), m.upload(o.action.Buffer, c.a),
	); err != nil {
		return err
	}
	z := first(m.step.z, n)
	m.dev.Normals(c.seed, 0, c.row, z)
	m.dev.MulRows(z, first(o.std, groups), 0, z)
	m.dev.MulRows(o.ones.ColRange(0, w), first(o.mean, groups), 1, z)
	m.dev.MulRows(o.ones.ColRange(0, m.act), first(o.action, groups), 0, first(m.step.action, n))
	return nil
}

// statistics reads the next features and fills mean and nextStd.
func (m *Model) statistics(groups int, c cloud, mean []float64) error {
	w := m.config.Feature()
	next := m.stage(groups * c.k * w)
	if err := m.dev.Download(next, m.step.next.Buffer); err != nil {
		return fmt.Errorf("world model: %w", err)
	}
	clear(mean)
	clear(c.nextStd)
	for i, v := range next {
		mean[i/(c.k*w)*w+i%w] += float64(v)
	}
	for i := range mean {
		mean[i] /= float64(c.k)
	}
	for i, v := range next {
		at := i/(c.k*w)*w + i%w
		e := float64(v) - mean[at]
		c.nextStd[at] += e * e
	}
	for i, v := range c.nextStd {
		c.nextStd[i] = math.Sqrt(v / float64(c.k))
	}
	return nil
}
