// Matrix products of dense layers: c = act(alpha·op(a)·op(b) + beta·c + bias).
// grid (tiles, 1, parts), columns of tiles first, so that blocks beside each
// other share rows of a.

#include "tiles.cuh"

#define GEMM(name, tile, kindA, kindB, blocks)                                                                \
	BLOCK_KERNEL(name, Gemm, threads_##tile, blocks) {                                                        \
		const struct Phase none = {0, 0, 0};                                                                  \
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

// sum_parts adds the parts of a split product in their order. Four columns a
// thread; grid over quads.
KERNEL(sum_parts, SumParts, 256, 4) {
	const int quads = (p.n + 3) / 4;
	for (int64_t e = global_thread(); e < (int64_t)p.m * quads; e += global_threads()) {
		const int row = (int)(e / quads), col = (int)(e % quads) * 4;
		ALIGNED float v[4] = {0.0f, 0.0f, 0.0f, 0.0f};
		for (int part = 0; part < p.parts; part++) {
			const float* from = p.c.parts + ((int64_t)part * p.m + row) * p.n + col;
			UNROLL for (int j = 0; j < 4; j++) {
				if (col + j < p.n) v[j] += from[j];
			}
		}
		store(0, &p.c, p.c.c + row * p.c.stride + col, col, p.n, v);
	}
}
