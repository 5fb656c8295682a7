// Elementary functions in a form the compiler vectorises: no branches, no
// tables, errors of a few units in the last place. NaN goes through.
#ifndef LATCO_CPU_VECMATH_H
#define LATCO_CPU_VECMATH_H

#include <stdint.h>
#include <string.h>

// v_reduce writes x = n·ln2 + r, |r| ≤ ½ln2, and returns eʳ−1 by Taylor's series
// to r⁷ (remainder 5e-9) with 2ⁿ in scale. Arguments are cut at −87 (1.6e-38)
// and +88 (1.7e38).
static inline float v_reduce(float x, float *scale) {
	x = x < -87.0f ? -87.0f : x;
	x = x > 88.0f ? 88.0f : x;
	float n = x * 1.44269504088896341f + 12582912.0f; // 1.5·2²³ rounds to an integer
	n -= 12582912.0f;
	float r = x - n * 0.693145751953125f; // ln2 in two parts
	r -= n * 1.42860682030941723e-6f;
	float q = 1.0f / 5040;
	q = q * r + 1.0f / 720;
	q = q * r + 1.0f / 120;
	q = q * r + 1.0f / 24;
	q = q * r + 1.0f / 6;
	q = q * r + 0.5f;
	int32_t bits = ((int32_t)n + 127) * (1 << 23);
	memcpy(scale, &bits, sizeof *scale);
	return q * r * r + r;
}

static inline float v_exp(float x) {
	float scale, q = v_reduce(x, &scale);
	return scale * q + scale;
}

// v_expm1 is eˣ−1, exact in its small part near 0.
static inline float v_expm1(float x) {
	float scale, q = v_reduce(x, &scale);
	return scale * q + (scale - 1.0f);
}

// v_sigmoid is 1/(1+e⁻ˣ), from the exponential that cannot overflow.
static inline float v_sigmoid(float x) {
	float a = x < 0 ? x : -x; // −|x|
	float e = v_exp(a), s = 1.0f / (1.0f + e);
	return x < 0 ? e * s : s;
}

// v_tanh is t/(t+2) with t = e²ˣ−1, taken at −|x|.
static inline float v_tanh(float x) {
	float a = x < 0 ? x : -x;
	float t = v_expm1(2.0f * a);
	t = t / (t + 2.0f);
	return x < 0 ? t : -t;
}

// v_log1p is ln(1+t) for 0 ≤ t ≤ 1: 2·artanh(s), s = t/(2+t) ≤ ⅓, whose series
// to s¹⁵ leaves 3e-10.
static inline float v_log1p(float t) {
	float s = t / (2.0f + t), z = s * s;
	float q = 1.0f / 15;
	q = q * z + 1.0f / 13;
	q = q * z + 1.0f / 11;
	q = q * z + 1.0f / 9;
	q = q * z + 1.0f / 7;
	q = q * z + 1.0f / 5;
	q = q * z + 1.0f / 3;
	return 2.0f * (q * z * s + s);
}

// v_softplus is ln(1+eˣ) = max(x,0) + ln(1+e^−|x|).
static inline float v_softplus(float x) {
	float a = x < 0 ? x : -x;
	float l = v_log1p(v_exp(a));
	return x < 0 ? l : x + l;
}

// v_log is ln(x) for positive normal x: exponent and mantissa in [√½, √2).
static inline float v_log(float x) {
	int32_t bits;
	memcpy(&bits, &x, sizeof bits);
	int32_t e = (bits - 0x3f3504f3) >> 23; // 0x3f3504f3 = √½
	bits -= e * (1 << 23);
	float m;
	memcpy(&m, &bits, sizeof m);
	float s = (m - 1.0f) / (m + 1.0f), z = s * s; // ln m = 2·artanh s, s² ≤ 0.0295
	float q = 1.0f / 11;
	q = q * z + 1.0f / 9;
	q = q * z + 1.0f / 7;
	q = q * z + 1.0f / 5;
	q = q * z + 1.0f / 3;
	float f = (float)e;
	return f * 0.693145751953125f + (f * 1.42860682030941723e-6f + 2.0f * (q * z * s + s));
}

#endif
