package kernels

import "github.com/latco-studio/latco/learning/device"

// The structs of params.h and search.h: the one argument of every kernel. What is
// an address there is a uint64 here.

type quotient struct{ multiplier, shift uint32 }

// divideBy finds the numbers that divide anything below 2³¹ by d > 0 (Granlund &
// Montgomery 1994, "Division by invariant integers using multiplication").
func divideBy(d int) quotient {
	shift := uint32(0)
	for 1<<shift < d {
		shift++
	}
	return quotient{uint32((uint64(1)<<32)*(uint64(1)<<shift-uint64(d))/uint64(d) + 1), shift}
}

type view struct {
	at     uint64
	stride int64
}

// viewOf is m for a kernel; nothing where m has no rows.
func viewOf(m device.Mat) view {
	if m.Rows == 0 {
		return view{}
	}
	return view{address(m), int64(m.Stride)}
}

// address is that of m's first element.
func address(m device.Mat) uint64 { return uint64(m.Addr) + 4*uint64(m.Offset) }

// start is the address of b, 0 where it is left out.
func start(b device.Buffer) uint64 {
	if b.Len == 0 {
		return 0
	}
	return uint64(b.Addr)
}

type operand struct {
	x, y        uint64
	stride      int64
	act, vector int32
}

type result struct {
	c, bias, parts, out uint64
	stride, outStride   int64
	alpha, beta         float32
	act, vector         int32
}

type gemmParams struct {
	a, b           operand
	c              result
	m, n, k, depth int32
}

type geometry struct {
	h, w, in, outH, outW, out, k, s, aH, aW, images, side, merged, _ int32

	byRun, byOutW, byPositions, byOut, byAW, byA, byIn, byS, bySide quotient
}

type convParams struct {
	a, b           operand
	c              result
	g              geometry
	m, n, k, depth int32
}

type sumPartsParams struct {
	c              result
	m, n, parts, _ int32
}

type biasActParams struct {
	y                  view
	bias               uint64
	rows, cols, act, _ int32
}

type actBackwardParams struct {
	y, dy, dpre        view
	rows, cols, act, _ int32
}

type colSumParams struct {
	x                         operand
	out                       uint64
	beta                      float32
	rows, cols, each, wide, _ int32
}

type copyParams struct {
	dst, src   view
	rows, cols int32
}

type mulRowsParams struct {
	src, scale, dst           view
	rows, cols, srcRows, each int32
	beta                      float32
	_                         int32
}

type fillParams struct {
	x     uint64
	n     int64
	value float32
	_     int32
}

type axpyParams struct {
	x, y  uint64
	n     int64
	alpha float32
	_     int32
}

type scaleParams struct {
	by, x uint64
	n     int64
}

type levelsParams struct {
	pixels, out uint64
	n           int64
	seed        uint64
	bits, _     int32
}

type gruParams struct {
	gx, gh, h, next, gates view
	n, u                   int32
}

type gruBackwardParams struct {
	gates, gh, h, dnext, dgx, dgh, dh view
	n, u                              int32
}

type gruGatesParams struct {
	gx, gh, h, gates, reset view
	n, u                    int32
}

type gruBlendParams struct {
	gx, gn, h, next, gates view
	n, u                   int32
}

type gruBlendBackwardParams struct {
	gates, h, dnext, dgx, dh view
	n, u                     int32
}

type gruGatesBackwardParams struct {
	gates, h, dreset, dgx, dh view
	n, u                      int32
}

type normalParams struct {
	raw, eps, mean, std, sample view
	n, d                        int32
	minStd                      float32
	_                           int32
}

type normalBackwardParams struct {
	raw, eps, dmean, dstd, dsample, draw view
	n, d                                 int32
}

type divergenceParams struct {
	m1, s1, m2, s2 view
	out            uint64
	n, d           int32
}

type divergenceBackwardParams struct {
	m1, s1, m2, s2, dm1, ds1, dm2, ds2 view
	weights                            uint64
	n, d                               int32
	weight                             float32
	_                                  int32
}

type squaredErrorParams struct {
	x, y, diff, parts uint64
	n                 int64
	weight            float32
	_                 int32
}

type sumSquaresParams struct {
	x, parts uint64
	n        int64
}

type sumDoublesParams struct {
	parts, out, small uint64
	n                 int64
	scale             float64
	root, _           int32
}

const (
	mostTensors  = 64
	blockNumbers = 4096
)

type tensor struct {
	p, g, m, v uint64
	n          int64
}

type tensors struct {
	t        [mostTensors]tensor
	first    [mostTensors]int32
	count, _ int32
}

type tensorSquaresParams struct {
	all   tensors
	parts uint64
}

type adamParams struct {
	all               tensors
	rate, norm, guard uint64
	guards            int32
	clip, lr, scale   float32
	beta1, beta2, eps float32
	_                 int32
}

type streamNormalsParams struct {
	dst                 view
	seed, stream, first uint64
	rows, cols          int32
}

type perturbParams struct {
	x          view
	mean, std  uint64
	rows, cols int32
}

type weighParams struct {
	x, weights uint64
	n, k       int32
	gamma      float32
	_          int32
}

type fitParams struct {
	x                                 view
	weights, mean, std, sums, squares uint64
	rows, cols, each, parts           int32
	floor                             float32
	_                                 int32
}
