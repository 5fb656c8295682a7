// Convolutions and transposed convolutions as implicit matrix products, one for
// each of the three ways to sum over images × kernel × channels:
//
//	conv_patches  m: output position, n: out,      k: patch    Conv, DeconvBackward's dx
//	conv_weights  m: patch,           n: out,      k: position dw of both
//	conv_pixels   m: pixel,           n: channels, k: taps     Deconv, ConvBackward's dx
//
// A pixel of the image is reached by every s-th tap only. Pixels of the same
// (h, w) mod s, a phase, are reached by the same taps, so that a phase is a dense
// product. Where s divides k, all phases see the same part of the smaller image
// and are computed as columns of one product (merged); else each has a z of the
// grid. Gradients pass the activation while they are loaded.

#include "tiles.cuh"

// bound counts the taps of one direction, from `from` on, that reach one of the
// positions [first, last] of a tile from one of `out` places.
INLINE int bound(int first, int last, int out, int taps, int* from) {
	const int to = last < taps - 1 ? last : taps - 1;
	*from = first < out ? 0 : first - out + 1;
	return to < *from ? 0 : to - *from + 1;
}

// division is divideBy of params.go.
INLINE struct Quotient division(int d) {
	struct Quotient q = {0, 0};
	while (1 << q.shift < d) q.shift++;
	q.multiplier = (uint32_t)(((uint64_t)((1 << q.shift) - d) << 32) / (uint64_t)d + 1);
	return q;
}

// phase_of is the phase that z of the grid computes in a tile of rows from m0 on, and
// the number of products in its sums.
INLINE struct Phase phase_of(const struct Geometry* g, int z, int m0, int rows, int* reach) {
	struct Phase f;
	f.h = z / g->s;
	f.w = z % g->s;
	const int whole = g->aH * g->aW, start = divided(m0, g->bySide), group = divided(start, g->byA);
	int first = start - group * whole, last = divided(m0 + rows - 1, g->bySide) - group * whole;
	if (last >= whole) { // the next images begin in this tile
		first = 0;
		last = whole - 1;
	}
	const int top = divided(first, g->byAW), bottom = divided(last, g->byAW);
	const int left = top == bottom ? first - top * g->aW : 0, right = top == bottom ? last - top * g->aW : g->aW - 1;
	const int down = bound(top, bottom, g->outH, (g->k - f.h + g->s - 1) / g->s, &f.fromH);
	f.across = bound(left, right, g->outW, (g->k - f.w + g->s - 1) / g->s, &f.fromW);
	f.byAcross = division(f.across > 0 ? f.across : 1);
	*reach = down * f.across * g->out;
	return f;
}

#define CONV(name, tile, kindA, kindB, blocks)                                                                \
	BLOCK_KERNEL(NAMED(name), Convolution, threads_##tile, blocks) {                                                 \
		const struct Phase none = {0};                                                                        \
		const int across = (p.n + bn_##tile - 1) / bn_##tile;                                                 \
		const int m0 = (int)blockIdx.x / across * bm_##tile, n0 = (int)blockIdx.x % across * bn_##tile;       \
		const int lo = (int)blockIdx.z * p.depth, hi = lo + p.depth < p.k ? lo + p.depth : p.k;               \
		const struct Spot_##tile s = spot_##tile();                                                           \
		ALIGNED float sum[rows_##tile][cols_##tile];                                                          \
		SHARED ALIGNED float shared[shared_##tile];                                                           \
		product_##tile(kindA, kindB, &p.a, &p.b, &p.g, none, p.m, p.n, m0, n0, lo, hi, s, shared, sum);               \
		deliver_##tile(kindA, &p.c, &p.g, none, p.m, p.n, m0, n0, (int)blockIdx.z, s, shared, sum);                   \
	}

#define PIXELS(name, tile, blocks)                                                                            \
	BLOCK_KERNEL(NAMED(name), Convolution, threads_##tile, blocks) {                                                 \
		const int across = (p.n + bn_##tile - 1) / bn_##tile;                                                 \
		const int m0 = (int)blockIdx.x / across * bm_##tile, n0 = (int)blockIdx.x % across * bn_##tile;       \
		int reach;                                                                                            \
		const struct Phase f = phase_of(&p.g, (int)blockIdx.z, m0, bm_##tile, &reach);                        \
		const struct Spot_##tile s = spot_##tile();                                                           \
		ALIGNED float sum[rows_##tile][cols_##tile];                                                          \
		SHARED ALIGNED float shared[shared_##tile];                                                           \
		product_##tile(TAPS, TAP_WEIGHTS, &p.a, &p.b, &p.g, f, p.m, p.n, m0, n0, 0, reach, s, shared, sum);  \
		deliver_##tile(TAPS, &p.c, &p.g, f, p.m, p.n, m0, n0, 0, s, shared, sum);                                     \
	}

CONV(conv_patches_large, large, PATCHES, COLS, 2)
CONV(conv_patches_tall, tall, PATCHES, COLS, 2)
CONV(conv_patches_narrow, narrow, PATCHES, COLS, 4)
CONV(conv_weights_large, large, PATCHES_T, COLS, 2)
CONV(conv_weights_tall, tall, PATCHES_T, COLS, 2)
CONV(conv_weights_little, little, PATCHES_T, COLS, 2)
PIXELS(conv_pixels_large, large, 2)
PIXELS(conv_pixels_tall, tall, 2)
PIXELS(conv_pixels_slim, slim, 4)
