//go:build cgo && !purego

#include "parallel.h"

#include <string.h>

// Sums are taken over pieces whose bounds depend on the length alone, and the
// pieces are added in order: the result does not depend on the thread count.

enum { PIECE = 8192 };      // floats a piece of a scalar sum
enum { LANES = 16 };        // independent partial sums within a piece
enum { BATCH = 64 };        // pieces in flight

typedef struct {
	const float *x, *y;
	float w, *diff;
	long n;
	double *sums;
} scalar_sum;

CPU_CLONES static void squares_span(const void *args, long begin, long end) {
	const scalar_sum *a = args;
	for (long piece = begin; piece < end; piece++) {
		long i = piece * PIECE, stop = i + PIECE < a->n ? i + PIECE : a->n;
		float lane[LANES] = {0};
		for (; i + LANES <= stop; i += LANES)
			for (int l = 0; l < LANES; l++) lane[l] += a->x[i + l] * a->x[i + l];
		double s = 0;
		for (; i < stop; i++) s += (double)a->x[i] * a->x[i];
		for (int l = 0; l < LANES; l++) s += lane[l];
		a->sums[piece % BATCH] = s;
	}
}

CPU_CLONES static void error_span(const void *args, long begin, long end) {
	const scalar_sum *a = args;
	for (long piece = begin; piece < end; piece++) {
		long i = piece * PIECE, stop = i + PIECE < a->n ? i + PIECE : a->n;
		if (a->diff) {
#pragma omp simd
			for (long j = i; j < stop; j++) a->diff[j] = a->w * (a->x[j] - a->y[j]);
		}
		float lane[LANES] = {0};
		for (; i + LANES <= stop; i += LANES)
			for (int l = 0; l < LANES; l++) {
				float d = a->x[i + l] - a->y[i + l];
				lane[l] += d * d;
			}
		double s = 0;
		for (; i < stop; i++) {
			double d = (double)a->x[i] - a->y[i];
			s += d * d;
		}
		for (int l = 0; l < LANES; l++) s += lane[l];
		a->sums[piece % BATCH] = s;
	}
}

// offset shifts a batch of pieces to its place.
typedef struct {
	const scalar_sum *sum;
	cpu_span f;
	long first;
} batch;

static void batch_span(const void *args, long begin, long end) {
	const batch *b = args;
	b->f(b->sum, b->first + begin, b->first + end);
}

static double sum_pieces(cpu_pool *pool, scalar_sum *a, cpu_span f) {
	double sums[BATCH], total = 0;
	a->sums = sums;
	long pieces = (a->n + PIECE - 1) / PIECE;
	for (long first = 0; first < pieces; first += BATCH) {
		long count = pieces - first < BATCH ? pieces - first : BATCH;
		batch b = {a, f, first};
		cpu_spans(pool, count, count * PIECE, batch_span, &b);
		for (long i = 0; i < count; i++) total += sums[i];
	}
	return total;
}

double cpu_sum_squares(cpu_pool *pool, long n, const float *x) {
	scalar_sum a = {.x = x, .n = n};
	return sum_pieces(pool, &a, squares_span);
}

double cpu_squared_error(cpu_pool *pool, long n, const float *x, const float *y, float w, float *diff) {
	scalar_sum a = {.x = x, .y = y, .w = w, .diff = diff, .n = n};
	return 0.5 * sum_pieces(pool, &a, error_span);
}

typedef struct {
	cpu_mat x;
	long chunk; // rows a chunk
	float *partial;
	cpu_span fill;
	const void *args;
} column_sum;

// A chunk of a narrow matrix without gaps is summed as a wider one, FOLD rows
// side by side, so that the vector units are full; then folded.
enum { FOLD = 16 };

// add_rows adds rows [begin, end) of x to sum.
CPU_CLONES static void add_rows(const cpu_mat *x, long begin, long end, float *sum) {
	long cols = x->cols, i = begin;
	if (cols < FOLD && x->stride == cols) {
		float wide[FOLD * FOLD] = {0};
		for (; i + FOLD <= end; i += FOLD) {
			const float *p = x->p + i * cols;
#pragma omp simd
			for (long j = 0; j < FOLD * cols; j++) wide[j] += p[j];
		}
		for (long j = 0; j < FOLD * cols; j++) sum[j % cols] += wide[j];
	}
	for (; i < end; i++) {
		const float *p = x->p + i * x->stride;
#pragma omp simd
		for (long j = 0; j < cols; j++) sum[j] += p[j];
	}
}

enum { NEAR = 4096 }; // floats that are still in the first cache after filling

static void column_chunks(const void *args, long begin, long end) {
	const column_sum *a = args;
	long cols = a->x.cols, step = NEAR / cols / FOLD * FOLD;
	if (step < FOLD) step = FOLD;
	for (long c = begin; c < end; c++) {
		float *sum = a->partial + c * cols;
		memset(sum, 0, cols * sizeof *sum);
		long i = c * a->chunk, stop = i + a->chunk < a->x.rows ? i + a->chunk : a->x.rows;
		for (; i < stop; i += step) {
			long to = i + step < stop ? i + step : stop;
			if (a->fill) a->fill(a->args, i, to);
			add_rows(&a->x, i, to, sum);
		}
	}
}

void cpu_sum_columns(cpu_pool *pool, cpu_mat x, float beta, float *out, float *scratch, cpu_span fill,
	const void *args) {
	long chunk = (x.rows + CPU_SUM_CHUNKS - 1) / CPU_SUM_CHUNKS;
	if (chunk < FOLD) chunk = FOLD;
	long chunks = (x.rows + chunk - 1) / chunk;
	column_sum a = {x, chunk, scratch, fill, args};
	cpu_spans(pool, chunks, x.rows * x.cols, column_chunks, &a);
	for (long j = 0; j < x.cols; j++) {
		float s = 0;
		for (long c = 0; c < chunks; c++) s += scratch[c * x.cols + j];
		out[j] = beta == 0 ? s : beta * out[j] + s;
	}
}

void cpu_col_sum(cpu_pool *pool, cpu_mat x, float beta, float *out, float *scratch) {
	cpu_sum_columns(pool, x, beta, out, scratch, 0, 0);
}
