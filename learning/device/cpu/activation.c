//go:build cgo && !purego

#include "parallel.h"
#include "vecmath.h"

typedef struct {
	const float *bias;
	cpu_mat y, dy, dpre;
} layer;

// ROWS defines a span over rows: for every element, y has its value and b the
// bias of its column (or 0).
#define ROWS(name, value)                                                  \
	CPU_CLONES static void name(const void *args, long begin, long end) {  \
		const layer *a = args;                                             \
		for (long i = begin; i < end; i++) {                               \
			float *y = a->y.p + i * a->y.stride;                           \
			const float *bias = a->bias;                                   \
			if (bias) {                                                    \
				_Pragma("omp simd") for (long j = 0; j < a->y.cols; j++) { \
					float x = y[j] + bias[j];                              \
					y[j] = value;                                          \
				}                                                          \
			} else {                                                       \
				_Pragma("omp simd") for (long j = 0; j < a->y.cols; j++) { \
					float x = y[j];                                        \
					y[j] = value;                                          \
				}                                                          \
			}                                                              \
		}                                                                  \
	}

ROWS(identity_rows, x)
ROWS(relu_rows, x < 0 ? 0.0f : x)
ROWS(elu_rows, x < 0 ? v_expm1(x) : x)
ROWS(sigmoid_rows, v_sigmoid(x))
ROWS(tanh_rows, v_tanh(x))

enum { TILE = 16 };

void cpu_bias_act(cpu_pool *pool, int act, const float *bias, cpu_mat y) {
	static const cpu_span spans[] = {identity_rows, relu_rows, elu_rows, sigmoid_rows, tanh_rows};
	if (act == ACT_IDENTITY && !bias) return;
	float tiled[TILE * TILE];
	if (bias && y.cols < TILE && y.stride == y.cols && y.rows > TILE) {
		// Narrow rows: TILE of them as one, under the bias repeated.
		cpu_mat rest = {y.p + y.rows / TILE * TILE * y.cols, y.rows % TILE, y.cols, y.cols};
		if (rest.rows) cpu_bias_act(pool, act, bias, rest);
		for (long j = 0; j < TILE * y.cols; j++) tiled[j] = bias[j % y.cols];
		bias = tiled;
		y.rows /= TILE;
		y.cols *= TILE;
		y.stride = y.cols;
	}
	layer a = {.bias = bias, .y = y};
	long work = y.rows * y.cols * (act >= ACT_ELU ? CPU_HEAVY : 1);
	cpu_spans(pool, y.rows, work, spans[act], &a);
}

// SLOPE defines a span over rows: dpre = dy·slope, the slope taken from y.
#define SLOPE(name, slope)                                                \
	CPU_CLONES static void name(const void *args, long begin, long end) { \
		const layer *a = args;                                            \
		for (long i = begin; i < end; i++) {                              \
			const float *yrow = a->y.p + i * a->y.stride;                 \
			const float *dy = a->dy.p + i * a->dy.stride;                 \
			float *dpre = a->dpre.p + i * a->dpre.stride;                 \
			_Pragma("omp simd") for (long j = 0; j < a->y.cols; j++) {    \
				float y = yrow[j];                                        \
				(void)y;                                                  \
				dpre[j] = dy[j] * (slope);                                \
			}                                                             \
		}                                                                 \
	}

SLOPE(identity_slope, 1.0f)
SLOPE(relu_slope, y > 0 ? 1.0f : 0.0f)
SLOPE(elu_slope, y < 0 ? y + 1.0f : 1.0f)
SLOPE(sigmoid_slope, y * (1.0f - y))
SLOPE(tanh_slope, 1.0f - y * y)

static const cpu_span slopes[] = {identity_slope, relu_slope, elu_slope, sigmoid_slope, tanh_slope};

void cpu_act_backward(cpu_pool *pool, int act, cpu_mat y, cpu_mat dy, cpu_mat dpre) {
	layer a = {.y = y, .dy = dy, .dpre = dpre};
	cpu_spans(pool, y.rows, y.rows * y.cols, slopes[act], &a);
}

void cpu_bias_backward(cpu_pool *pool, int act, cpu_mat y, cpu_mat dy, cpu_mat dpre, float *db, float *scratch) {
	layer a = {.y = y, .dy = dy, .dpre = dpre};
	cpu_sum_columns(pool, dpre, 0, db, scratch, slopes[act], &a);
}
