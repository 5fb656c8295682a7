// The C side of package cpu: what Go calls. The kernels share the threads of a
// pool; none keeps state except the oneDNN plans (conv.c).
#ifndef LATCO_CPU_H
#define LATCO_CPU_H

#include "pool.h"

#include <stdint.h>

// A rows×cols view with a row stride, all in floats.
typedef struct {
	float *p;
	long rows, cols, stride;
} cpu_mat;

// memory.c
void cpu_pixels(cpu_pool *pool, long n, float *dst, const uint8_t *src);
// dst = (⌊src/2^(8−bits)⌋ + u)/2^bits − 0.5, u from seed, ½ where it is 0.
void cpu_levels(cpu_pool *pool, long n, float *dst, const uint8_t *src, int bits, uint64_t seed);
void cpu_fill(cpu_pool *pool, long n, float *dst, float v);
void cpu_axpy(cpu_pool *pool, long n, float alpha, const float *x, float *y);
void cpu_scale(cpu_pool *pool, long n, float by, float *x);
void cpu_copy_mat(cpu_pool *pool, cpu_mat dst, cpu_mat src);
void cpu_add_mat(cpu_pool *pool, cpu_mat dst, cpu_mat src);
void cpu_mul_rows(cpu_pool *pool, cpu_mat src, cpu_mat scale, float beta, cpu_mat dst);

// activation.c; act is device.Activation
enum { ACT_IDENTITY, ACT_RELU, ACT_ELU, ACT_SIGMOID, ACT_TANH };
void cpu_bias_act(cpu_pool *pool, int act, const float *bias, cpu_mat y);
void cpu_act_backward(cpu_pool *pool, int act, cpu_mat y, cpu_mat dy, cpu_mat dpre);
// cpu_bias_backward is cpu_act_backward and the column sums of its result at
// once: db (cols) = Σ_rows dpre. It needs the scratch of cpu_col_sum.
void cpu_bias_backward(cpu_pool *pool, int act, cpu_mat y, cpu_mat dy, cpu_mat dpre, float *db, float *scratch);

// reduce.c
enum { CPU_SUM_CHUNKS = 32 };
// out = beta·out + Σ_rows x, with CPU_SUM_CHUNKS×cols floats of scratch.
void cpu_col_sum(cpu_pool *pool, cpu_mat x, float beta, float *out, float *scratch);
double cpu_sum_squares(cpu_pool *pool, long n, const float *x);
// ½·Σ(x−y)²; diff = w·(x−y) unless diff is null.
double cpu_squared_error(cpu_pool *pool, long n, const float *x, const float *y, float w, float *diff);

// layernorm.c; norm and dx without rows are not wanted, inverse only with norm
void cpu_layer_norm(cpu_pool *pool, int act, float epsilon, cpu_mat x, const float *gain, const float *bias,
	cpu_mat y, cpu_mat norm, float *inverse);
// dpre is the gradient before the activation. products has room for rows×cols floats,
// scratch is that of cpu_col_sum.
void cpu_layer_norm_backward(cpu_pool *pool, cpu_mat dpre, const float *gain, cpu_mat norm, const float *inverse,
	cpu_mat dx, float *dgain, float *products, float *scratch);

// gru.c
void cpu_gru(cpu_pool *pool, cpu_mat gx, cpu_mat gh, cpu_mat h, cpu_mat next, cpu_mat gates);
void cpu_gru_backward(cpu_pool *pool, cpu_mat gates, cpu_mat gh, cpu_mat h, cpu_mat dnext,
	cpu_mat dgx, cpu_mat dgh, cpu_mat dh);

// grureset.c
void cpu_gru_gates(cpu_pool *pool, cpu_mat gx, cpu_mat gh, cpu_mat h, cpu_mat gates, cpu_mat reset);
void cpu_gru_blend(cpu_pool *pool, cpu_mat gx, cpu_mat gn, cpu_mat h, cpu_mat next, cpu_mat gates);
void cpu_gru_blend_backward(cpu_pool *pool, cpu_mat gates, cpu_mat h, cpu_mat dnext, cpu_mat dgx, cpu_mat dh);
void cpu_gru_gates_backward(cpu_pool *pool, cpu_mat gates, cpu_mat h, cpu_mat dreset, cpu_mat dgx, cpu_mat dh);

// gaussian.c; a matrix without rows is "not wanted" or "zero"
void cpu_normal(cpu_pool *pool, cpu_mat raw, float min_std, cpu_mat eps, cpu_mat mean, cpu_mat std,
	cpu_mat sample);
void cpu_normal_backward(cpu_pool *pool, cpu_mat raw, cpu_mat eps, cpu_mat dmean, cpu_mat dstd,
	cpu_mat dsample, cpu_mat draw);
void cpu_kl(cpu_pool *pool, cpu_mat m1, cpu_mat s1, cpu_mat m2, cpu_mat s2, float *out);
// The gradients are those of w·Σ KL, or of Σ wᵢ·KLᵢ where rows is not null.
void cpu_kl_backward(cpu_pool *pool, float w, const float *rows, cpu_mat m1, cpu_mat s1, cpu_mat m2, cpu_mat s2,
	cpu_mat dm1, cpu_mat ds1, cpu_mat dm2, cpu_mat ds2);

// normals.c: dst[i][j] is number first+i·cols+j of a stream of package philox
void cpu_normals(cpu_pool *pool, uint64_t seed, uint64_t stream, uint64_t first, cpu_mat dst);

// search.c; see device.Sampler. cpu_fit needs room for a sum a column.
void cpu_perturb(cpu_pool *pool, const float *mean, const float *std, cpu_mat x);
void cpu_elites(long n, long k, const float *x, float *weights);
void cpu_softmax(long n, float gamma, const float *x, float *weights);
void cpu_fit(cpu_pool *pool, const float *weights, cpu_mat x, float floor, float *mean, float *std, double *sums);

// adam.c; step = lr·√(1−β₂ᵗ)/(1−β₁ᵗ)
void cpu_adam(cpu_pool *pool, long n, float *p, const float *g, float *m, float *v, float gscale,
	float step, float beta1, float beta2, float eps);

// onednn.c
typedef struct cpu_engine cpu_engine;
int cpu_engine_open(cpu_engine **e);
void cpu_engine_close(cpu_engine *e);
void cpu_engine_version(int *major, int *minor, int *patch);
const char *cpu_engine_isa(void);

// gemm.c: row-major c = alpha·op(a)·op(b) + beta·c
int cpu_gemm(cpu_pool *pool, int ta, int tb, long m, long n, long k, float alpha, const float *a,
	long lda, const float *b, long ldb, float beta, float *c, long ldc);

// conv.c: a plan holds what oneDNN prepared for one shape and one direction.
typedef struct {
	int n, h, w, in, out, k, stride;
	int pad; // zeros around src
} cpu_conv_shape;
enum { CONV_FORWARD, CONV_BACKWARD_DATA, CONV_BACKWARD_WEIGHTS };
typedef struct cpu_conv cpu_conv;
int cpu_conv_open(cpu_engine *e, cpu_pool *pool, int direction, const cpu_conv_shape *s, cpu_conv **plan);
void cpu_conv_close(cpu_conv *plan);
// Floats of scratch that cpu_conv_run needs, 64-byte aligned.
long cpu_conv_scratch(const cpu_conv *plan);
// src is N×H×W×In, weights K×K×In×Out, dst N×OutH×OutW×Out; the direction says
// which of them is written.
int cpu_conv_run(cpu_engine *e, cpu_pool *pool, cpu_conv *plan, float *src, float *weights, float *dst,
	float *scratch);

// unfold.c: patches has a row of K·K·In for every position of dst. cpu_fold sums
// the patches into src, which it clears first.
void cpu_unfold(cpu_pool *pool, const cpu_conv_shape *s, const float *src, float *patches);
void cpu_fold(cpu_pool *pool, const cpu_conv_shape *s, const float *patches, float *src);
// cpu_transpose: dst (cols×rows) = srcᵀ, both without gaps.
void cpu_transpose(cpu_pool *pool, long rows, long cols, const float *src, float *dst);

// subpixel.c, for s and its sub-pixel convolution with taps×taps kernels
void cpu_subpixel_weights(const cpu_conv_shape *s, int taps, const float *weights, float *inner);
void cpu_subpixel_image(cpu_pool *pool, const cpu_conv_shape *s, int taps, const float *inner, float *src);

#endif
