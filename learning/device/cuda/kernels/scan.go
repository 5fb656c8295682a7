package kernels

import (
	"unsafe"

	"github.com/latco-studio/latco/learning/device"
)

var _ device.Scanner = (*Math)(nil)

// The structs of scan.h.

type scanWeights struct {
	at        uint64
	stride    int64
	vector, _ int32
}

type scanShares struct {
	byQuads                quotient
	quads, shares, each, _ int32
}

type scanStep struct {
	stoch, gate, recur, fresh, state, out scanWeights
	t, b, s, d, h                         int32
	act, before                           int32
	minStd                                float32
}

type scanParams struct {
	step                                                          scanStep
	inB, gateB, recurB, postB, outB                               uint64
	in, post, noise, gates, side, deter, raw, mean, std, stochOut view
	byStoch, byIn, byReset, byDeter, byPost                       scanShares
}

type scanBackwardParams struct {
	step                                     scanStep
	in, post, noise, gates, side, deter, raw view
	dmean, dstd, dstoch, ddeter              view
	din, dpost, dgx, dgh, draw               view
}

const (
	scanThreads = 512
	scanRows    = 8        // that a thread reads at once
	scanSingle  = 32       // so many sequences have blocks of their own; L2 does not serve many more at full speed
	scanBlocks  = 100      // that a card runs at once
	scanNumbers = 480_000  // of weights, see scans
	scanShared  = 48 << 10 // bytes that every card has without asking
)

// Scans: see device.Scanner.
func (m *Math) Scans(s device.ScanShape) bool { return scans(s) }

// scans says that a scan fits and gains. A block reads all weights at every step, from L2 at some
// 90 GB/s: beyond 1.9 MB of them, seven launches of 3 µs are as fast.
func scans(s device.ScanShape) bool {
	u := 3 * s.Deter
	numbers := s.Stoch*s.Hidden + (s.Hidden+s.Deter)*u + s.Deter*s.Hidden + 2*s.Hidden*s.Stoch
	widest := max(ceil(s.Hidden, 4)+ceil(u, 4), ceil(2*s.Stoch, 4))
	return numbers*max(ceil(s.B, 2*scanBlocks), 1) <= scanNumbers && widest <= scanThreads && sequences(s) > 0
}

// sequences is how many of them a block takes; 0: not even one fits.
func sequences(s device.ScanShape) int {
	most := 1
	if s.B > scanSingle {
		most = 2
	}
	for ; most > 0; most-- {
		if max(forwardBytes(s, most), backwardBytes(s, most)) <= scanShared {
			break
		}
	}
	return most
}

// padded is the room of a vector in shared memory.
func padded(n int) int { return 4 * ceil(n, 4) }

// forwardBytes is the shared memory of a block of the scan: the vectors and the
// shares of a product.
func forwardBytes(s device.ScanShape, sequences int) int {
	vectors := padded(s.Stoch) + 2*padded(s.Hidden) + 2*padded(s.Deter) + padded(3*s.Deter)
	return 4 * sequences * (vectors + 4*scanThreads)
}

// backwardBytes is that of its gradient.
func backwardBytes(s device.ScanShape, sequences int) int {
	return 4 * sequences * (padded(s.Stoch) + padded(2*s.Stoch) + 2*padded(s.Hidden) + 2*padded(3*s.Deter) + 3*padded(s.Deter))
}

// Scan: see device.Scanner.
func (m *Math) Scan(s device.ScanShape, w device.ScanWeights, x device.ScanTrace) {
	s.Check(w, x)
	if s.Rows() == 0 {
		return
	}
	n, k := scanBlock(s), scanForward
	if n == 2 {
		k = scanForwardPair
	}
	recurrent := 3 * s.Deter
	if s.ResetBefore {
		recurrent = 2 * s.Deter
	}
	launchShared(m, k, line(ceil(s.B, n)), line(scanThreads), forwardBytes(s, n), scanParams{
		byStoch: sharesOf(s.Stoch, s.Hidden), byIn: sharesOf(s.Hidden, 3*s.Deter), byReset: sharesOf(s.Deter, s.Deter),
		byDeter: sharesOf(s.Deter, s.Hidden, recurrent), byPost: sharesOf(s.Hidden, 2*s.Stoch),
		step: stepOf(s, w), inB: start(w.InB), gateB: start(w.GateB), recurB: start(w.RecurB), postB: start(w.PostB), outB: start(w.PostOutB),
		in: viewOf(x.In), post: viewOf(x.Post), noise: viewOf(x.Noise), gates: viewOf(x.Gates), side: viewOf(x.Side), deter: viewOf(x.Deter),
		raw: viewOf(x.Raw), mean: viewOf(x.Mean), std: viewOf(x.Std), stochOut: viewOf(x.Stoch),
	})
}

// ScanBackward: see device.Scanner.
func (m *Math) ScanBackward(s device.ScanShape, w device.ScanWeights, x device.ScanTrace, d device.ScanGradient) {
	s.CheckBackward(w, x, d)
	if s.Rows() == 0 {
		return
	}
	n, k := scanBlock(s), scanBackward
	if n == 2 {
		k = scanBackwardPair
	}
	launchShared(m, k, line(ceil(s.B, n)), line(scanThreads), backwardBytes(s, n), scanBackwardParams{
		step: stepOf(s, w), in: viewOf(x.In), post: viewOf(x.Post), noise: viewOf(x.Noise), gates: viewOf(x.Gates), side: viewOf(x.Side),
		deter: viewOf(x.Deter), raw: viewOf(x.Raw),
		dmean: viewOf(d.Mean), dstd: viewOf(d.Std), dstoch: viewOf(d.Stoch), ddeter: viewOf(d.Deter),
		din: viewOf(d.In), dpost: viewOf(d.Post), dgx: viewOf(d.Gx), dgh: viewOf(d.Gh), draw: viewOf(d.Raw),
	})
}

// sharesOf divides a product of depth rows with matrices of so many columns.
func sharesOf(depth int, columns ...int) scanShares {
	quads := 0
	for _, n := range columns {
		quads += ceil(n, 4)
	}
	each := max(ceil(depth, scanThreads/quads), scanRows)
	return scanShares{byQuads: divideBy(quads), quads: int32(quads), shares: int32(ceil(depth, each)), each: int32(each)}
}

// scanBlock is sequences of a scan that Scans takes.
func scanBlock(s device.ScanShape) int {
	if !scans(s) {
		panic("kernels: a scan that Scans does not take")
	}
	return sequences(s)
}

func stepOf(s device.ScanShape, w device.ScanWeights) scanStep {
	step := scanStep{
		stoch: weightsOf(w.InStoch), gate: weightsOf(w.Gate), recur: weightsOf(w.Recur), state: weightsOf(w.PostState), out: weightsOf(w.PostOut),
		t: int32(s.T), b: int32(s.B), s: int32(s.Stoch), d: int32(s.Deter), h: int32(s.Hidden),
		act: int32(s.Act), before: bit(s.ResetBefore), minStd: s.MinStd,
	}
	if s.ResetBefore {
		step.recur = weightsOf(w.Recur.ColRange(0, 2*s.Deter))
		step.fresh = weightsOf(w.Recur.ColRange(2*s.Deter, 3*s.Deter))
	}
	return step
}

func weightsOf(m device.Mat) scanWeights {
	_, quads := matrix(m)
	return scanWeights{at: address(m), stride: int64(m.Stride), vector: bit(quads)}
}

// launchShared is launch with that many bytes of dynamic shared memory.
func launchShared[P any](m *Math, k Kernel, grid, block Dim, shared int, p P) {
	m.latest.open = false
	*(*P)(unsafe.Pointer(&m.words)) = p
	m.Stream.Launch(k, grid, block, shared, m.words[:unsafe.Sizeof(p)/8])
}
