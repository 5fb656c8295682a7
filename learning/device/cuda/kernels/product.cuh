// The main loop of every matrix product, for one size of tile. Included once a
// size, with
//
//	TILE    a suffix for its names
//	BM, BN  rows and columns of the result that a block computes
//	BK      depth of a step
//	QM, QN  a thread computes 4·QM × 4·QN of them
//	KG      groups of threads that divide the depth among themselves
//	WARPS   of a group, in the direction of rows (TENSOR only)
//	QUADS   1: all rows are aligned to 16 bytes and their lengths multiples of 4
//
// A step's parts of both factors lie in shared memory, k by k. There are two such
// buffers; while one is used, the next step is on its way through registers. What
// a thread computes, and how, is lanes.cuh's business, or warps.cuh's with TENSOR 1.

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)
#define BUFFER (KG * BK * (LDA + LDB))
#define Spot JOIN(Spot_, TILE)
#define PASSES(B) (((B) * BK / 4 + GROUP - 1) / GROUP)
#if TENSOR
#include "warps.cuh"
#else
#include "lanes.cuh"
#endif

// For the kernels of this tile.
enum {
	JOIN(bm_, TILE) = BM,
	JOIN(bn_, TILE) = BN,
	JOIN(rows_, TILE) = SUM_ROWS,
	JOIN(cols_, TILE) = SUM_COLS,
	JOIN(threads_, TILE) = GROUP * KG,
	JOIN(shared_, TILE) = 2 * BUFFER,
};

// fetch brings a thread's share of one factor's step into registers.
INLINE void JOIN(fetch_, TILE)(const int kind, const int width, const int passes, const struct Operand* o, const struct Geometry* g,
							  struct Phase f, int rank, int i0, int k0, int ni, int nk, float4* quads) {
	UNROLL for (int p = 0; p < passes; p++) {
		int e = rank + p * GROUP;
		int i = ALONG_K(kind) ? e / 2 % width : e % (width / 4) * 4;
		int k = ALONG_K(kind) ? 4 * (e % 2 + e / (2 * width) * 2) : e / (width / 4);
		if (width * BK / 4 % GROUP == 0 || e < width * BK / 4)
			quads[p] = load4(kind, QUADS, o, g, f, i0 + i, k0 + k, ni, nk);
	}
}

// keep puts it into shared memory.
INLINE void JOIN(keep_, TILE)(const int kind, const int width, const int passes, int rank, const float4* quads, float* to) {
	const int ld = width + PAD;
	UNROLL for (int p = 0; p < passes; p++) {
		int e = rank + p * GROUP;
		if (width * BK / 4 % GROUP != 0 && e >= width * BK / 4) continue;
		if (ALONG_K(kind)) {
			float* at = to + 4 * (e % 2 + e / (2 * width) * 2) * ld + e / 2 % width;
			at[0] = FACTOR(quads[p].x);
			at[ld] = FACTOR(quads[p].y);
			at[2 * ld] = FACTOR(quads[p].z);
			at[3 * ld] = FACTOR(quads[p].w);
		} else {
			*(float4*)(to + e / (width / 4) * ld + e % (width / 4) * 4) =
				make_float4(FACTOR(quads[p].x), FACTOR(quads[p].y), FACTOR(quads[p].z), FACTOR(quads[p].w));
		}
	}
}

// product computes the tile of rows from m0 and columns from n0 on, summed over k
// in [lo, hi). Afterwards every group of threads has its part of the sums.
INLINE void JOIN(product_, TILE)(const int kindA, const int kindB, const struct Operand* a, const struct Operand* b,
								const struct Geometry* g, struct Phase f, int m, int n, int m0, int n0, int lo, int hi,
								struct Spot s, float* shared, float sum[SUM_ROWS][SUM_COLS]) {
	float4 nextA[PASSES(BM)], nextB[PASSES(BN)];
	float* at = shared + s.group * BK * LDA;
	float* bt = shared + KG * BK * LDA + s.group * BK * LDB;
	UNROLL for (int i = 0; i < SUM_ROWS; i++) {
		UNROLL for (int j = 0; j < SUM_COLS; j++) sum[i][j] = 0.0f;
	}
	const int steps = (hi - lo + BK * KG - 1) / (BK * KG);
	ROLL for (int step = -1; step < steps; step++) { // the first only fetches
		const int now = (step & 1) * BUFFER, then = BUFFER - now, k = lo + ((step + 1) * KG + s.group) * BK;
		if (step + 1 < steps) {
			JOIN(fetch_, TILE)(kindA, BM, PASSES(BM), a, g, f, s.rank, m0, k, m, hi, nextA);
			JOIN(fetch_, TILE)(kindB, BN, PASSES(BN), b, g, f, s.rank, n0, k, n, hi, nextB);
		}
		if (step >= 0) JOIN(multiply_, TILE)(s, at + now, bt + now, sum);
		if (step + 1 < steps) {
			JOIN(keep_, TILE)(kindA, BM, PASSES(BM), s.rank, nextA, at + then);
			JOIN(keep_, TILE)(kindB, BN, PASSES(BN), s.rank, nextB, bt + then);
		}
		SYNC();
	}
}

// deliver hands the results over: into a matrix, into parts of one, or, where rows
// are TAPS, as pixels of an image. They pass through shared memory, some rows of
// every thread at a time: there the groups' parts are added, in their order, and
// warps store whole rows.
INLINE void JOIN(deliver_, TILE)(const int kindA, const struct Result* c, const struct Geometry* g, struct Phase f, int m, int n,
								int m0, int n0, int z, struct Spot s, float* shared, float sum[SUM_ROWS][SUM_COLS]) {
	ROLL for (int slab = 0; slab < SLABS; slab++) {
		JOIN(spread_, TILE)(s, slab, shared, sum);
		SYNC();
		ROLL for (int e = (int)threadIdx.x; e < LINES * BN / 4; e += GROUP * KG) {
			const int line = e / (BN / 4), col = n0 + e % (BN / 4) * 4, row = m0 + LINE_ROW(slab, line);
			if (row >= m) continue;
			ALIGNED float v[4];
			*(float4*)v = ((const float4*)shared)[e];
			UNROLL for (int group = 1; group < KG; group++) {
				const float4 part = ((const float4*)shared)[e + group * LINES * BN / 4];
				v[0] += part.x;
				v[1] += part.y;
				v[2] += part.z;
				v[3] += part.w;
			}
			if (kindA == TAPS) store_pixels(QUADS, c, g, f, pixel(g, row), col, n, v);
			else if (c->parts) store_part(QUADS, c, (int64_t)z * m + row, col, n, v);
			else store(QUADS, c, c->c + row * c->stride + col, c->out + row * c->outStride + col, col, n, v);
		}
		SYNC();
	}
}

#undef GROUP
#undef BUFFER
#undef PASSES
#undef Spot
#undef LDA
#undef LDB
#undef PAD
#undef FACTOR
#undef SUM_ROWS
#undef SUM_COLS
#undef SLABS
#undef LINES
#undef LINE_ROW
#undef TILE
#undef BM
#undef BN
#undef BK
#undef QM
#undef QN
#undef KG
#undef QUADS
#undef WARPS
#if TENSOR
#undef WARPS_N
#undef MI
#undef NI
#else
#undef TY
#undef TX
#undef LX
#undef LY
#undef FITS
#undef SLAB
#undef THREAD_ROW
#endif
