//go:build cgo && !purego

#include "library.h"
#include "onednn.h"

#include <stdatomic.h>

// Multiplications below which a second thread gains less than waking it costs:
// 2²⁰ take 8 µs on one core.
enum { SMALL_GEMM = 1 << 20 };
enum { CUT = 16 }; // parts begin at a multiple of a vector

typedef struct {
	int ta, tb, by_rows;
	long m, n, k, lda, ldb, ldc, chunks;
	float alpha, beta;
	const float *a, *b;
	float *c;
	atomic_int *status;
} product;

// multiply_part computes a band of rows, or of columns, of c.
static void multiply_part(const void *args, long chunk, int worker) {
	product p = *(const product *)args;
	long size = p.by_rows ? p.m : p.n;
	long lo = size * chunk / p.chunks / CUT * CUT, hi = size * (chunk + 1) / p.chunks / CUT * CUT;
	if (chunk + 1 == p.chunks) hi = size;
	if (p.by_rows) {
		p.m = hi - lo;
		p.a += p.ta ? lo : lo * p.lda;
		p.c += lo * p.ldc;
	} else {
		p.n = hi - lo;
		p.b += p.tb ? lo * p.ldb : lo;
		p.c += lo;
	}
	if (lo == hi) return;
	int status = dnnl_sgemm(p.ta ? 'T' : 'N', p.tb ? 'T' : 'N', p.m, p.n, p.k, p.alpha, p.a, p.lda, p.b,
		p.ldb, p.beta, p.c, p.ldc);
	if (status) atomic_store(p.status, status);
}

int cpu_gemm(cpu_pool *pool, int ta, int tb, long m, long n, long k, float alpha, const float *a,
	long lda, const float *b, long ldb, float beta, float *c, long ldc) {
	cpu_single_threaded();
	long chunks = m * n * k < SMALL_GEMM ? 1 : cpu_pool_threads(pool);
	atomic_int status = 0;
	product p = {ta, tb, m >= n, m, n, k, lda, ldb, ldc, chunks, alpha, beta, a, b, c, &status};
	cpu_pool_run(pool, chunks, multiply_part, &p);
	return status;
}
