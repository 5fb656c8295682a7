//go:build cgo && !purego

#include "parallel.h"

#include <math.h>

typedef struct {
	float epsilon;
	const float *gain, *bias;
	cpu_mat x, y, norm;
	float *inverse;
} layer_norm;

static inline float *row(cpu_mat m, long i) { return m.rows ? m.p + i * m.stride : 0; }

// Distances are taken from the first number of a row for its mean, and from that
// mean, rounded, for the variance, which the rest of the mean then corrects: numbers
// that are large but near each other lose no digits (the corrected two-pass algorithm
// of Chan, Golub & LeVeque 1983, "Algorithms for computing the sample variance").
CPU_CLONES static void layer_norm_rows(const void *args, long begin, long end) {
	const layer_norm *a = args;
	const float *gain = a->gain, *bias = a->bias;
	long d = a->x.cols;
	for (long i = begin; i < end; i++) {
		const float *x = row(a->x, i);
		float *y = row(a->y, i), *norm = row(a->norm, i);
		float first = x[0], sum = 0, rest = 0, square = 0;
#pragma omp simd reduction(+ : sum)
		for (long j = 0; j < d; j++) sum += x[j] - first;
		float middle = first + sum / (float)d;
#pragma omp simd reduction(+ : rest, square)
		for (long j = 0; j < d; j++) {
			float e = x[j] - middle;
			rest += e;
			square += e * e;
		}
		rest /= (float)d;
		float variance = square / (float)d - rest * rest;
		if (variance < 0) variance = 0; // NaN stays
		float inverse = 1.0f / sqrtf(variance + a->epsilon);
#pragma omp simd
		for (long j = 0; j < d; j++) {
			float n = (x[j] - middle - rest) * inverse;
			if (norm) norm[j] = n;
			y[j] = gain[j] * n + bias[j];
		}
		if (norm) a->inverse[i] = inverse;
	}
}

void cpu_layer_norm(cpu_pool *pool, int act, float epsilon, cpu_mat x, const float *gain, const float *bias,
	cpu_mat y, cpu_mat norm, float *inverse) {
	layer_norm a = {epsilon, gain, bias, x, y, norm, inverse};
	cpu_spans(pool, x.rows, 4 * x.rows * x.cols, layer_norm_rows, &a);
	cpu_bias_act(pool, act, 0, y);
}

typedef struct {
	cpu_mat dpre, norm, dx, products;
	const float *gain, *inverse;
} layer_norm_gradient;

// layer_norm_slopes fills rows of dx and of products = dpre∘norm.
CPU_CLONES static void layer_norm_slopes(const void *args, long begin, long end) {
	const layer_norm_gradient *a = args;
	const float *gain = a->gain;
	long d = a->dpre.cols;
	for (long i = begin; i < end; i++) {
		const float *dpre = row(a->dpre, i), *norm = row(a->norm, i);
		float *dx = row(a->dx, i), *products = row(a->products, i);
		float direct = 0, along = 0;
#pragma omp simd reduction(+ : direct, along)
		for (long j = 0; j < d; j++) {
			float p = dpre[j] * norm[j];
			products[j] = p;
			direct += gain[j] * dpre[j];
			along += gain[j] * p;
		}
		if (!dx) continue;
		direct /= (float)d;
		along /= (float)d;
		float inverse = a->inverse[i];
#pragma omp simd
		for (long j = 0; j < d; j++) dx[j] = inverse * (gain[j] * dpre[j] - direct - norm[j] * along);
	}
}

void cpu_layer_norm_backward(cpu_pool *pool, cpu_mat dpre, const float *gain, cpu_mat norm, const float *inverse,
	cpu_mat dx, float *dgain, float *products, float *scratch) {
	cpu_mat p = {products, dpre.rows, dpre.cols, dpre.cols};
	layer_norm_gradient a = {dpre, norm, dx, p, gain, inverse};
	cpu_sum_columns(pool, p, 0, dgain, scratch, layer_norm_slopes, &a);
}
