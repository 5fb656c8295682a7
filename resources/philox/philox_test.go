package philox

import (
	"math"
	"testing"
)

// Known answers that come with the authors' Random123 library.
func TestBlock(t *testing.T) {
	for _, c := range []struct {
		counter [4]uint32
		key     [2]uint32
		want    [4]uint32
	}{
		{want: [4]uint32{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
		{
			[4]uint32{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, [2]uint32{0xffffffff, 0xffffffff},
			[4]uint32{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd},
		},
		{
			[4]uint32{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, [2]uint32{0xa4093822, 0x299f31d0},
			[4]uint32{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1},
		},
	} {
		if got := Block(c.counter, c.key); got != c.want {
			t.Errorf("counter %x, key %x: %x, want %x", c.counter, c.key, got, c.want)
		}
	}
}

// The transform is Box and Muller's in float64, to a few units in the last place.
func TestPair(t *testing.T) {
	key := [2]uint32{1, 2}
	for i := range uint32(100_000) {
		x := Block([4]uint32{i}, key)
		if i < 4 {
			x[0], x[1] = []uint32{0, 255, math.MaxUint32, 1 << 31}[i], []uint32{0, 1 << 31, math.MaxUint32, 63}[i]
		}
		r := math.Sqrt(-2 * math.Log(float64(x[0]>>8+1)/(1<<24)))
		angle := math.Pi / 2 * (float64(x[1]>>30) + (float64(x[1]<<2>>8)+0.5)/(1<<24) - 0.5)
		c, s := pair(x[0], x[1])
		if math.Abs(float64(c)-r*math.Cos(angle)) > 5e-7*(1+r) || math.Abs(float64(s)-r*math.Sin(angle)) > 5e-7*(1+r) {
			t.Fatalf("words %x, %x give %g, %g, want %g, %g", x[0], x[1], c, s, r*math.Cos(angle), r*math.Sin(angle))
		}
	}
}

// A number depends on its place alone.
func TestPortions(t *testing.T) {
	whole := make([]float32, 100)
	Normals(7, 1<<33, 0, whole)
	for first := range 20 {
		part := make([]float32, 33)
		Normals(7, 1<<33, first, part)
		for i, v := range part {
			if v != whole[first+i] {
				t.Fatalf("number %d is %g in a portion that begins at %d, else %g", first+i, v, first, whole[first+i])
			}
		}
	}
}

// Moments, tails and independence of neighbours and streams, within five
// standard errors.
func TestDistribution(t *testing.T) {
	const n = 1 << 18
	x, y := make([]float32, n), make([]float32, n)
	Normals(3, 0, 0, x)
	Normals(3, 1, 0, y)
	var mean, square, fourth, pairs, streams, tail float64
	for i := range n {
		v, next := float64(x[i]), float64(x[(i+1)%n])
		mean += v / n
		square += v * v / n
		fourth += v * v * v * v / n
		pairs += v * next / n
		streams += v * float64(y[i]) / n
		if math.Abs(v) > 3 {
			tail++
		}
	}
	for _, c := range []struct {
		name            string
		got, want, size float64
	}{
		{"mean", mean, 0, 1}, {"variance", square, 1, math.Sqrt2}, {"fourth moment", fourth, 3, math.Sqrt(96)},
		{"covariance of neighbours", pairs, 0, 1}, {"covariance of streams", streams, 0, 1},
		{"share beyond 3", tail / n, 0.0026998, math.Sqrt(0.0027)},
	} {
		if math.Abs(c.got-c.want) > 5*c.size/math.Sqrt(n) {
			t.Errorf("%s is %g, want %g", c.name, c.got, c.want)
		}
	}
}
