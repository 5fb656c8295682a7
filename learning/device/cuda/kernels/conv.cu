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

// phase_of is the phase that z of the grid computes.
INLINE struct Phase phase_of(const struct Geometry* g, int z) {
	struct Phase f;
	f.h = z / g->s;
	f.w = z % g->s;
	f.tapsW = (g->k - f.w + g->s - 1) / g->s;
	return f;
}

// reach is the number of products in a sum of phase f.
INLINE int reach(const struct Geometry* g, struct Phase f) { return (g->k - f.h + g->s - 1) / g->s * f.tapsW * g->out; }

#define CONV(name, tile, kindA, kindB, blocks)                                                                \
	BLOCK_KERNEL(NAMED(name), Convolution, threads_##tile, blocks) {                                                 \
		const struct Phase none = {0, 0, 0};                                                                  \
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
		const struct Phase f = phase_of(&p.g, (int)blockIdx.z);                                               \
		const struct Spot_##tile s = spot_##tile();                                                           \
		ALIGNED float sum[rows_##tile][cols_##tile];                                                          \
		SHARED ALIGNED float shared[shared_##tile];                                                           \
		product_##tile(TAPS, TAP_WEIGHTS, &p.a, &p.b, &p.g, f, p.m, p.n, m0, n0, 0, reach(&p.g, f), s, shared, sum);  \
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
