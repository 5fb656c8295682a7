//go:build cgo && !purego

#include "parallel.h"
#include "vecmath.h"

typedef struct {
	cpu_mat raw, eps, mean, std, sample; // also their gradients
	cpu_mat draw;
	float min_std;
} normal;

static inline float *row(cpu_mat m, long i) { return m.rows ? m.p + i * m.stride : 0; }

CPU_CLONES static void normal_rows(const void *args, long begin, long end) {
	const normal *a = args;
	long d = a->mean.cols;
	float floor = a->min_std;
	for (long i = begin; i < end; i++) {
		const float *raw = row(a->raw, i), *eps = row(a->eps, i);
		float *mean = row(a->mean, i), *std = row(a->std, i), *sample = row(a->sample, i);
#pragma omp simd
		for (long j = 0; j < d; j++) {
			mean[j] = raw[j];
			std[j] = v_softplus(raw[d + j]) + floor;
		}
		if (!eps) continue;
#pragma omp simd
		for (long j = 0; j < d; j++) sample[j] = mean[j] + std[j] * eps[j];
	}
}

void cpu_normal(cpu_pool *pool, cpu_mat raw, float min_std, cpu_mat eps, cpu_mat mean, cpu_mat std,
	cpu_mat sample) {
	normal a = {.raw = raw, .eps = eps, .mean = mean, .std = std, .sample = sample, .min_std = min_std};
	cpu_spans(pool, raw.rows, CPU_HEAVY * raw.rows * raw.cols, normal_rows, &a);
}

CPU_CLONES static void normal_backward_rows(const void *args, long begin, long end) {
	const normal *a = args;
	long d = a->raw.cols / 2;
	for (long i = begin; i < end; i++) {
		const float *raw = row(a->raw, i), *eps = row(a->eps, i);
		const float *dmean = row(a->mean, i), *dstd = row(a->std, i), *dsample = row(a->sample, i);
		float *gm = row(a->draw, i), *gs = gm + d;
#pragma omp simd
		for (long j = 0; j < d; j++) {
			float m = dmean ? dmean[j] : 0.0f, s = dstd ? dstd[j] : 0.0f;
			float x = dsample ? dsample[j] : 0.0f, e = eps ? eps[j] : 0.0f;
			gm[j] = m + x;
			gs[j] = (s + x * e) * v_sigmoid(raw[d + j]);
		}
	}
}

void cpu_normal_backward(cpu_pool *pool, cpu_mat raw, cpu_mat eps, cpu_mat dmean, cpu_mat dstd,
	cpu_mat dsample, cpu_mat draw) {
	normal a = {.raw = raw, .eps = eps, .mean = dmean, .std = dstd, .sample = dsample, .draw = draw};
	cpu_spans(pool, raw.rows, CPU_HEAVY * raw.rows * raw.cols, normal_backward_rows, &a);
}

typedef struct {
	cpu_mat m1, s1, m2, s2, dm1, ds1, dm2, ds2;
	float w, *out;
	const float *weights;
} divergence;

CPU_CLONES static void kl_rows(const void *args, long begin, long end) {
	const divergence *a = args;
	for (long i = begin; i < end; i++) {
		const float *m1 = row(a->m1, i), *s1 = row(a->s1, i), *m2 = row(a->m2, i), *s2 = row(a->s2, i);
		float sum = 0;
#pragma omp simd reduction(+ : sum)
		for (long j = 0; j < a->m1.cols; j++) {
			float q = s1[j] / s2[j], d = (m1[j] - m2[j]) / s2[j];
			// ½(q²−1) − ln q, from factors that vanish together as q → 1
			sum += 0.5f * ((q - 1.0f) * (q + 1.0f) + d * d) - v_log(q);
		}
		a->out[i] = sum;
	}
}

void cpu_kl(cpu_pool *pool, cpu_mat m1, cpu_mat s1, cpu_mat m2, cpu_mat s2, float *out) {
	divergence a = {.m1 = m1, .s1 = s1, .m2 = m2, .s2 = s2, .out = out};
	cpu_spans(pool, m1.rows, CPU_HEAVY * m1.rows * m1.cols, kl_rows, &a);
}

CPU_CLONES static void kl_backward_rows(const void *args, long begin, long end) {
	const divergence *a = args;
	for (long i = begin; i < end; i++) {
		float w = a->weights ? a->weights[i] : a->w;
		const float *m1 = row(a->m1, i), *s1 = row(a->s1, i), *m2 = row(a->m2, i), *s2 = row(a->s2, i);
		float *dm1 = row(a->dm1, i), *ds1 = row(a->ds1, i), *dm2 = row(a->dm2, i), *ds2 = row(a->ds2, i);
#pragma omp simd
		for (long j = 0; j < a->m1.cols; j++) {
			float inv = 1.0f / s2[j], q = s1[j] * inv, d = (m1[j] - m2[j]) * inv;
			float gm = w * d * inv, gs = w * (q * inv - 1.0f / s1[j]);
			float gs2 = w * inv * (1.0f - q * q - d * d);
			if (dm1) dm1[j] = gm;
			if (ds1) ds1[j] = gs;
			if (dm2) dm2[j] = -gm;
			if (ds2) ds2[j] = gs2;
		}
	}
}

void cpu_kl_backward(cpu_pool *pool, float w, const float *rows, cpu_mat m1, cpu_mat s1, cpu_mat m2,
	cpu_mat s2, cpu_mat dm1, cpu_mat ds1, cpu_mat dm2, cpu_mat ds2) {
	divergence a = {m1, s1, m2, s2, dm1, ds1, dm2, ds2, w, 0, rows};
	cpu_spans(pool, m1.rows, CPU_HEAVY * m1.rows * m1.cols, kl_backward_rows, &a);
}
