//go:build cgo && !purego

#include "parallel.h"

#include <math.h>

typedef struct {
	float *p;
	const float *g;
	float *m, *v;
	float gscale, step, beta1, beta2, eps;
} adam;

CPU_CLONES static void adam_span(const void *args, long begin, long end) {
	const adam a = *(const adam *)args;
#pragma omp simd
	for (long i = begin; i < end; i++) {
		float g = a.g[i] * a.gscale;
		float m = a.m[i] + (1.0f - a.beta1) * (g - a.m[i]);
		float v = a.v[i] + (1.0f - a.beta2) * (g * g - a.v[i]);
		a.m[i] = m;
		a.v[i] = v;
		a.p[i] -= a.step * m / (sqrtf(v) + a.eps);
	}
}

void cpu_adam(cpu_pool *pool, long n, float *p, const float *g, float *m, float *v, float gscale,
	float step, float beta1, float beta2, float eps) {
	adam a = {p, g, m, v, gscale, step, beta1, beta2, eps};
	cpu_spans(pool, n, 4 * n, adam_span, &a);
}
