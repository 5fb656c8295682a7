// Package philox has random numbers by counter: Philox4x32-10 (Salmon et al.,
// "Parallel Random Numbers: As Easy as 1, 2, 3", SC 2011) and standard normals
// made of it. A number is a function of (seed, stream, index), so that it does
// not matter who computes it, in which order or in what portions. Devices have
// the same arithmetic in their own languages (learning/device.Sampler): every
// operation is one that IEEE 754 rounds in one way, none is fused, and the
// numbers are the same to the last bit.
package philox

import "math"

// Block is the four words of Philox4x32-10 for a counter and a key.
func Block(counter [4]uint32, key [2]uint32) [4]uint32 {
	const (
		m0, m1 = 0xd2511f53, 0xcd9e8d57
		w0, w1 = 0x9e3779b9, 0xbb67ae85 // golden ratio, √3 − 1
	)
	c, k := counter, key
	for range 10 {
		a, b := m0*uint64(c[0]), m1*uint64(c[2])
		c = [4]uint32{uint32(b>>32) ^ c[1] ^ k[0], uint32(b), uint32(a>>32) ^ c[3] ^ k[1], uint32(a)}
		k[0] += w0
		k[1] += w1
	}
	return c
}

// Normals fills dst with the standard normals first, first+1, … of a stream.
// first ≥ 0. They lie within ±5.8.
func Normals(seed, stream uint64, first int, dst []float32) {
	key := [2]uint32{uint32(seed), uint32(seed >> 32)}
	for i := 0; i < len(dst); {
		block, skip := uint64(first+i)/4, (first+i)%4
		x := Block([4]uint32{uint32(block), uint32(block >> 32), uint32(stream), uint32(stream >> 32)}, key)
		var four [4]float32
		four[0], four[1] = pair(x[0], x[1])
		four[2], four[3] = pair(x[2], x[3])
		i += copy(dst[i:], four[skip:])
	}
}

// pair is Box and Muller's transform (1958) of two words.
func pair(a, b uint32) (float32, float32) {
	r := radius(a)
	sin, cos := turn(b << 2 >> 8)
	c, s := r*cos, r*sin
	switch b >> 30 { // the quadrant
	case 1:
		c, s = -s, c
	case 2:
		c, s = -c, -s
	case 3:
		c, s = s, -c
	}
	return c, s
}

// radius is √(−2 ln u), u = (⌊a/256⌋+1)/2²⁴.
func radius(a uint32) float32 {
	bits := math.Float32bits(float32(a>>8+1) * (1.0 / (1 << 24)))
	e := (int32(bits) - 0x3f3504f3) >> 23 // u = 2ᵉ·m, m in [√½, √2)
	m := math.Float32frombits(bits - uint32(e)<<23)
	s := (m - 1) / (m + 1) // ln m = 2·artanh s, s² ≤ 0.0295
	z := s * s
	q := float32(1.0 / 11)
	for _, c := range [...]float32{1.0 / 9, 1.0 / 7, 1.0 / 5, 1.0 / 3} {
		q = float32(q*z) + c
	}
	ln := float32(2 * (float32(float32(q*z)*s) + s))
	ln = float32(float32(e)*0.693145751953125) + (float32(float32(e)*1.42860682030941723e-6) + ln) // ln 2 in two parts
	return root(-2 * ln)
}

// root is √x = x·x^−½, the second factor by Newton's method from a guess at its
// bits; within two units in the last place, and 0 for 0.
func root(x float32) float32 {
	y := math.Float32frombits(0x5f3759df - math.Float32bits(x)&^(1<<31)>>1)
	half := 0.5 * x
	for range 3 {
		y *= 1.5 - float32(float32(half*y)*y)
	}
	return x * y
}

// turn is sine and cosine of (n + ½ − 2²³)·½π/2²⁴, n < 2²⁴: a quarter turn about 0.
func turn(n uint32) (sin, cos float32) {
	x := (float32(int32(n)-1<<23) + 0.5) * (0.5 * math.Pi / (1 << 24))
	z := x * x
	p := float32(1.0 / 362880)
	for _, c := range [...]float32{-1.0 / 5040, 1.0 / 120, -1.0 / 6} {
		p = float32(p*z) + c
	}
	q := float32(-1.0 / 3628800)
	for _, c := range [...]float32{1.0 / 40320, -1.0 / 720, 1.0 / 24, -0.5, 1} {
		q = float32(q*z) + c
	}
	return float32(float32(p*z)*x) + x, q
}
