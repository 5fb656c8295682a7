//go:build cgo && !purego

#include "parallel.h"

#include <string.h>

// A convolution of few positions is faster as a product with the matrix of its
// patches: oneDNN's kernels keep several neighbours of a row in registers, and
// there are none.

typedef struct {
	const cpu_conv_shape *s;
	const float *from;
	float *to;
} patches;

static void unfold_images(const void *args, long begin, long end) {
	const patches *a = args;
	const cpu_conv_shape *s = a->s;
	long oh = (s->h - s->k) / s->stride + 1, ow = (s->w - s->k) / s->stride + 1, run = s->k * s->in;
	for (long n = begin; n < end; n++) {
		const float *image = a->from + n * s->h * s->w * s->in;
		float *to = a->to + n * oh * ow * s->k * run;
		for (long i = 0; i < oh; i++)
			for (long j = 0; j < ow; j++)
				for (long k = 0; k < s->k; k++, to += run)
					memcpy(to, image + ((i * s->stride + k) * s->w + j * s->stride) * s->in, run * sizeof *to);
	}
}

void cpu_unfold(cpu_pool *pool, const cpu_conv_shape *s, const float *src, float *to) {
	patches a = {s, src, to};
	cpu_spans(pool, s->n, (long)s->n * s->h * s->w * s->in, unfold_images, &a);
}

CPU_CLONES static void fold_images(const void *args, long begin, long end) {
	const patches *a = args;
	const cpu_conv_shape *s = a->s;
	long oh = (s->h - s->k) / s->stride + 1, ow = (s->w - s->k) / s->stride + 1, run = s->k * s->in;
	long size = (long)s->h * s->w * s->in;
	for (long n = begin; n < end; n++) {
		float *image = a->to + n * size;
		const float *from = a->from + n * oh * ow * s->k * run;
		memset(image, 0, size * sizeof *image);
		for (long i = 0; i < oh; i++)
			for (long j = 0; j < ow; j++)
				for (long k = 0; k < s->k; k++, from += run) {
					float *to = image + ((i * s->stride + k) * s->w + j * s->stride) * s->in;
#pragma omp simd
					for (long c = 0; c < run; c++) to[c] += from[c];
				}
	}
}

void cpu_fold(cpu_pool *pool, const cpu_conv_shape *s, const float *from, float *src) {
	patches a = {s, from, src};
	cpu_spans(pool, s->n, (long)s->n * s->h * s->w * s->in, fold_images, &a);
}

typedef struct {
	long rows, cols;
	const float *src;
	float *dst;
} transposition;

enum { BLOCK = 16 }; // a cache line of either side

static void transpose_columns(const void *args, long begin, long end) {
	const transposition *a = args;
	for (long j = begin * BLOCK; j < end * BLOCK && j < a->cols; j += BLOCK)
		for (long i = 0; i < a->rows; i += BLOCK)
			for (long c = j; c < j + BLOCK && c < a->cols; c++)
				for (long r = i; r < i + BLOCK && r < a->rows; r++)
					a->dst[c * a->rows + r] = a->src[r * a->cols + c];
}

void cpu_transpose(cpu_pool *pool, long rows, long cols, const float *src, float *dst) {
	transposition a = {rows, cols, src, dst};
	cpu_spans(pool, (cols + BLOCK - 1) / BLOCK, rows * cols, transpose_columns, &a);
}
