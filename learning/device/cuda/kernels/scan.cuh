// What both directions of a scan have in common: a block carries `seqs` sequences, 1
// or 2, through all time steps. Their states lie in shared memory as vectors, one
// behind the other, each a multiple of four numbers long. Weights are read anew every
// step, from L2 or, where they are few, from L1; the first rows of a product are asked
// for before the threads meet to make its vector, so that reading goes on meanwhile.
#ifndef LATCO_SCAN_CUH
#define LATCO_SCAN_CUH

#include "activation.cuh"
#include "scan.h"

#ifdef __CUDACC__
extern __shared__ float4 scan_memory[];
#define SCAN_MEMORY() ((float*)scan_memory)
#else
#define SCAN_MEMORY() ((float*)emulated_dynamic())
#endif

enum { SCAN_THREADS = 512, MOST_SEQUENCES = 2, SCAN_ROWS = 8 };

// OVER runs what follows for every column j of n, of every live sequence i: a thread
// has the same columns in each.
#define OVER(n)                                                      \
	for (int j = (int)threadIdx.x; j < (n); j += SCAN_THREADS)       \
		UNROLL for (int i = 0; i < seqs; i++)                        \
			if (first + i < p->step.b)

// HERE is column c of view v in the row of sequence i at the present step.
#define HERE(v, c) ((v).at[(row + i) * (v).stride + (c)])

// Vector is one vector of every sequence, `lead` numbers apart.
struct Vector {
	float* at;
	int lead;
};

INLINE int scan_padded(int n) { return (n + 3) / 4 * 4; }

// room_for takes room for n numbers of every sequence from *memory.
INLINE struct Vector room_for(const int seqs, int n, float** memory) {
	struct Vector v;
	v.at = *memory;
	v.lead = scan_padded(n);
	*memory += seqs * v.lead;
	return v;
}

// clear sets what lies between two addresses to zero: the state before the first
// step, and the rests of vectors.
INLINE void clear(float* from, const float* to) {
	for (float* x = from + threadIdx.x; x < to; x += SCAN_THREADS) *x = 0.0f;
	SYNC();
}

// quad is four numbers, zeros from the left-th on. With `vector` they are aligned.
INLINE float4 quad(const int vector, const float* at, int left) {
	if (vector) return *(const float4*)at;
	return make_float4(at[0], left > 1 ? at[1] : 0.0f, left > 2 ? at[2] : 0.0f, left > 3 ? at[3] : 0.0f);
}

#endif
