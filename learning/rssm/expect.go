package rssm

import (
	"fmt"

	"github.com/latco-studio/latco/learning/device"
)

// expectation is the workspace of expected rewards: Gaussians of features come in,
// means over their samples go out.
type expectation struct {
	arena
	groups, k int
	state     parcel        // groups×Z of mean, ×Z of std
	values    parcel        // groups×Z of dcost, groups of cost, of reward
	raw, draw device.Mat    // groups·k×2: r and −r; the gradient with respect to them
	r, cost   device.Mat    // groups·k×1
	dcost     device.Mat    // groups·k×1: −1/k
	ones      device.Buffer // Z
	minus     device.Buffer // 1: −1
	shares    device.Buffer // k times 1/k
}

func (m *Model) reserveExpectation(groups, k int) error {
	e, w := &m.expectation, m.config.Feature()
	if groups <= e.groups && k == e.k {
		return nil
	}
	e.free()
	n := groups * k
	e.state, e.values = e.parcel(groups*w, groups*w), e.parcel(groups*w, groups, groups)
	e.raw, e.draw = e.mat(n, 2), e.mat(n, 2)
	e.r, e.cost, e.dcost = e.mat(n, 1), e.mat(n, 1), e.mat(n, 1)
	e.ones, e.minus, e.shares = e.buffer(w), e.buffer(1), e.buffer(k)
	e.groups, e.k = groups, k
	if err := e.err; err != nil {
		e.free()
		e.groups = 0
		return fmt.Errorf("world model, rewards of %d Gaussians by %d samples: %w", groups, k, err)
	}
	m.dev.Fill(e.ones, 1)
	m.dev.Fill(e.minus, -1)
	m.dev.Fill(e.shares, 1/float32(k))
	m.dev.Fill(e.dcost.Buffer, -1/float32(k))
	return nil
}

// ExpectRewards draws k samples z = mean + std∘ε for each of n rows (mean, std: n×Z)
// and fills reward (n) with the mean of r(z), cost (n) with the mean of softplus(−r(z))
// and dcost (n×Z) with the gradient of cost with respect to mean at fixed noise
// (Gaussian LatCo, Eq. 5). Row i has the noise of number first+i in a stream of seed.
func (m *Model) ExpectRewards(n, k int, mean, std, reward, cost, dcost []float64, seed uint64, first int) error {
	w := m.config.Feature()
	if k < 1 {
		return fmt.Errorf("world model: expected rewards of %d samples", k)
	}
	if err := firstError(
		need("mean", len(mean), n*w), need("std", len(std), n*w),
		need("reward", len(reward), n), need("cost", len(cost), n), need("dcost", len(dcost), n*w),
	); err != nil {
		return err
	}
	groups := min(n, max(1, m.together(n*k)/k))
	if err := firstError(m.reserve(groups*k), m.reserveHead(groups*k), m.reserveExpectation(groups, k)); err != nil {
		return err
	}
	e := &m.expectation
	for lo := 0; lo < n; lo += groups {
		hi := min(n, lo+groups)
		e.state.put(0, mean[lo*w:hi*w])
		e.state.put(1, std[lo*w:hi*w])
		if err := e.state.send(m.dev); err != nil {
			return err
		}
		m.expectRewards(hi-lo, seed, first+lo)
		if err := e.values.receive(m.dev); err != nil {
			return err
		}
		e.values.get(0, dcost[lo*w:hi*w])
		e.values.get(1, cost[lo:hi])
		e.values.get(2, reward[lo:hi])
	}
	return m.dev.Sync()
}

// expectRewards fills values of the Gaussians in state. Softplus and its slope are
// those of a Gaussian's standard deviation.
func (m *Model) expectRewards(groups int, seed uint64, row int) {
	dev, e, w := m.dev, &m.expectation, m.config.Feature()
	n := groups * e.k
	part := func(p *parcel, i, cols int) device.Mat { return p.part(i).Slice(0, groups*cols).Mat(groups, cols) }
	z := first(m.step.z, n)
	dev.Normals(seed, 2, row*e.k, z)
	dev.MulRows(z, part(&e.state, 1, w), 0, z)
	dev.MulRows(e.ones.Mat(1, w), part(&e.state, 0, w), 1, z)

	r, raw, cost, draw := m.rewards(z), first(e.raw, n), first(e.cost, n), first(e.draw, n)
	dev.CopyMat(raw.ColRange(0, 1), r)
	dev.MulRows(r, e.minus.Mat(1, 1), 0, raw.ColRange(1, 2))
	dev.Normal(raw, 0, device.Mat{}, first(e.r, n), cost, device.Mat{})
	dev.NormalBackward(raw, device.Mat{}, device.Mat{}, first(e.dcost, n), device.Mat{}, draw)

	mean := func(x device.Mat, dst device.Mat) {
		dev.Gemm(false, false, 1, x.Slice(0, n).Mat(groups, e.k), e.shares.Mat(e.k, 1), 0, dst)
	}
	mean(cost, part(&e.values, 1, 1))
	mean(r, part(&e.values, 2, 1))
	dcost := part(&e.values, 0, w)
	dz := dcost
	if e.k > 1 {
		dz = first(m.head.dz, n)
	}
	m.rewardGradient(draw.ColRange(1, 2), dz)
	m.groupSums(groups, e.k, dz, dcost)
}
