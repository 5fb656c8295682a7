//go:build cgo && !purego

#include "onednn.h"

#include <omp.h>

// Multiplications below which a second thread gains less than its barrier risks:
// 2²⁰ take 8 µs on one core.
enum { SMALL_GEMM = 1 << 20 };

int cpu_gemm(int threads, int ta, int tb, long m, long n, long k, float alpha, const float *a,
	long lda, const float *b, long ldb, float beta, float *c, long ldc) {
	omp_set_num_threads(m * n * k < SMALL_GEMM ? 1 : threads);
	return dnnl_sgemm(ta ? 'T' : 'N', tb ? 'T' : 'N', m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}
