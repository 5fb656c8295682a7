// Matrix products of dense layers: c = act(alpha·op(a)·op(b) + beta·c + bias).
// grid (tiles, 1, parts), columns of tiles first, so that blocks beside each
// other share rows of a.

#include "tiles.cuh"

#define GEMM(name, tile, kindA, kindB, blocks)                                                                \
	BLOCK_KERNEL(NAMED(name), Gemm, threads_##tile, blocks) {                                                        \
		const struct Phase none = {0};                                                                        \
		const int across = (p.n + bn_##tile - 1) / bn_##tile;                                                 \
		const int m0 = (int)blockIdx.x / across * bm_##tile, n0 = (int)blockIdx.x % across * bn_##tile;       \
		const int lo = (int)blockIdx.z * p.depth, hi = lo + p.depth < p.k ? lo + p.depth : p.k;               \
		const struct Spot_##tile s = spot_##tile();                                                           \
		ALIGNED float sum[rows_##tile][cols_##tile];                                                          \
		SHARED ALIGNED float shared[shared_##tile];                                                           \
		product_##tile(kindA, kindB, &p.a, &p.b, 0, none, p.m, p.n, m0, n0, lo, hi, s, shared, sum);                  \
		deliver_##tile(kindA, &p.c, 0, none, p.m, p.n, m0, n0, (int)blockIdx.z, s, shared, sum);                      \
	}

#define GEMMS(tile, blocks)                                                                                   \
	GEMM(gemm_nn_##tile, tile, ROWS, COLS, blocks)                                                            \
	GEMM(gemm_nt_##tile, tile, ROWS, ROWS, blocks)                                                            \
	GEMM(gemm_tn_##tile, tile, COLS, COLS, blocks)                                                            \
	GEMM(gemm_tt_##tile, tile, COLS, ROWS, blocks)

GEMMS(large, 2)
GEMMS(medium, 4)
GEMMS(small, 2)
