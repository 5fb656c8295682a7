//go:build nvidia && linux && cgo && (amd64 || arm64)

package cuda

import "github.com/latco-studio/latco/learning/device"

// SumSquares is Σ x².
func (d *Device) SumSquares(x device.Buffer) float64 {
	d.SumSquaresTo(x, d.answer)
	return d.number()
}

// SquaredError is ½·Σ (x−y)²; diff = w·(x−y) where wanted.
func (d *Device) SquaredError(x, y device.Buffer, w float32, diff device.Buffer) float64 {
	d.SquaredErrorTo(x, y, w, diff, d.answer)
	return d.number()
}
