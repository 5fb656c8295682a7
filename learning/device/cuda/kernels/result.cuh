// What becomes of a product's sums.
#ifndef LATCO_RESULT_CUH
#define LATCO_RESULT_CUH

#include "activation.cuh"

// finish is the result whose sum is v; old is what c held, out what the
// activation gave.
INLINE float finish(const struct Result* c, float v, float old, float bias, float out) {
	v = c->alpha * v + (c->beta != 0.0f ? c->beta * old : 0.0f);
	return c->out ? derive(c->act, out, v) : activate(c->act, v + bias);
}

// store puts four columns from col on, of n, to `to`, where the activation gave
// what lies at out. What c held is read only if beta is not 0. With `quads` 1 all
// is promised to be aligned.
INLINE void store(const int quads, const struct Result* c, float* to, const float* out, int col, int n, const float* v) {
	ALIGNED float old[4] = {0.0f, 0.0f, 0.0f, 0.0f};
	ALIGNED float b[4] = {0.0f, 0.0f, 0.0f, 0.0f};
	ALIGNED float y[4] = {0.0f, 0.0f, 0.0f, 0.0f};
	const int whole = quads || (c->vector && col + 4 <= n);
	if (quads && col >= n) return;
	if (whole) {
		if (c->beta != 0.0f) *(float4*)old = *(const float4*)to;
		if (c->bias) *(float4*)b = *(const float4*)(c->bias + col);
		if (c->out) *(float4*)y = *(const float4*)out;
	} else {
		UNROLL for (int j = 0; j < 4; j++) {
			if (col + j >= n) continue;
			if (c->beta != 0.0f) old[j] = to[j];
			if (c->bias) b[j] = c->bias[col + j];
			if (c->out) y[j] = out[j];
		}
	}
	UNROLL for (int j = 0; j < 4; j++) b[j] = finish(c, v[j], old[j], b[j], y[j]);
	if (whole) {
		*(float4*)to = *(const float4*)b;
		return;
	}
	UNROLL for (int j = 0; j < 4; j++) {
		if (col + j < n) to[j] = b[j];
	}
}

// store_part keeps four columns of a part, whose rows follow those of the parts
// before.
INLINE void store_part(const int quads, const struct Result* c, int64_t row, int col, int n, const float* v) {
	float* to = c->parts + row * n + col;
	if (quads && col >= n) return;
	if (quads || (n % 4 == 0 && col + 4 <= n)) {
		*(float4*)to = *(const float4*)v;
		return;
	}
	UNROLL for (int j = 0; j < 4; j++) {
		if (col + j < n) to[j] = v[j];
	}
}

#endif
