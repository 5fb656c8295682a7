// Chains of blocks and the order of their elimination. Block t has the unknowns
// [a_t, z_t], n of them, and what belongs to one lies in wide×wide, wide being n+1 in
// whole tiles of 32: row n is the right-hand side, which is thereby factored with the
// rest, what follows is 0. Unknowns that are not there (z_0, a_H) are 0 by equations
// of their own.
//
// First `ends` blocks are eliminated from either end, one by one, then every second
// one of those left, and so on (cyclic reduction; Golub & Ortega 1993, "Scientific
// Computing", section 9.5). All that a stage eliminates is independent. The stack
// of a block is [its diagonal block; the coupling of its left neighbour; that of its
// right one] at the time when it is eliminated, neighbours by rows.
#ifndef LATCO_CHAIN_CUH
#define LATCO_CHAIN_CUH

#include "cuda.cuh"
#include "chain.h"

enum { most_wide = 2048 }; // numbers of a block in shared memory

struct Block {
	int stage, left, right; // −1: no neighbour
};

INLINE struct Block block_of(const struct Chain* p, int t) {
	const int count = p->horizon + 1 - 2 * p->ends, at = t - p->ends;
	struct Block b;
	b.left = b.right = -1;
	if (at < 0) {
		b.stage = t;
		b.right = t + 1;
	} else if (at >= count) {
		b.stage = p->horizon - t;
		b.left = t - 1;
	} else {
		int reach = 1;
		b.stage = p->ends;
		for (; ((at + 1) & reach) == 0; reach *= 2) b.stage++;
		if (at >= reach) b.left = t - reach;
		if (at + reach < count) b.right = t + reach;
	}
	return b;
}

// eliminated is the i-th block that the stage eliminates.
INLINE int eliminated(const struct Chain* p, int i) {
	if (p->stage < p->ends) return i ? p->horizon - p->stage : p->stage;
	return p->ends + ((2 * i + 1) << (p->stage - p->ends)) - 1;
}

// Kept is a block that stays, with those beside it that go and the next that stays.
struct Kept {
	int t, left, right, next; // −1: none
};

INLINE struct Kept kept(const struct Chain* p, int i) {
	struct Kept k;
	k.left = k.right = k.next = -1;
	if (p->stage < p->ends) {
		const int last = p->horizon - p->stage;
		k.t = i ? last - 1 : p->stage + 1;
		if (!i) k.left = p->stage;
		if (k.t == last - 1) k.right = last;
		return k;
	}
	const int reach = 1 << (p->stage - p->ends), at = (2 * i + 2) * reach - 1, count = p->horizon + 1 - 2 * p->ends;
	k.t = p->ends + at;
	k.left = k.t - reach;
	if (at + reach < count) k.right = k.t + reach;
	if (at + 2 * reach < count) k.next = k.t + 2 * reach;
	return k;
}

INLINE int64_t index_of(const struct Chain* p, int plan, int t) { return (int64_t)plan * (p->horizon + 1) + t; }

INLINE float* stack_of(const struct Chain* p, int plan, int t) {
	return p->stack + index_of(p, plan, t) * p->segments * p->wide * p->wide;
}

// segment_of is where neighbour o lies in the stack of t.
INLINE int segment_of(const struct Chain* p, int t, int o) { return o < t || block_of(p, t).left < 0 ? 1 : 2; }

INLINE float* coupling_of(const struct Chain* p, int plan, int t, int o) {
	return stack_of(p, plan, t) + (int64_t)segment_of(p, t, o) * p->wide * p->wide;
}

// unknowns says which unknowns block t has: from lo to below hi.
INLINE int lowest(const struct Chain* p, int t) { return t == p->horizon ? p->action : 0; }
INLINE int highest(const struct Chain* p, int t) { return t == 0 ? p->action : p->n; }

// doubled is 2·weight² of a residual.
INLINE float doubled(float weight) { return 2.0f * weight * weight; }

// warp_sum is the sum over a warp, for all of its lanes.
INLINE float warp_sum(float x) {
	UNROLL for (int lanes = 16; lanes > 0; lanes /= 2) x += shuffle_xor(x, lanes);
	return x;
}

INLINE double warp_sum_double(double x) {
	UNROLL for (int lanes = 16; lanes > 0; lanes /= 2) x += shuffle_xor_double(x, lanes);
	return x;
}

// shuffle is what a lane of the warp gives. UNROLL_8 unrolls a loop of any length.
#ifdef __CUDACC__
#define UNROLL_8 _Pragma("unroll 8")
INLINE float shuffle(float x, int lane) { return __shfl_sync(0xffffffffu, x, lane); }
#else
#define UNROLL_8
INLINE float shuffle(float x, int lane) {
	union {
		float f;
		uint64_t bits;
	} u = {.bits = 0};
	u.f = x;
	u.bits = emulated_exchange(u.bits, lane);
	return u.f;
}
#endif

#endif
