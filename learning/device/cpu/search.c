//go:build cgo && !purego

#include "parallel.h"
#include "vecmath.h"

#include <math.h>
#include <string.h>

typedef struct {
	const float *mean, *std;
	cpu_mat x;
} perturbed;

CPU_CLONES static void perturb_rows(const void *args, long begin, long end) {
	const perturbed *a = args;
	for (long i = begin; i < end; i++) {
		float *x = a->x.p + i * a->x.stride;
#pragma omp simd
		for (long j = 0; j < a->x.cols; j++) {
			float v = a->mean[j] + a->std[j] * x[j];
			v = v < -1.0f ? -1.0f : v; // NaN stays
			x[j] = v > 1.0f ? 1.0f : v;
		}
	}
}

void cpu_perturb(cpu_pool *pool, const float *mean, const float *std, cpu_mat x) {
	perturbed a = {mean, std, x};
	cpu_spans(pool, x.rows, x.rows * x.cols, perturb_rows, &a);
}

// bounded says that no x is NaN or infinite; else every weight becomes NaN.
static int bounded(long n, const float *x, float *weights) {
	float bad = 0;
#pragma omp simd reduction(+ : bad)
	for (long i = 0; i < n; i++) bad += x[i] - x[i];
	if (bad == 0) return 1;
	for (long i = 0; i < n; i++) weights[i] = NAN;
	return 0;
}

// ordered maps floats to integers of the same order; both zeros to one.
static inline uint32_t ordered(float x) {
	uint32_t bits;
	x += 0.0f;
	memcpy(&bits, &x, sizeof bits);
	return bits & 0x80000000u ? ~bits : bits | 0x80000000u;
}

void cpu_elites(long n, long k, const float *x, float *weights) {
	if (!bounded(n, x, weights)) return;
	// The k-th greatest, a byte at a time; left is its rank among those that share
	// the bytes found.
	uint32_t found = 0, mask = 0;
	long left = k;
	for (int shift = 24; shift >= 0; shift -= 8) {
		long count[256] = {0};
		for (long i = 0; i < n; i++) {
			uint32_t o = ordered(x[i]);
			if ((o & mask) == found) count[o >> shift & 255]++;
		}
		int byte = 255;
		while (left > count[byte]) left -= count[byte--];
		found |= (uint32_t)byte << shift;
		mask |= 255u << shift;
	}
	for (long i = 0; i < n; i++) {
		uint32_t o = ordered(x[i]);
		weights[i] = o > found || (o == found && left-- > 0) ? 1.0f / (float)k : 0;
	}
}

void cpu_softmax(long n, float gamma, const float *x, float *weights) {
	if (n == 0 || !bounded(n, x, weights)) return;
	float top = x[0];
	for (long i = 1; i < n; i++) top = x[i] > top ? x[i] : top;
	double sum = 0;
	for (long i = 0; i < n; i++) {
		float e = gamma * (x[i] - top);
		weights[i] = e < -87.0f ? 0 : v_exp(e);
		sum += weights[i];
	}
	for (long i = 0; i < n; i++) weights[i] = (float)(weights[i] / sum);
}

typedef struct {
	const float *weights;
	cpu_mat x;
	double *sums;
	float floor, *mean, *std;
} fitted;

// fit_columns sums columns [begin, end) row by row, so that the order does not
// depend on the threads.
CPU_CLONES static void fit_columns(const void *args, long begin, long end) {
	const fitted *a = args;
	double *sums = a->sums;
	for (long j = begin; j < end; j++) sums[j] = 0;
	for (long i = 0; i < a->x.rows; i++) {
		double w = a->weights[i];
		const float *x = a->x.p + i * a->x.stride;
		if (w == 0) continue;
#pragma omp simd
		for (long j = begin; j < end; j++) sums[j] += w * x[j];
	}
	for (long j = begin; j < end; j++) {
		a->mean[j] = (float)sums[j];
		sums[j] = 0;
	}
	for (long i = 0; i < a->x.rows; i++) {
		double w = a->weights[i];
		const float *x = a->x.p + i * a->x.stride;
		if (w == 0) continue;
#pragma omp simd
		for (long j = begin; j < end; j++) {
			double e = (double)x[j] - a->mean[j];
			sums[j] += w * e * e;
		}
	}
#pragma omp simd
	for (long j = begin; j < end; j++) a->std[j] = (float)sqrt(sums[j] + a->floor);
}

void cpu_fit(cpu_pool *pool, const float *weights, cpu_mat x, float floor, float *mean, float *std, double *sums) {
	fitted a = {weights, x, sums, floor, mean, std};
	cpu_spans(pool, x.cols, x.rows * x.cols, fit_columns, &a);
}
