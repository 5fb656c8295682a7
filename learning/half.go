package learning

import "math"

// float16 (IEEE 754 binary16) for bundled models: 11 significant bits, so a
// weight moves by at most 2⁻¹¹ of itself, or 2⁻²⁵ where |w| < 2⁻¹⁴.

// maxHalf is the largest finite float16.
const maxHalf = 65504

// toHalf rounds to nearest, ties to even. Beyond ±65519.99 it gives ±Inf.
func toHalf(x float32) uint16 {
	b := math.Float32bits(x)
	sign := uint16(b >> 16 & 0x8000)
	exp := int(b>>23&0xff) - 127
	frac := b & 0x7fffff
	switch {
	case exp == 128 && frac != 0:
		return sign | 0x7e00 // NaN
	case exp > 15:
		return sign | 0x7c00
	case exp < -25:
		return sign
	}
	// The significand with its leading bit, to be shifted down to 10 bits: one
	// more place for each power below the smallest normal, 2⁻¹⁴.
	shift, biased := 13, uint16(exp+15)
	if exp < -14 {
		shift, biased = 13+(-14-exp), 0
		frac |= 0x800000
	}
	half := uint32(biased)<<10 + frac>>shift
	rest, tie := frac&(1<<shift-1), uint32(1)<<(shift-1)
	if rest > tie || rest == tie && half&1 == 1 {
		half++ // a carry into the exponent is what rounding up means there
	}
	return sign | uint16(half)
}

func fromHalf(h uint16) float32 {
	sign := uint32(h&0x8000) << 16
	exp, frac := uint32(h>>10&0x1f), uint32(h&0x3ff)
	switch exp {
	case 0:
		x := float32(frac) * (1.0 / (1 << 24))
		return math.Float32frombits(math.Float32bits(x) | sign)
	case 31:
		return math.Float32frombits(sign | 0x7f800000 | frac<<13)
	}
	return math.Float32frombits(sign | (exp+112)<<23 | frac<<13)
}

// halfError is the largest absolute difference that float16 storage makes.
func halfError(xs []float32) float64 {
	worst := 0.0
	for _, x := range xs {
		worst = max(worst, math.Abs(float64(x)-float64(fromHalf(toHalf(x)))))
	}
	return worst
}
