//go:build cgo && !purego

#include "parallel.h"

#include <math.h>
#include <string.h>

// The numbers are those of package philox to the bit: nothing may be fused.
#ifdef __clang__
#pragma STDC FP_CONTRACT OFF
#else
#pragma GCC optimize("fp-contract=off")
#endif

enum { BLOCKS = 16, TILE = 4 * BLOCKS }; // counters in one go, numbers of them

typedef struct {
	uint32_t key[2], stream[2];
	uint64_t first; // number of the first of dst
	cpu_mat dst;
} normals;

// radius is √(−2 ln u), u = (⌊a/256⌋+1)/2²⁴.
static inline float radius(uint32_t a) {
	float u = (float)(int32_t)((a >> 8) + 1) * (1.0f / (1 << 24));
	int32_t bits;
	memcpy(&bits, &u, sizeof bits);
	int32_t e = (bits - 0x3f3504f3) >> 23;
	bits -= e * (1 << 23);
	float m;
	memcpy(&m, &bits, sizeof m);
	float s = (m - 1.0f) / (m + 1.0f), z = s * s;
	float q = 1.0f / 11;
	q = q * z + 1.0f / 9;
	q = q * z + 1.0f / 7;
	q = q * z + 1.0f / 5;
	q = q * z + 1.0f / 3;
	float f = (float)e, ln = 2.0f * (q * z * s + s);
	ln = f * 0.693145751953125f + (f * 1.42860682030941723e-6f + ln);
	return sqrtf(-2.0f * ln);
}

// pair is Box and Muller's transform: a gives the radius, b the angle, whose
// upper two bits are the quadrant.
static inline void pair(uint32_t a, uint32_t b, float *out) {
	float r = radius(a);
	float x = ((float)((int32_t)(b << 2 >> 8) - (1 << 23)) + 0.5f) * (float)(0.5 * 3.14159265358979323846 / (1 << 24));
	float z = x * x;
	float p = 1.0f / 362880;
	p = p * z + -1.0f / 5040;
	p = p * z + 1.0f / 120;
	p = p * z + -1.0f / 6;
	float q = -1.0f / 3628800;
	q = q * z + 1.0f / 40320;
	q = q * z + -1.0f / 720;
	q = q * z + 1.0f / 24;
	q = q * z + -0.5f;
	q = q * z + 1.0f;
	float s = r * (p * z * x + x), c = r * q;
	uint32_t turn = b >> 30;
	float u = turn & 1 ? s : c, v = turn & 1 ? c : s;
	out[0] = (turn + 1) & 2 ? -u : u;
	out[1] = turn & 2 ? -v : v;
}

// tile computes the numbers of BLOCKS counters from block on.
static inline void tile(const normals *a, uint64_t block, float *out) {
#pragma omp simd
	for (int i = 0; i < BLOCKS; i++) {
		uint32_t c0 = (uint32_t)(block + i), c1 = (uint32_t)((block + i) >> 32), c2 = a->stream[0], c3 = a->stream[1];
		uint32_t k0 = a->key[0], k1 = a->key[1];
		for (int round = 0; round < 10; round++) {
			uint64_t p = (uint64_t)0xd2511f53u * c0, q = (uint64_t)0xcd9e8d57u * c2;
			c0 = (uint32_t)(q >> 32) ^ c1 ^ k0;
			c1 = (uint32_t)q;
			c2 = (uint32_t)(p >> 32) ^ c3 ^ k1;
			c3 = (uint32_t)p;
			k0 += 0x9e3779b9u;
			k1 += 0xbb67ae85u;
		}
		pair(c0, c1, out + 4 * i);
		pair(c2, c3, out + 4 * i + 2);
	}
}

CPU_CLONES static void normal_rows(const void *args, long begin, long end) {
	const normals *a = args;
	float numbers[TILE];
	for (long i = begin; i < end; i++) {
		float *dst = a->dst.p + i * a->dst.stride;
		uint64_t at = a->first + (uint64_t)(i * a->dst.cols);
		for (long j = 0; j < a->dst.cols;) {
			uint64_t skip = (at + j) % TILE;
			tile(a, (at + j) / TILE * BLOCKS, numbers);
			long n = TILE - (long)skip < a->dst.cols - j ? TILE - (long)skip : a->dst.cols - j;
			memcpy(dst + j, numbers + skip, n * sizeof *dst);
			j += n;
		}
	}
}

void cpu_normals(cpu_pool *pool, uint64_t seed, uint64_t stream, uint64_t first, cpu_mat dst) {
	normals a = {{(uint32_t)seed, (uint32_t)(seed >> 32)}, {(uint32_t)stream, (uint32_t)(stream >> 32)}, first, dst};
	cpu_spans(pool, dst.rows, CPU_HEAVY * dst.rows * dst.cols, normal_rows, &a);
}
