// Passes over whole vectors. Where all of them are aligned to 16 bytes they are
// read four numbers at a time.
#ifndef LATCO_VECTOR_CUH
#define LATCO_VECTOR_CUH

#include "cuda.cuh"
#include "params.h"

INLINE int aligned(const void* p) { return ((uint64_t)p & 15) == 0; }

// block_sum is the sum over a block of 256, for its first thread, added in an order
// of its own.
INLINE double block_sum(double x) {
	SHARED double part[8];
	UNROLL for (int lanes = 16; lanes > 0; lanes /= 2) x += shuffle_xor_double(x, lanes);
	if (threadIdx.x % 32 == 0) part[threadIdx.x / 32] = x;
	SYNC();
	if (threadIdx.x > 0) return 0.0;
	x = part[0];
	for (int i = 1; i < 8; i++) x += part[i];
	return x;
}

#endif
