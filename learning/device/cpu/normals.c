//go:build cgo && !purego

#include "parallel.h"

#include <string.h>

// The numbers are those of package philox to the bit: nothing may be fused.
#ifdef __clang__
#pragma STDC FP_CONTRACT OFF
#else
#pragma GCC optimize("no-trapping-math", "fp-contract=off")
#endif

enum { BLOCKS = 32, TILE = 4 * BLOCKS }; // counters in one go, numbers of them

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
	// √x = x·x^−½ by Newton's steps: sqrtf does not vectorise where it may set errno.
	float x = -2.0f * ln, half = 0.5f * x, y;
	memcpy(&bits, &x, sizeof bits);
	bits = 0x5f3759df - ((bits & 0x7fffffff) >> 1);
	memcpy(&y, &bits, sizeof y);
	y = y * (1.5f - half * y * y);
	y = y * (1.5f - half * y * y);
	y = y * (1.5f - half * y * y);
	return x * y;
}

// pair is Box and Muller's transform: a gives the radius, b the angle, whose
// upper two bits are the quadrant.
static inline void pair(uint32_t a, uint32_t b, float *first, float *second) {
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
	// Turned by the quadrant: (c, s), (−s, c), (−c, −s), (s, −c), without branches.
	uint32_t turn = b >> 30, swap = 0u - (turn & 1), cb, sb;
	memcpy(&cb, &c, sizeof cb);
	memcpy(&sb, &s, sizeof sb);
	uint32_t u = (cb ^ ((cb ^ sb) & swap)) ^ ((turn + 1) & 2) << 30;
	uint32_t v = (sb ^ ((cb ^ sb) & swap)) ^ (turn & 2) << 30;
	memcpy(first, &u, sizeof u);
	memcpy(second, &v, sizeof v);
}

// words computes Philox for BLOCKS counters from block on: four words each.
static inline void words(const normals *a, uint64_t block, uint32_t x[4][BLOCKS]) {
#pragma omp simd
	for (int i = 0; i < BLOCKS; i++) {
		x[0][i] = (uint32_t)(block + i);
		x[1][i] = (uint32_t)((block + i) >> 32);
		x[2][i] = a->stream[0];
		x[3][i] = a->stream[1];
	}
	uint32_t k0 = a->key[0], k1 = a->key[1];
	for (int round = 0; round < 10; round++) {
#pragma omp simd
		for (int i = 0; i < BLOCKS; i++) {
			uint64_t p = (uint64_t)0xd2511f53u * x[0][i], q = (uint64_t)0xcd9e8d57u * x[2][i];
			x[0][i] = (uint32_t)(q >> 32) ^ x[1][i] ^ k0;
			x[1][i] = (uint32_t)q;
			x[2][i] = (uint32_t)(p >> 32) ^ x[3][i] ^ k1;
			x[3][i] = (uint32_t)p;
		}
		k0 += 0x9e3779b9u;
		k1 += 0xbb67ae85u;
	}
}

// tile computes the numbers of BLOCKS counters from block on.
static inline void tile(const normals *a, uint64_t block, float *out) {
	uint32_t x[4][BLOCKS];
	float y[4][BLOCKS];
	words(a, block, x);
#pragma omp simd
	for (int i = 0; i < BLOCKS; i++) pair(x[0][i], x[1][i], &y[0][i], &y[1][i]);
#pragma omp simd
	for (int i = 0; i < BLOCKS; i++) pair(x[2][i], x[3][i], &y[2][i], &y[3][i]);
	for (int i = 0; i < BLOCKS; i++)
		for (int j = 0; j < 4; j++) out[4 * i + j] = y[j][i];
}

// fill writes n numbers from number at on.
static inline void fill(const normals *a, uint64_t at, long n, float *dst) {
	float numbers[TILE];
	while (n > 0) {
		long skip = (long)(at % TILE), take = TILE - skip < n ? TILE - skip : n;
		tile(a, at / TILE * BLOCKS, numbers);
		memcpy(dst, numbers + skip, take * sizeof *dst);
		at += take;
		dst += take;
		n -= take;
	}
}

CPU_CLONES static void normal_rows(const void *args, long begin, long end) {
	const normals *a = args;
	long cols = a->dst.cols;
	if (a->dst.stride == cols) { // one long row: no tile is computed twice
		fill(a, a->first + (uint64_t)(begin * cols), (end - begin) * cols, a->dst.p + begin * cols);
		return;
	}
	for (long i = begin; i < end; i++)
		fill(a, a->first + (uint64_t)(i * cols), cols, a->dst.p + i * a->dst.stride);
}

void cpu_normals(cpu_pool *pool, uint64_t seed, uint64_t stream, uint64_t first, cpu_mat dst) {
	normals a = {{(uint32_t)seed, (uint32_t)(seed >> 32)}, {(uint32_t)stream, (uint32_t)(stream >> 32)}, first, dst};
	cpu_spans(pool, dst.rows, CPU_HEAVY * dst.rows * dst.cols, normal_rows, &a);
}
