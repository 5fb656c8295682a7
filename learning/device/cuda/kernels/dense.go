package kernels

import (
	"fmt"

	"github.com/latco-studio/latco/learning/device"
)

// tile is a size of block of a matrix product.
type tile struct {
	rows, cols, step, threads int
	blocks                    int  // wanted to fill a card
	run                       int  // least depth worth a part of its own
	quads                     bool // only for aligned factors, but along k
}

// The tiles of tiles.cuh; step is a multiple of both kinds' steps.
var (
	large  = tile{128, 128, 16, 256, 216, 256, true}
	tall   = tile{128, 64, 16, 256, 216, 256, true}
	narrow = tile{128, 32, 16, 128, 432, 256, false}
	slim   = tile{256, 16, 16, 128, 432, 256, false}
	medium = tile{64, 64, 16, 128, 240, 128, false}
	little = tile{64, 32, 32, 256, 216, 512, false}
	small  = tile{32, 32, 64, 256, 120, 512, false}
)

// count is the number of tiles that cover m×n.
func (t tile) count(m, n int) int { return ceil(m, t.rows) * ceil(n, t.cols) }

// split divides a depth of k into parts, so that tiles×parts fill a card. It
// depends on sizes alone: the same sums in the same order on every card.
func (t tile) split(tiles, k int) (parts, depth int) {
	parts = max(1, min(ceil(t.blocks, max(tiles, 1)), k/t.run))
	depth = max(t.step, ceil(ceil(k, parts), t.step)*t.step)
	return max(1, ceil(k, depth)), depth
}

// fills says that tiles of this size give a product of m×n×k blocks enough.
func (t tile) fills(m, n, k int) bool {
	tiles := t.count(m, n)
	parts, _ := t.split(tiles, k)
	return 2*tiles*parts >= t.blocks
}

// matrix is a factor; quads says that its rows are whole quads, all aligned.
func matrix(m device.Mat) (o operand, quads bool) {
	o = operand{x: address(m), stride: int64(m.Stride)}
	o.vector = bit(aligned(o.x) && (m.Stride%4 == 0 || m.Rows == 1))
	return o, o.vector == 1 && m.Cols%4 == 0
}

// Gemm: see device.Dense.
func (m *Math) Gemm(transA, transB bool, alpha float32, a, b device.Mat, beta float32, c device.Mat) {
	m.CheckGemm(transA, transB, a, b, c)
	if c.Rows > 0 && c.Cols > 0 {
		m.product(transA, transB, alpha, a, b, beta, c)
	}
}

// CheckGemm panics unless the matrices of a Gemm fit.
func (m *Math) CheckGemm(transA, transB bool, a, b, c device.Mat) {
	rows, k := turned(a, transA)
	inner, cols := turned(b, transB)
	if rows != c.Rows || cols != c.Cols || k != inner {
		panic(fmt.Sprintf("kernels: Gemm of %d×%d and %d×%d into %d×%d", rows, k, inner, cols, c.Rows, c.Cols))
	}
	fits("Gemm", a, b, c)
}

func (m *Math) product(transA, transB bool, alpha float32, a, b device.Mat, beta float32, c device.Mat) {
	rows, cols := c.Rows, c.Cols
	_, k := turned(a, transA)
	p := gemmParams{m: int32(rows), n: int32(cols), k: int32(k)}
	var quadsA, quadsB bool
	p.a, quadsA = matrix(a)
	p.b, quadsB = matrix(b)
	p.c = result{c: address(c), stride: int64(c.Stride), alpha: alpha, beta: beta}
	p.c.vector = bit(aligned(p.c.c) && (c.Stride%4 == 0 || rows == 1))
	t, kernel := small, gemmNNSmall
	switch {
	case (quadsA || !transA) && (quadsB || transB) && p.c.vector == 1 && cols%4 == 0 && min(rows, cols) > 64 && large.fills(rows, cols, k):
		t, kernel = large, gemmNNLarge
	case min(rows, cols) > 32 && medium.fills(rows, cols, k):
		t, kernel = medium, gemmNNMedium
	}
	kernel += Kernel(bit(transB) + 2*bit(transA))
	tiles := t.count(rows, cols)
	parts, depth := t.split(tiles, k)
	p.depth = int32(depth)
	end := m.parts(&p.c, rows, cols, parts)
	launch(m, m.by(kernel), Dim{uint32(tiles), 1, uint32(parts)}, line(t.threads), p)
	sum := m.sumParts(end, rows, cols, parts)
	m.latest = latest{open: true, c: c, quads: t.quads, product: p, split: parts > 1, sum: sum}
}

// by is kernel k, or that for tensor cores.
func (m *Math) by(k Kernel) Kernel {
	if m.TF32 {
		return k + products
	}
	return k
}

func turned(m device.Mat, t bool) (rows, cols int) {
	if t {
		return m.Cols, m.Rows
	}
	return m.Rows, m.Cols
}

// parts sends the results of a split product to scratch memory; end is what is to
// become of their sum.
func (m *Math) parts(c *result, rows, cols, parts int) (end result) {
	if parts == 1 {
		return result{}
	}
	c.parts = uint64(m.Stream.Scratch(parts * rows * cols))
	return *c
}

// sumParts adds the parts, if there are any.
func (m *Math) sumParts(c result, rows, cols, parts int) (p sumPartsParams) {
	if parts > 1 {
		p = sumPartsParams{c: c, m: int32(rows), n: int32(cols), parts: int32(parts)}
		launch(m, sumParts, line(min(ceil(rows*ceil(cols, 4), blockThreads), 4096)), line(blockThreads), p)
	}
	return p
}

// BiasAct: see device.Dense.
func (m *Math) BiasAct(act device.Activation, bias device.Buffer, y device.Mat) {
	known("BiasAct", act)
	fits("BiasAct", y)
	if bias.Len > 0 {
		long("BiasAct", bias, y.Cols)
	} else if act == device.Identity {
		return
	}
	if y.Rows == 0 || y.Cols == 0 || m.amend(y, act, start(bias), view{}) {
		return
	}
	grid, block := rowsGrid(y.Rows, y.Cols)
	launch(m, biasAct, grid, block, biasActParams{y: viewOf(y), bias: start(bias), rows: int32(y.Rows), cols: int32(y.Cols), act: int32(act)})
}

// ActBackward: see device.Dense.
func (m *Math) ActBackward(act device.Activation, y, dy, dpre device.Mat) {
	known("ActBackward", act)
	shaped("ActBackward", y.Rows, y.Cols, y, dy, dpre)
	if y.Rows == 0 || y.Cols == 0 || same(dy, dpre) && m.amend(dpre, act, 0, viewOf(y)) {
		return
	}
	grid, block := rowsGrid(y.Rows, y.Cols)
	launch(m, actBackward, grid, block, actBackwardParams{y: viewOf(y), dy: viewOf(dy), dpre: viewOf(dpre),
		rows: int32(y.Rows), cols: int32(y.Cols), act: int32(act)})
}

// ColSum: see device.Dense.
func (m *Math) ColSum(x device.Mat, beta float32, out device.Buffer) {
	fits("ColSum", x)
	long("ColSum", out, x.Cols)
	m.colSum(operand{x: address(x), stride: int64(x.Stride)}, x.Rows, x.Cols, beta, uint64(out.Addr))
}

// colSum adds rows in up to two stages.
func (m *Math) colSum(x operand, rows, cols int, beta float32, out uint64) {
	if cols == 0 {
		return
	}
	wide := min(cols, 64)
	lines := blockThreads / wide
	across := ceil(cols, wide)
	// Each thread adds at least 16 rows; blocks enough to fill a card.
	parts := min(ceil(rows, 16*lines), ceil(512, across))
	p := colSumParams{x: x, out: out, beta: beta, rows: int32(rows), cols: int32(cols), each: int32(max(rows, 1)), wide: int32(wide)}
	if parts > 1 {
		p.each = int32(ceil(rows, parts))
		parts = ceil(rows, int(p.each))
		p.out, p.beta = uint64(m.Stream.Scratch(parts*cols)), 0
		launch(m, colSum, Dim{uint32(across), uint32(parts), 1}, line(blockThreads), p)
		p = colSumParams{x: operand{x: p.out, stride: int64(cols)}, out: out, beta: beta,
			rows: int32(parts), cols: int32(cols), each: int32(parts), wide: int32(wide)}
	}
	launch(m, colSum, Dim{uint32(across), 1, 1}, line(blockThreads), p)
}

// CopyMat: see device.Dense.
func (m *Math) CopyMat(dst, src device.Mat) { m.rows("CopyMat", copyRows, dst, src) }

// AddMat: see device.Dense.
func (m *Math) AddMat(dst, src device.Mat) { m.rows("AddMat", addRows, dst, src) }

func (m *Math) rows(name string, k Kernel, dst, src device.Mat) {
	shaped(name, dst.Rows, dst.Cols, dst, src)
	if dst.Rows == 0 || dst.Cols == 0 {
		return
	}
	grid, block := rowsGrid(dst.Rows, dst.Cols)
	launch(m, k, grid, block, copyParams{viewOf(dst), viewOf(src), int32(dst.Rows), int32(dst.Cols)})
}

// MulRows: see device.Dense.
func (m *Math) MulRows(src, scale device.Mat, beta float32, dst device.Mat) {
	if src.Rows == 0 || scale.Rows == 0 || dst.Rows%src.Rows != 0 || dst.Rows%scale.Rows != 0 ||
		src.Cols != dst.Cols || scale.Cols != dst.Cols {
		panic(fmt.Sprintf("kernels: MulRows of %d×%d and %d×%d into %d×%d",
			src.Rows, src.Cols, scale.Rows, scale.Cols, dst.Rows, dst.Cols))
	}
	fits("MulRows", src, scale, dst)
	if dst.Rows == 0 || dst.Cols == 0 {
		return
	}
	grid, block := rowsGrid(dst.Rows, dst.Cols)
	launch(m, mulRows, grid, block, mulRowsParams{src: viewOf(src), scale: viewOf(scale), dst: viewOf(dst),
		rows: int32(dst.Rows), cols: int32(dst.Cols), srcRows: int32(src.Rows), each: int32(dst.Rows / scale.Rows), beta: beta})
}
