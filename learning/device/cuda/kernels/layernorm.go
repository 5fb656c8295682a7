package kernels

import "github.com/latco-studio/latco/learning/device"

var _ device.Normaliser = (*Math)(nil)

// The structs of layernorm.h.

type layerNormParams struct {
	x, y, norm          view
	gain, bias, inverse uint64
	n, d, act           int32
	epsilon             float32
}

type layerNormBackwardParams struct {
	y, dy, norm, dx view
	gain, inverse   uint64
	n, d, act, _    int32
}

type layerNormSumsParams struct {
	y, dy, norm     view
	gain, bias      uint64
	n, d, act, each int32
}

type layerNormPartsParams struct {
	gains, biases, gain, bias uint64
	parts, d                  int32
}

// layerRows is LAYER_ROWS of layernorm.cu.
const layerRows = 4

// LayerNorm: see device.Normaliser.
func (m *Math) LayerNorm(act device.Activation, epsilon float32, x device.Mat, gain, bias device.Buffer, y, norm device.Mat, inverse device.Buffer) {
	const name = "LayerNorm"
	n, d := x.Rows, x.Cols
	known(name, act)
	shaped(name, n, d, x, y)
	optional(name, n, d, norm)
	long(name, gain, d)
	long(name, bias, d)
	if norm.Rows > 0 {
		long(name, inverse, n)
	}
	if n == 0 || d == 0 {
		return
	}
	launch(m, layerNorm, line(ceil(n, layerRows)), Dim{32, layerRows, 1}, layerNormParams{
		x: viewOf(x), y: viewOf(y), norm: viewOf(norm), gain: start(gain), bias: start(bias), inverse: start(inverse),
		n: int32(n), d: int32(d), act: int32(act), epsilon: epsilon,
	})
}

// LayerNormBackward: see device.Normaliser.
func (m *Math) LayerNormBackward(act device.Activation, y, dy device.Mat, gain device.Buffer, norm device.Mat, inverse device.Buffer, dx device.Mat, dgain, dbias device.Buffer) {
	const name = "LayerNormBackward"
	n, d := y.Rows, y.Cols
	known(name, act)
	shaped(name, n, d, y, dy, norm)
	optional(name, n, d, dx)
	for _, b := range []device.Buffer{gain, dgain, dbias} {
		long(name, b, d)
	}
	long(name, inverse, n)
	if d == 0 {
		return
	}
	m.layerNormSums(layerNormSumsParams{y: viewOf(y), dy: viewOf(dy), norm: viewOf(norm), gain: start(dgain), bias: start(dbias),
		n: int32(n), d: int32(d), act: int32(act)})
	if n == 0 || dx.Rows == 0 {
		return
	}
	launch(m, layerNormBackward, line(ceil(n, layerRows)), Dim{32, layerRows, 1}, layerNormBackwardParams{
		y: viewOf(y), dy: viewOf(dy), norm: viewOf(norm), dx: viewOf(dx), gain: start(gain), inverse: start(inverse),
		n: int32(n), d: int32(d), act: int32(act),
	})
}

// layerNormSums adds rows in up to two stages, whose shape depends on sizes alone.
func (m *Math) layerNormSums(p layerNormSumsParams) {
	n, d := int(p.n), int(p.d)
	across := ceil(d, 32)
	// A thread adds up to 8 rows, more where blocks are enough to fill a card.
	parts := max(1, min(ceil(n, 64), ceil(512, across)))
	p.each = int32(ceil(max(n, 1), parts))
	parts = ceil(max(n, 1), int(p.each))
	if parts == 1 {
		launch(m, layerNormSums, Dim{uint32(across), 1, 1}, line(blockThreads), p)
		return
	}
	end := layerNormPartsParams{gain: p.gain, bias: p.bias, parts: int32(parts), d: p.d}
	end.gains = uint64(m.Stream.Scratch(2 * parts * d))
	end.biases = end.gains + 4*uint64(parts*d)
	p.gain, p.bias = end.gains, end.biases
	launch(m, layerNormSums, Dim{uint32(across), uint32(parts), 1}, line(blockThreads), p)
	launch(m, layerNormParts, line(ceil(d, blockThreads)), line(blockThreads), end)
}
