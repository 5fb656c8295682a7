package gl

import (
	"testing"

	"github.com/latco-studio/latco/render"
)

// An endless floor hides the sky below its horizon; the rest of the picture keeps it.
func TestSkyRows(t *testing.T) {
	level := [3][4]float32{{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}}
	for _, c := range []struct {
		elevation float64
		low, high int // of 64 rows
	}{{-90, 0, 0}, {-60, 0, 0}, {-10, 18, 22}, {0, 32, 36}, {80, 64, 64}} {
		l := wideLens(render.Camera{Distance: 1, Elevation: c.elevation})
		l.Eye, l.slope = [3]float64{0, 0, 1}, [2]float64{0.414, 0.414}
		floor := instance{rows: level, size: [4]float32{l.reach, l.reach, 1, 0}}
		if got := l.skyRows(64, &floor); got < c.low || got > c.high {
			t.Errorf("elevation %v: sky in %d rows, want %d to %d", c.elevation, got, c.low, c.high)
		}
		l.Eye[2] = -1
		if got := l.skyRows(64, &floor); got != 64 {
			t.Errorf("elevation %v, below the floor: sky in %d rows, want all", c.elevation, got)
		}
	}
}
