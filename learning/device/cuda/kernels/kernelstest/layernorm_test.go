//go:build linux && cgo

package kernelstest

import (
	"testing"

	"github.com/latco-studio/latco/learning/device"
)

// TestLayerNormLaunches: one kernel there; back two, and a third where many rows are
// added in parts; one less where nobody wants the gradient of the input.
func TestLayerNormLaunches(t *testing.T) {
	for _, c := range []struct{ n, d, back int }{{64, 512, 2}, {512, 512, 3}, {0, 512, 1}} {
		dev := New()
		play(t, dev, func(w *bench) {
			x, norm := w.Mat(c.n, c.d), w.Mat(c.n, c.d)
			gain, bias, inverse := w.Buffer(c.d), w.Buffer(c.d), w.Buffer(c.n)
			launched := func(want int, f func()) {
				t.Helper()
				before := total(dev.Launches)
				if f(); total(dev.Launches) != before+want {
					t.Errorf("%d×%d: %d launches, want %d", c.n, c.d, total(dev.Launches)-before, want)
				}
			}
			launched(min(c.n, 1), func() { w.LayerNorm(device.Tanh, 1e-5, x, gain, bias, x, norm, inverse) })
			back := func(dx device.Mat) func() {
				return func() { w.LayerNormBackward(device.Tanh, x, x, gain, norm, inverse, dx, gain, bias) }
			}
			launched(c.back-min(c.n, 1), back(device.Mat{}))
			launched(c.back, back(norm))
		})
	}
}
