//go:build cgo && !purego

#include "parallel.h"
#include "vecmath.h"

typedef struct {
	cpu_mat gx, gh, h, next, gates, dnext, dgx, dgh, dh;
} gru;

static inline float *row(cpu_mat m, long i) { return m.p + i * m.stride; }

CPU_CLONES static void gru_rows(const void *args, long begin, long end) {
	const gru *a = args;
	long u = a->h.cols;
	for (long i = begin; i < end; i++) {
		const float *gx = row(a->gx, i), *gh = row(a->gh, i), *h = row(a->h, i);
		float *next = row(a->next, i), *gates = row(a->gates, i);
#pragma omp simd
		for (long j = 0; j < u; j++) {
			float z = v_sigmoid(gx[j] + gh[j]);
			float r = v_sigmoid(gx[u + j] + gh[u + j]);
			float n = v_tanh(gx[2 * u + j] + r * gh[2 * u + j]);
			gates[j] = z;
			gates[u + j] = r;
			gates[2 * u + j] = n;
			next[j] = z * h[j] + (1.0f - z) * n;
		}
	}
}

void cpu_gru(cpu_pool *pool, cpu_mat gx, cpu_mat gh, cpu_mat h, cpu_mat next, cpu_mat gates) {
	gru a = {.gx = gx, .gh = gh, .h = h, .next = next, .gates = gates};
	cpu_spans(pool, h.rows, 3 * CPU_HEAVY * h.rows * h.cols, gru_rows, &a);
}

CPU_CLONES static void gru_backward_rows(const void *args, long begin, long end) {
	const gru *a = args;
	long u = a->h.cols;
	for (long i = begin; i < end; i++) {
		const float *gates = row(a->gates, i), *gh = row(a->gh, i), *h = row(a->h, i), *d = row(a->dnext, i);
		float *dgx = row(a->dgx, i), *dgh = row(a->dgh, i), *dh = row(a->dh, i);
#pragma omp simd
		for (long j = 0; j < u; j++) {
			float z = gates[j], r = gates[u + j], n = gates[2 * u + j], dn = d[j];
			float z_pre = dn * (h[j] - n) * z * (1.0f - z);
			float n_pre = dn * (1.0f - z) * (1.0f - n * n);
			float r_pre = n_pre * gh[2 * u + j] * r * (1.0f - r);
			dgx[j] = z_pre;
			dgh[j] = z_pre;
			dgx[u + j] = r_pre;
			dgh[u + j] = r_pre;
			dgx[2 * u + j] = n_pre;
			dgh[2 * u + j] = n_pre * r;
			dh[j] = dn * z;
		}
	}
}

void cpu_gru_backward(cpu_pool *pool, cpu_mat gates, cpu_mat gh, cpu_mat h, cpu_mat dnext, cpu_mat dgx,
	cpu_mat dgh, cpu_mat dh) {
	gru a = {.gates = gates, .gh = gh, .h = h, .dnext = dnext, .dgx = dgx, .dgh = dgh, .dh = dh};
	cpu_spans(pool, h.rows, 8 * h.rows * h.cols, gru_backward_rows, &a);
}
