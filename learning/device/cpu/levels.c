//go:build cgo && !purego

#include "parallel.h"

typedef struct {
	float *dst;
	const uint8_t *src;
	int shift;
	float scale;
	uint64_t seed;
} levels;

// mixed is the finaliser of MurmurHash3 with the constants of lowbias32; package
// purego has the same.
static inline uint32_t mixed(uint32_t x) {
	x ^= x >> 16;
	x *= 0x21f0aaadu;
	x ^= x >> 15;
	x *= 0x735a2d97u;
	return x ^ x >> 15;
}

CPU_CLONES static void middle_span(const void *args, long begin, long end) {
	const levels *a = args;
	int shift = a->shift;
	float scale = a->scale;
#pragma omp simd
	for (long i = begin; i < end; i++) a->dst[i] = ((float)(a->src[i] >> shift) + 0.5f) * scale - 0.5f;
}

CPU_CLONES static void noisy_span(const void *args, long begin, long end) {
	const levels *a = args;
	int shift = a->shift;
	float scale = a->scale;
	uint32_t lo = (uint32_t)a->seed, hi = (uint32_t)(a->seed >> 32);
#pragma omp simd
	for (long i = begin; i < end; i++) {
		uint32_t x = mixed(mixed((uint32_t)i + lo) ^ hi);
		float u = (float)(int32_t)(x >> 8) * (1.0f / (1 << 24));
		a->dst[i] = ((float)(a->src[i] >> shift) + u) * scale - 0.5f;
	}
}

void cpu_levels(cpu_pool *pool, long n, float *dst, const uint8_t *src, int bits, uint64_t seed) {
	levels a = {dst, src, 8 - bits, 1.0f / (float)(1 << bits), seed};
	cpu_spans(pool, n, n, seed ? noisy_span : middle_span, &a);
}
