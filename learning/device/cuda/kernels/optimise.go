package kernels

import (
	"math"

	"github.com/latco-studio/latco/learning/device"
)

// sum queues the end of a sum of parts that lie in scratch memory.
func (m *Math) sum(p sumDoublesParams) { launch(m, sumDoubles, line(1), line(blockThreads), p) }

// SquaredErrorTo leaves ½·Σ (x−y)² as a float64 at address out, and fills diff as
// device.Gaussian's SquaredError does.
func (m *Math) SquaredErrorTo(x, y device.Buffer, w float32, diff device.Buffer, out uintptr) {
	m.squaredError(x, y, w, diff, sumDoublesParams{out: uint64(out), scale: 0.5})
}

// MeanSquaredError: see device.Step.
func (m *Math) MeanSquaredError(x, y device.Buffer, n int, w float32, diff, out device.Buffer) {
	long("MeanSquaredError", out, 1)
	m.squaredError(x, y, w, diff, sumDoublesParams{small: start(out), scale: 0.5 / float64(n)})
}

func (m *Math) squaredError(x, y device.Buffer, w float32, diff device.Buffer, end sumDoublesParams) {
	long("SquaredError", y, x.Len)
	if diff.Len > 0 {
		long("SquaredError", diff, x.Len)
	}
	blocks := vectorBlocks(x.Len)
	end.parts, end.n = uint64(m.Stream.Scratch(2*blocks)), int64(blocks)
	launch(m, squaredError, line(blocks), line(blockThreads),
		squaredErrorParams{x: start(x), y: start(y), diff: start(diff), parts: end.parts, n: int64(x.Len), weight: w})
	m.sum(end)
}

// SumSquaresTo leaves Σ x² as a float64 at address out.
func (m *Math) SumSquaresTo(x device.Buffer, out uintptr) {
	blocks := vectorBlocks(x.Len)
	parts := uint64(m.Stream.Scratch(2 * blocks))
	launch(m, sumSquares, line(blocks), line(blockThreads), sumSquaresParams{start(x), parts, int64(x.Len)})
	m.sum(sumDoublesParams{parts: parts, out: uint64(out), n: int64(blocks), scale: 1})
}

// each cuts many tensors into tables; blocks is what a table takes.
func (m *Math) each(n int, at func(i int) tensor, run func(t *tensors, blocks int)) {
	t, blocks := &m.tables, 0
	t.count = 0
	flush := func() {
		if t.count > 0 {
			run(t, blocks)
		}
		t.count, blocks = 0, 0
	}
	for i := range n {
		x := at(i)
		if x.n == 0 {
			continue
		}
		if t.count == mostTensors {
			flush()
		}
		t.t[t.count], t.first[t.count] = x, int32(blocks)
		t.count++
		blocks += ceil(int(x.n), blockNumbers)
	}
	flush()
}

// Norm: see device.Step.
func (m *Math) Norm(g []device.Buffer, out device.Buffer) {
	long("Norm", out, 1)
	blocks := 0
	for _, x := range g {
		blocks += ceil(x.Len, blockNumbers)
	}
	parts := uint64(m.Stream.Scratch(2 * max(blocks, 1)))
	next := parts
	m.each(len(g), func(i int) tensor { return tensor{g: start(g[i]), n: int64(g[i].Len)} }, func(t *tensors, n int) {
		launch(m, tensorSquares, line(n), line(blockThreads), tensorSquaresParams{*t, next})
		next += 8 * uint64(n)
	})
	m.sum(sumDoublesParams{parts: parts, small: start(out), n: int64(blocks), scale: 1, root: 1})
}

// Adam: see device.Optimiser.
func (m *Math) Adam(p, g, first, second device.Buffer, gscale, lr, beta1, beta2, eps float32, t int) {
	long("Adam", g, p.Len)
	long("Adam", first, p.Len)
	long("Adam", second, p.Len)
	c1, c2 := 1-math.Pow(float64(beta1), float64(t)), 1-math.Pow(float64(beta2), float64(t))
	m.adam(adamParams{lr: float32(float64(lr) * math.Sqrt(c2) / c1), scale: gscale, beta1: beta1, beta2: beta2, eps: eps},
		1, func(int) tensor { return tensor{start(p), start(g), start(first), start(second), int64(p.Len)} })
}

// ClippedAdam: see device.Step.
func (m *Math) ClippedAdam(s device.AdamStep, p, g, first, second []device.Buffer) {
	s.Check(p, g, first, second)
	m.adam(adamParams{
		rate: start(s.Rate), norm: start(s.Norm), guard: start(s.Guard), guards: int32(s.Guard.Len), clip: s.ClipNorm,
		beta1: s.Beta1, beta2: s.Beta2, eps: s.Epsilon,
	}, len(p), func(i int) tensor {
		return tensor{start(p[i]), start(g[i]), start(first[i]), start(second[i]), int64(p[i].Len)}
	})
}

func (m *Math) adam(a adamParams, n int, at func(i int) tensor) {
	m.each(n, at, func(t *tensors, blocks int) {
		a.all = *t
		launch(m, adam, line(blocks), line(blockThreads), a)
	})
}
