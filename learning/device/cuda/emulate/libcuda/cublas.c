#include "libcuda.h"

#include <stdlib.h>

// What package cuda calls of cuBLAS: column-major products on a stream.

struct handle {
	struct stream *stream;
	int mode, workspace; // given by the caller, so that nothing is allocated
};

enum { BLAS_SUCCESS = 0, BLAS_NOT_INITIALIZED = 1, BLAS_ALLOC_FAILED = 3, BLAS_INVALID_VALUE = 7, BLAS_EXECUTION_FAILED = 13 };

int cublasCreate_v2(struct handle **h) {
	enter();
	int code = usable();
	if (!code) code = refused(__func__);
	if (!code) code = unsafe();
	*h = code ? NULL : calloc(1, sizeof **h);
	return leave(code ? BLAS_NOT_INITIALIZED : BLAS_SUCCESS);
}

int cublasDestroy_v2(struct handle *h) {
	free(h);
	return BLAS_SUCCESS;
}

int cublasGetVersion_v2(struct handle *h, int *version) {
	(void)h;
	*version = 120000;
	return BLAS_SUCCESS;
}

// A new stream ends the use of the caller's workspace.
int cublasSetStream_v2(struct handle *h, struct stream *s) {
	enter();
	if (!h) return leave(BLAS_NOT_INITIALIZED);
	h->stream = s;
	h->workspace = 0;
	return leave(is_stream(s) ? BLAS_SUCCESS : BLAS_INVALID_VALUE);
}

int cublasSetMathMode(struct handle *h, int mode) {
	enter();
	if (!h) return leave(BLAS_NOT_INITIALIZED);
	h->mode = mode;
	return leave(mode == 0 || mode == 3 ? BLAS_SUCCESS : BLAS_INVALID_VALUE); // default, TF32
}

int cublasSetWorkspace_v2(struct handle *h, void *workspace, size_t bytes) {
	enter();
	if (!h) return leave(BLAS_NOT_INITIALIZED);
	if (!is_device((deviceptr)workspace, bytes) || (deviceptr)workspace % 256) return leave(BLAS_INVALID_VALUE);
	h->workspace = 1;
	return leave(BLAS_SUCCESS);
}

struct sgemm {
	int ta, tb, m, n, k, lda, ldb, ldc;
	float alpha, beta;
	const float *a, *b;
	float *c;
};

static int sgemm(const void *args) {
	const struct sgemm *g = args;
	for (int j = 0; j < g->n; j++)
		for (int i = 0; i < g->m; i++) {
			float sum = 0;
			for (int p = 0; p < g->k; p++) {
				float a = g->ta ? g->a[(size_t)i * g->lda + p] : g->a[(size_t)p * g->lda + i];
				float b = g->tb ? g->b[(size_t)p * g->ldb + j] : g->b[(size_t)j * g->ldb + p];
				sum += a * b;
			}
			float *c = g->c + (size_t)j * g->ldc + i;
			*c = g->alpha * sum + (g->beta == 0 ? 0 : g->beta * *c);
		}
	return 0;
}

static int reach(int rows, int cols, int ld) { return (cols - 1) * ld + rows; }

int cublasSgemm_v2(struct handle *h, int ta, int tb, int m, int n, int k, const float *alpha, const float *a, int lda,
				   const float *b, int ldb, const float *beta, float *c, int ldc) {
	enter();
	if (!h || usable()) return leave(BLAS_NOT_INITIALIZED);
	int code = refused(__func__);
	if (code) return leave(code);
	if (!h->workspace && unsafe()) return leave(BLAS_ALLOC_FAILED);
	if (m < 0 || n < 0 || k < 0 || lda < (ta ? k : m) || lda < 1 || ldb < (tb ? n : k) || ldb < 1 || ldc < m || ldc < 1)
		return leave(BLAS_INVALID_VALUE);
	if (m == 0 || n == 0) return leave(BLAS_SUCCESS);
	if (!is_device((deviceptr)c, 4 * (size_t)reach(m, n, ldc)) ||
		(k && (!is_device((deviceptr)a, 4 * (size_t)(ta ? reach(k, m, lda) : reach(m, k, lda))) ||
			   !is_device((deviceptr)b, 4 * (size_t)(tb ? reach(n, k, ldb) : reach(k, n, ldb))))))
		return leave(BLAS_INVALID_VALUE);
	struct sgemm g = {ta, tb, m, n, k, lda, ldb, ldc, *alpha, *beta, a, b, c};
	struct op *o = new_op(CALL, &g, sizeof g);
	o->call = sgemm;
	return leave(queue(h->stream, o) ? BLAS_EXECUTION_FAILED : BLAS_SUCCESS);
}
