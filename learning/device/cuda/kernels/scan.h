// The arguments of the kernels of device.Scanner; scan.go has the same structs.
#ifndef LATCO_SCAN_H
#define LATCO_SCAN_H

#include "params.h"

// Weights is a matrix of parameters.
struct Weights {
	const float* at;
	int64_t stride;
	int32_t vector; // four elements of a row are aligned to 16 bytes, and no row has a rest
	int32_t pad;
};

// Shares divides the rows of a product among the threads of a block: thread i has
// the columns of quad i mod quads, and of the rows the share i/quads.
struct Shares {
	struct Quotient byQuads;
	int32_t quads; // of the columns
	int32_t shares, each; // how many, and rows of one
	int32_t pad;
};

// ScanStep is what a time step reads: s×h, h×3d, d×3d (reset-before: its columns z, r),
// d×d (reset-before: column n), d×h, h×2s. Rows of views are t·b + the sequence.
struct ScanStep {
	struct Weights stoch, gate, recur, fresh, state, out;
	int32_t t, b, s, d, h;
	int32_t act;
	int32_t before; // the GRU resets before the product
	float minStd;
};

struct Scan {
	struct ScanStep step;
	const float* inB;
	const float* gateB;
	const float* recurB; // NULL where reset-before
	const float* postB;
	const float* outB;
	struct View in, post, noise, gates, side, deter, raw, mean, std, stoch;
	struct Shares byStoch, byIn, byReset, byDeter, byPost; // of the products with these
};

struct ScanBackward {
	struct ScanStep step;
	struct View in, post, noise, gates, side, deter, raw;
	struct View dmean, dstd, dstoch, ddeter;
	struct View din, dpost, dgx, dgh, draw; // dgh: of reset-after only
};

#endif
