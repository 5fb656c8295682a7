package ptx

import "math"

// fma32 is a·b + c, rounded once to nearest even (fma.rn.f32). The product is exact
// in float64. So is the sum rounded to float32, unless it was rounded to the middle
// between two float32, or is near or below the least normal one: then the sum is
// made odd first.
func fma32(a, b, c float32) float32 {
	product := float64(a) * float64(b)
	sum := product + float64(c)
	if u := math.Float64bits(sum); u&0x1fffffff == 0x10000000 || u>>52&0x7ff < 1023-125 && sum != 0 {
		return float32(oddSum(product, float64(c)))
	}
	return float32(sum)
}

// oddSum is a + b in float64, rounded to odd: what is not exact has a last bit of
// 1, so that rounding it to fewer bits, in any direction, rounds once (Boldo and
// Melquiond 2008, https://doi.org/10.1109/TC.2007.70819).
func oddSum(a, b float64) float64 {
	sum := a + b
	if sum-sum != 0 { // ±Inf, NaN
		return sum
	}
	rest := sum - a
	lost := (a - (sum - rest)) + (b - rest)
	u := math.Float64bits(sum)
	if lost == 0 || u&1 == 1 {
		return sum
	}
	if (lost > 0) == (sum > 0) {
		return math.Float64frombits(u + 1)
	}
	return math.Float64frombits(u - 1)
}

// down rounds to the float32 that is not greater.
func down(x float64) float32 {
	y := float32(x)
	if float64(y) > x {
		y = math.Nextafter32(y, float32(math.Inf(-1)))
	}
	return y
}

// toZero rounds to the float32 that is not further from 0.
func toZero(x float64) float32 {
	y := float32(x)
	if math.Abs(float64(y)) > math.Abs(x) {
		y = math.Nextafter32(y, 0)
	}
	return y
}

// tf32 rounds to 10 bits of mantissa, the middle away from 0 (cvt.rna.tf32.f32).
func tf32(x float32) float32 {
	u := math.Float32bits(x)
	if u&0x7f800000 != 0x7f800000 {
		u = (u + 0x1000) &^ 0x1fff
	}
	return math.Float32frombits(u)
}

// flush makes a subnormal number 0 of its sign (.ftz).
func flush(x float32) float32 {
	if u := math.Float32bits(x); u&0x7f800000 == 0 {
		return math.Float32frombits(u & 0x80000000)
	}
	return x
}
