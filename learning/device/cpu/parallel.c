//go:build cgo && !purego

#include "parallel.h"

typedef struct {
	cpu_span f;
	const void *args;
	long n, chunks;
} spans;

static void span_chunk(const void *args, long chunk, int worker) {
	const spans *s = args;
	s->f(s->args, s->n * chunk / s->chunks, s->n * (chunk + 1) / s->chunks);
}

void cpu_spans(cpu_pool *pool, long n, long work, cpu_span f, const void *args) {
	long chunks = 2 * cpu_pool_threads(pool);
	if (chunks > n) chunks = n;
	if (cpu_pool_threads(pool) == 1 || chunks <= 1 || work < CPU_SMALL) {
		f(args, 0, n);
		return;
	}
	spans s = {f, args, n, chunks};
	cpu_pool_run(pool, chunks, span_chunk, &s);
}
