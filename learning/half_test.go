package learning

import (
	"math"
	"math/rand"
	"testing"
)

// Every float16 comes back as itself.
func TestHalfIsExactOnHalves(t *testing.T) {
	for h := range 1 << 16 {
		x := fromHalf(uint16(h))
		got := toHalf(x)
		if math.IsNaN(float64(x)) {
			if got&0x7c00 != 0x7c00 || got&0x3ff == 0 {
				t.Fatalf("NaN %#04x became %#04x", h, got)
			}
			continue
		}
		if got != uint16(h) {
			t.Fatalf("%#04x is %g is %#04x", h, x, got)
		}
	}
	for h, want := range map[uint16]float32{0x3c00: 1, 0xc000: -2, 0x7bff: maxHalf, 0x0001: 1.0 / (1 << 24), 0x3555: 0.333251953125} {
		if got := fromHalf(h); got != want {
			t.Errorf("%#04x is %g, want %g", h, got, want)
		}
	}
}

// Rounding takes the nearest of the two neighbours, the even one on a tie.
func TestHalfRoundsToNearestEven(t *testing.T) {
	rng := rand.New(rand.NewSource(1))
	for range 200_000 {
		h := uint16(rng.Intn(0x7bff)) // positive and finite, as is its successor
		lo, hi := float64(fromHalf(h)), float64(fromHalf(h+1))
		x := float32(lo + (hi-lo)*rng.Float64())
		if rng.Intn(4) == 0 {
			x = float32((lo + hi) / 2)
		}
		want := h
		switch below, above := float64(x)-lo, hi-float64(x); {
		case above < below, above == below && h&1 == 1:
			want = h + 1
		}
		if got := toHalf(x); got != want {
			t.Fatalf("%g between %g and %g became %g", x, lo, hi, fromHalf(got))
		}
		if got := toHalf(-x); got != want|0x8000 {
			t.Fatalf("%g: sign lost", -x)
		}
	}
	if toHalf(65519.99) != 0x7bff || toHalf(65520) != 0x7c00 || toHalf(1e-9) != 0 {
		t.Error("limits")
	}
}
