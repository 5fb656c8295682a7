// The argument of the kernels of LatCo's step (chain.cu). Where no shape is said,
// vectors have `wide` numbers for each of the P·(H+1) blocks.
#ifndef LATCO_CHAIN_H
#define LATCO_CHAIN_H

#include "params.h"

struct Chain {
	const float *jacobian, *defect, *excess, *cost, *slope, *dyn, *act, *kappa; // of the system
	float* stack;       // P·(H+1)·segments·wide×wide: what is factored
	float* inverse;     // P·(H+1)·wide/32·32×32: (L⁻¹)ᵀ of the factor's diagonal tiles
	float* right;       // right-hand sides, `apart` numbers from one to the next
	float* known;       // what a forward substitution makes of them
	float* passed;      // P·(H+1)·2·wide: what a block passes on to its neighbours
	float* x;           // a solution
	const float* first; // the solution that x corrects
	double* miss;       // P·H·Z: what `first` misses of the defects; 0 where it is 0
	float *step, *corrected;
	int64_t apart;
	int32_t plans, horizon, latent, action;
	int32_t n, wide;     // A+Z, and that and one more in whole tiles
	int32_t segments;    // of a stack: the block and as many neighbours as a block has
	int32_t ends;        // blocks eliminated from either end, one by one
	int32_t stage, tile; // of the elimination; of the columns being factored
	float damping;
	int32_t _;
};

// GRUJacobian is the argument of gru_jacobian; see device.GRUParts.
struct GRUJacobian {
	struct View stochDeter, stochIn, deterIn, gates, keep, recur, through;
	float* jacobian;
	int32_t stoch, deter, action, count; // count of gates
	float scale;
	int32_t _;
};

#endif
