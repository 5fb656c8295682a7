// The arguments of the kernels of device.Normaliser; layernorm.go has the same structs.
#ifndef LATCO_LAYERNORM_H
#define LATCO_LAYERNORM_H

#include "params.h"

struct LayerNorm {
	struct View x, y, norm; // n×d; norm may be NULL
	const float* gain;
	const float* bias;
	float* inverse; // n; only with norm
	int32_t n, d, act;
	float epsilon;
};
struct LayerNormBackward {
	struct View y, dy, norm, dx;
	const float* gain;
	const float* inverse;
	int32_t n, d, act, pad;
};
struct LayerNormSums {
	struct View y, dy, norm;
	float* gain; // a row of d sums for every part of the rows, or the sums
	float* bias;
	int32_t n, d, act;
	int32_t each; // rows of a part
};
struct LayerNormParts {
	const float* gains; // parts×d
	const float* biases;
	float* gain;
	float* bias;
	int32_t parts, d;
};

#endif
