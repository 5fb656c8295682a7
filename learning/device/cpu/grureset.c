//go:build cgo && !purego

#include "parallel.h"
#include "vecmath.h"

typedef struct {
	cpu_mat gx, gh, h, next, gates, reset; // or their gradients
} gru;

static inline float *row(cpu_mat m, long i) { return m.p + i * m.stride; }

CPU_CLONES static void gates_rows(const void *args, long begin, long end) {
	const gru *a = args;
	long u = a->h.cols;
	for (long i = begin; i < end; i++) {
		const float *gx = row(a->gx, i), *gh = row(a->gh, i), *h = row(a->h, i);
		float *gates = row(a->gates, i), *reset = row(a->reset, i);
#pragma omp simd
		for (long j = 0; j < u; j++) {
			float r = v_sigmoid(gx[u + j] + gh[u + j]);
			gates[j] = v_sigmoid(gx[j] + gh[j]);
			gates[u + j] = r;
			reset[j] = r * h[j];
		}
	}
}

void cpu_gru_gates(cpu_pool *pool, cpu_mat gx, cpu_mat gh, cpu_mat h, cpu_mat gates, cpu_mat reset) {
	gru a = {.gx = gx, .gh = gh, .h = h, .gates = gates, .reset = reset};
	cpu_spans(pool, h.rows, 2 * CPU_HEAVY * h.rows * h.cols, gates_rows, &a);
}

CPU_CLONES static void blend_rows(const void *args, long begin, long end) {
	const gru *a = args;
	long u = a->h.cols;
	for (long i = begin; i < end; i++) {
		const float *gx = row(a->gx, i), *gn = row(a->gh, i), *h = row(a->h, i);
		float *gates = row(a->gates, i), *next = row(a->next, i);
#pragma omp simd
		for (long j = 0; j < u; j++) {
			float n = v_tanh(gx[2 * u + j] + gn[j]), z = gates[j];
			gates[2 * u + j] = n;
			next[j] = z * h[j] + (1.0f - z) * n;
		}
	}
}

void cpu_gru_blend(cpu_pool *pool, cpu_mat gx, cpu_mat gn, cpu_mat h, cpu_mat next, cpu_mat gates) {
	gru a = {.gx = gx, .gh = gn, .h = h, .next = next, .gates = gates};
	cpu_spans(pool, h.rows, CPU_HEAVY * h.rows * h.cols, blend_rows, &a);
}

CPU_CLONES static void blend_backward_rows(const void *args, long begin, long end) {
	const gru *a = args;
	long u = a->h.cols;
	for (long i = begin; i < end; i++) {
		const float *gates = row(a->gates, i), *h = row(a->h, i), *d = row(a->next, i);
		float *dgx = row(a->gx, i), *dh = row(a->reset, i);
#pragma omp simd
		for (long j = 0; j < u; j++) {
			float z = gates[j], n = gates[2 * u + j];
			dgx[j] = d[j] * (h[j] - n) * z * (1.0f - z);
			dgx[2 * u + j] = d[j] * (1.0f - z) * (1.0f - n * n);
			dh[j] = d[j] * z;
		}
	}
}

void cpu_gru_blend_backward(cpu_pool *pool, cpu_mat gates, cpu_mat h, cpu_mat dnext, cpu_mat dgx, cpu_mat dh) {
	gru a = {.gates = gates, .h = h, .next = dnext, .gx = dgx, .reset = dh};
	cpu_spans(pool, h.rows, 6 * h.rows * h.cols, blend_backward_rows, &a);
}

CPU_CLONES static void gates_backward_rows(const void *args, long begin, long end) {
	const gru *a = args;
	long u = a->h.cols;
	for (long i = begin; i < end; i++) {
		const float *gates = row(a->gates, i), *h = row(a->h, i), *d = row(a->next, i);
		float *dgx = row(a->gx, i), *dh = row(a->reset, i);
#pragma omp simd
		for (long j = 0; j < u; j++) {
			float r = gates[u + j];
			dgx[u + j] = d[j] * h[j] * r * (1.0f - r);
			dh[j] += d[j] * r;
		}
	}
}

void cpu_gru_gates_backward(cpu_pool *pool, cpu_mat gates, cpu_mat h, cpu_mat dreset, cpu_mat dgx, cpu_mat dh) {
	gru a = {.gates = gates, .h = h, .next = dreset, .gx = dgx, .reset = dh};
	cpu_spans(pool, h.rows, 5 * h.rows * h.cols, gates_backward_rows, &a);
}
