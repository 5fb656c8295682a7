package kernels

import (
	"fmt"

	"github.com/latco-studio/latco/learning/device"
)

var _ device.Chain = (*Math)(nil)

// The structs of chain.h.

type chainParams struct {
	jacobian, defect, excess, cost, slope, dyn, act, kappa                uint64
	stack, inverse, right, known, passed, x, first, miss, step, corrected uint64

	apart                          int64
	plans, horizon, latent, action int32
	n, wide, segments, ends        int32
	stage, tile                    int32
	damping                        float32
	_                              int32
}

type gruJacobianParams struct {
	stochDeter, stochIn, deterIn, gates, keep, recur, through view

	jacobian                    uint64
	stoch, deter, action, count int32
	scale                       float32
	_                           int32
}

// ChainWork: see device.Chain.
func (m *Math) ChainWork(s device.ChainShape) int {
	if s.Plans == 0 {
		return 0
	}
	l := layoutOf(s)
	return l.parts().total() + chainAlignment
}

// SolveChains: see device.Chain.
func (m *Math) SolveChains(s device.ChainShape, y device.ChainSystem, work, step, corrected device.Buffer) {
	y.Check(s, step, corrected)
	if s.Plans == 0 {
		return
	}
	l := layoutOf(s)
	parts := l.parts()
	atLeast("SolveChains", work, parts.total()+chainAlignment)
	p := chainParams{
		jacobian: start(y.Jacobian), defect: start(y.Defect), excess: start(y.Excess), cost: start(y.Cost), slope: start(y.CostGradient),
		dyn: start(y.Dyn), act: start(y.Act), kappa: start(y.Kappa), step: start(step), corrected: start(corrected), damping: y.Damping,
		plans: int32(s.Plans), horizon: int32(s.Horizon), latent: int32(s.Latent), action: int32(s.Action),
		n: int32(l.n), wide: int32(l.wide), segments: int32(l.segments()), ends: int32(l.ends),
	}
	at := uint64(work.Addr+4*chainAlignment-1) / (4 * chainAlignment) * (4 * chainAlignment)
	take := func(n int) uint64 {
		at += 4 * uint64(n)
		return at - 4*uint64(n)
	}
	p.stack, p.inverse = take(parts.stack), take(parts.inverse)
	p.known, p.passed = take(parts.known), take(parts.passed)
	right, first, x, miss := take(parts.right), take(parts.first), take(parts.x), take(parts.miss)

	// The right-hand sides are rows of what is factored, the solution is `first`.
	p.x, p.right, p.apart = first, p.stack+4*uint64(l.n*l.wide), int64(l.segments()*l.wide*l.wide)
	m.chainForm(&l, p)
	m.chainFactor(&l, p)
	m.chainBack(&l, p)
	// What it leaves is the right-hand side of its correction.
	p.first, p.miss, p.x, p.right, p.apart = first, miss, x, right, int64(l.wide)
	launch(m, chainMiss, Dim{uint32(ceil(s.Latent, 8)), uint32(s.Horizon), uint32(s.Plans)}, line(blockThreads), p)
	m.chainRest(&l, p)
	m.chainForward(&l, p)
	m.chainBack(&l, p)
	launch(m, chainFinish, line(s.Plans), line(blockThreads), p)
}

// grid is one of x blocks of threads for each of some blocks of every plan.
func (l *chainLayout) grid(x, blocks int) Dim {
	return Dim{uint32(x), uint32(blocks), uint32(l.Plans)}
}

// tilesOf is how many tiles of a size a block has, and its coupling with another.
func (l *chainLayout) tilesOf(t tile, coupled bool) int {
	across := ceil(l.wide, t.rows)
	n := across * (across + 1) / 2
	if coupled {
		n += across * across
	}
	return n
}

// chainForm writes the systems and their right-hand sides.
func (m *Math) chainForm(l *chainLayout, p chainParams) {
	launch(m, chainBlocks, l.grid(l.tilesOf(medium, false), l.blocks), line(medium.threads), p)
	launch(m, chainCouplings, l.grid(l.tiles*l.tiles, l.blocks), line(blockThreads), p)
	m.chainRest(l, p)
}

func (m *Math) chainRest(l *chainLayout, p chainParams) {
	launch(m, chainRest, l.grid(l.tiles, l.blocks), line(blockThreads), p)
}

// enough is how many blocks of threads with large tiles occupy a card as well as more
// of them with small ones, which share its multiprocessors.
const enough = 64

// chainFactor eliminates stage by stage, a launch a panel.
func (m *Math) chainFactor(l *chainLayout, p chainParams) {
	for stage := range l.stages() {
		p.stage = int32(stage)
		gone, kept := l.counts(stage)
		for tile := range l.tiles {
			p.tile = int32(tile)
			rows, kernel, each := l.rows(stage, tile), chainPanelShort, shortPanel
			if gone*l.Plans*ceil(rows, longPanel) >= enough {
				kernel, each = chainPanelLong, longPanel
			}
			launch(m, kernel, l.grid(max(1, ceil(rows, each)), gone), line(panelThreads), p)
		}
		if kept == 0 {
			continue
		}
		coupled := stage >= l.ends && kept > 1
		kernel, t := chainSchurSmall, small
		if l.tilesOf(medium, coupled)*kept*l.Plans >= enough {
			kernel, t = chainSchurMedium, medium
		}
		launch(m, kernel, l.grid(l.tilesOf(t, coupled), kept), line(t.threads), p)
	}
}

// chainForward substitutes forward. Where blocks are few, several blocks of threads
// divide what one passes on.
func (m *Math) chainForward(l *chainLayout, p chainParams) {
	for stage := range l.stages() {
		p.stage = int32(stage)
		gone, _ := l.counts(stage)
		parts := max(1, min(l.tiles, 2*enough/(gone*l.Plans)))
		launch(m, chainForward, l.grid(parts, gone), line(blockThreads), p)
	}
}

func (m *Math) chainBack(l *chainLayout, p chainParams) {
	for stage := l.stages() - 1; stage >= 0; stage-- {
		p.stage = int32(stage)
		gone, _ := l.counts(stage)
		launch(m, chainBack, l.grid(1, gone), line(blockThreads), p)
	}
}

// GRUJacobian: see device.Chain.
func (m *Math) GRUJacobian(n int, p device.GRUParts, jacobian device.Buffer) {
	s, d, a, gates := p.Check(n, jacobian)
	if n > 65535 {
		panic(fmt.Sprintf("kernels: %d Jacobians, at most 65535", n))
	}
	down := ceil(d, 32)
	launch(m, gruJacobian, Dim{uint32(down*down + down*ceil(s+a, 32) + ceil(s, 8)), 1, uint32(n)}, line(blockThreads), gruJacobianParams{
		stochDeter: viewOf(p.StochDeter), stochIn: viewOf(p.StochIn), deterIn: viewOf(p.DeterIn), gates: viewOf(p.Gates),
		keep: viewOf(p.Keep), recur: viewOf(p.Recur), through: viewOf(p.Through), jacobian: start(jacobian),
		stoch: int32(s), deter: int32(d), action: int32(a), count: int32(gates), scale: p.Scale,
	})
}
