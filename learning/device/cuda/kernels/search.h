// The arguments of the kernels of device.Sampler; params.go has the same structs.
#ifndef LATCO_SEARCH_H
#define LATCO_SEARCH_H

#include "params.h"

struct StreamNormals {
	struct View dst;
	uint64_t seed, stream;
	uint64_t first; // number of the first of dst
	int32_t rows, cols;
};
struct Perturb {
	struct View x;
	const float* mean;
	const float* std;
	int32_t rows, cols;
};
struct Weigh { // Elites and Softmax
	const float* x;
	float* weights;
	int32_t n, k; // k of Elites
	float gamma;  // of Softmax
	int32_t pad;
};
struct Fit {
	struct View x;
	const float* weights;
	float* mean;
	float* std;
	double* sums;    // parts×cols
	double* squares; // parts×cols
	int32_t rows, cols;
	int32_t each, parts; // rows of a part, and their number
	float floor;
	int32_t pad;
};

#endif
