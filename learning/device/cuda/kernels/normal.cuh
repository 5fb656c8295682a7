// Standard normals by counter, package philox to the bit: Philox 4×32-10 (Salmon
// et al. 2011) and Box and Muller's transform of operations that IEEE 754 rounds
// in one way. None of them may be fused.
#ifndef LATCO_NORMAL_CUH
#define LATCO_NORMAL_CUH

#include "cuda.cuh"

#ifdef __CUDACC__
INLINE float times(float a, float b) { return __fmul_rn(a, b); }
INLINE float plus(float a, float b) { return __fadd_rn(a, b); }
INLINE float quotient(float a, float b) { return __fdiv_rn(a, b); }
INLINE uint32_t bits_of(float x) { return __float_as_uint(x); }
INLINE float float_of(uint32_t x) { return __uint_as_float(x); }
#else
// What passes through memory is not fused.
INLINE float times(float a, float b) {
	volatile float c = a * b;
	return c;
}
INLINE float plus(float a, float b) { return a + b; }
INLINE float quotient(float a, float b) { return a / b; }
INLINE uint32_t bits_of(float x) {
	union {
		float f;
		uint32_t u;
	} v = {x};
	return v.u;
}
INLINE float float_of(uint32_t x) {
	union {
		uint32_t u;
		float f;
	} v = {x};
	return v.f;
}
#endif

// poly is q·z + c.
INLINE float poly(float q, float z, float c) { return plus(times(q, z), c); }

// normal_radius is √(−2 ln u), u = (⌊a/256⌋+1)/2²⁴.
INLINE float normal_radius(uint32_t a) {
	uint32_t bits = bits_of(times((float)((a >> 8) + 1), 1.0f / (1 << 24)));
	const int32_t e = ((int32_t)bits - 0x3f3504f3) >> 23;
	const float m = float_of(bits - ((uint32_t)e << 23));
	const float s = quotient(plus(m, -1.0f), plus(m, 1.0f)), z = times(s, s);
	float q = 1.0f / 11;
	q = poly(q, z, 1.0f / 9);
	q = poly(q, z, 1.0f / 7);
	q = poly(q, z, 1.0f / 5);
	q = poly(q, z, 1.0f / 3);
	float ln = times(2.0f, poly(times(q, z), s, s));
	ln = plus(times((float)e, 0.693145751953125f), plus(times((float)e, 1.42860682030941723e-6f), ln));
	const float x = times(-2.0f, ln), half = times(0.5f, x);
	float y = float_of(0x5f3759dfu - ((bits_of(x) & 0x7fffffffu) >> 1));
	UNROLL for (int i = 0; i < 3; i++) y = times(y, plus(1.5f, -times(times(half, y), y)));
	return times(x, y);
}

// normal_pair turns two words into two normals.
INLINE void normal_pair(uint32_t a, uint32_t b, float* first, float* second) {
	const float r = normal_radius(a);
	const float x = times(plus((float)((int32_t)(b << 2 >> 8) - (1 << 23)), 0.5f),
		(float)(0.5 * 3.14159265358979323846 / (1 << 24)));
	const float z = times(x, x);
	float p = 1.0f / 362880;
	p = poly(p, z, -1.0f / 5040);
	p = poly(p, z, 1.0f / 120);
	p = poly(p, z, -1.0f / 6);
	float q = -1.0f / 3628800;
	q = poly(q, z, 1.0f / 40320);
	q = poly(q, z, -1.0f / 720);
	q = poly(q, z, 1.0f / 24);
	q = poly(q, z, -0.5f);
	q = poly(q, z, 1.0f);
	const float s = times(r, poly(times(p, z), x, x)), c = times(r, q);
	const uint32_t turn = b >> 30; // the quadrant
	const float u = turn & 1 ? s : c, v = turn & 1 ? c : s;
	*first = (turn + 1) & 2 ? -u : u;
	*second = turn & 2 ? -v : v;
}

// stream_normals4 is the numbers 4·block … 4·block+3 of a stream.
INLINE void stream_normals4(uint64_t seed, uint64_t stream, uint64_t block, float* out) {
	uint32_t c0 = (uint32_t)block, c1 = (uint32_t)(block >> 32), c2 = (uint32_t)stream, c3 = (uint32_t)(stream >> 32);
	uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)(seed >> 32);
	UNROLL for (int round = 0; round < 10; round++) {
		const uint32_t h0 = high32(0xd2511f53u, c0), l0 = 0xd2511f53u * c0;
		const uint32_t h1 = high32(0xcd9e8d57u, c2), l1 = 0xcd9e8d57u * c2;
		c0 = h1 ^ c1 ^ k0;
		c1 = l1;
		c2 = h0 ^ c3 ^ k1;
		c3 = l0;
		k0 += 0x9e3779b9u;
		k1 += 0xbb67ae85u;
	}
	normal_pair(c0, c1, out, out + 1);
	normal_pair(c2, c3, out + 2, out + 3);
}

#endif
