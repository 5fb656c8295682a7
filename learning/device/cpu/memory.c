//go:build cgo && !purego

#include "parallel.h"

#include <string.h>

typedef struct {
	float *dst;
	const float *src;
	const uint8_t *pixels;
	float v;
} line;

CPU_CLONES static void pixels_span(const void *args, long begin, long end) {
	const line *a = args;
#pragma omp simd
	for (long i = begin; i < end; i++) a->dst[i] = (float)a->pixels[i] / 255.0f - 0.5f;
}

void cpu_pixels(cpu_pool *pool, long n, float *dst, const uint8_t *src) {
	line a = {.dst = dst, .pixels = src};
	cpu_spans(pool, n, n, pixels_span, &a);
}

CPU_CLONES static void fill_span(const void *args, long begin, long end) {
	const line *a = args;
	float v = a->v;
	for (long i = begin; i < end; i++) a->dst[i] = v;
}

void cpu_fill(cpu_pool *pool, long n, float *dst, float v) {
	line a = {.dst = dst, .v = v};
	cpu_spans(pool, n, n, fill_span, &a);
}

CPU_CLONES static void axpy_span(const void *args, long begin, long end) {
	const line *a = args;
	float alpha = a->v;
#pragma omp simd
	for (long i = begin; i < end; i++) a->dst[i] += alpha * a->src[i];
}

void cpu_axpy(cpu_pool *pool, long n, float alpha, const float *x, float *y) {
	line a = {.dst = y, .src = x, .v = alpha};
	cpu_spans(pool, n, n, axpy_span, &a);
}

CPU_CLONES static void scale_span(const void *args, long begin, long end) {
	const line *a = args;
	float by = a->v;
#pragma omp simd
	for (long i = begin; i < end; i++) a->dst[i] *= by;
}

void cpu_scale(cpu_pool *pool, long n, float by, float *x) {
	line a = {.dst = x, .v = by};
	cpu_spans(pool, n, n, scale_span, &a);
}

typedef struct {
	cpu_mat dst, src;
} pair;

static void copy_rows(const void *args, long begin, long end) {
	const pair *a = args;
	for (long i = begin; i < end; i++)
		memcpy(a->dst.p + i * a->dst.stride, a->src.p + i * a->src.stride, a->dst.cols * sizeof(float));
}

void cpu_copy_mat(cpu_pool *pool, cpu_mat dst, cpu_mat src) {
	pair a = {dst, src};
	cpu_spans(pool, dst.rows, dst.rows * dst.cols, copy_rows, &a);
}

CPU_CLONES static void add_rows(const void *args, long begin, long end) {
	const pair *a = args;
	for (long i = begin; i < end; i++) {
		float *d = a->dst.p + i * a->dst.stride;
		const float *s = a->src.p + i * a->src.stride;
#pragma omp simd
		for (long j = 0; j < a->dst.cols; j++) d[j] += s[j];
	}
}

void cpu_add_mat(cpu_pool *pool, cpu_mat dst, cpu_mat src) {
	pair a = {dst, src};
	cpu_spans(pool, dst.rows, dst.rows * dst.cols, add_rows, &a);
}

typedef struct {
	cpu_mat src, scale, dst;
	float beta;
} products;

CPU_CLONES static void mul_rows(const void *args, long begin, long end) {
	const products *a = args;
	long each = a->dst.rows / a->scale.rows, cols = a->dst.cols;
	float beta = a->beta;
	for (long i = begin; i < end; i++) {
		float *d = a->dst.p + i * a->dst.stride;
		const float *x = a->src.p + i % a->src.rows * a->src.stride;
		const float *s = a->scale.p + i / each * a->scale.stride;
		if (beta == 0) {
#pragma omp simd
			for (long j = 0; j < cols; j++) d[j] = x[j] * s[j];
		} else {
#pragma omp simd
			for (long j = 0; j < cols; j++) d[j] = beta * d[j] + x[j] * s[j];
		}
	}
}

void cpu_mul_rows(cpu_pool *pool, cpu_mat src, cpu_mat scale, float beta, cpu_mat dst) {
	products a = {src, scale, dst, beta};
	cpu_spans(pool, dst.rows, dst.rows * dst.cols, mul_rows, &a);
}
