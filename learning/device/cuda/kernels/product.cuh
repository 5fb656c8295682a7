// The main loop of every matrix product, for one size of tile. Included once a
// size, with
//
//	TILE    a suffix for its names
//	BM, BN  rows and columns of the result that a block computes
//	BK      depth of a step
//	QM, QN  a thread computes 4·QM × 4·QN of them
//	KG      groups of threads that divide the depth among themselves
//	QUADS   1: all rows are aligned to 16 bytes and their lengths multiples of 4
//
// A step's parts of both factors lie in shared memory, k by k, so that a thread
// reads its rows and columns four at a time without bank conflicts: the 32 lanes
// of a warp read at most eight different quads side by side. Rows there are four
// longer than the tile: a quad along k is stored across four of them, and with
// this stride 16 rows × 2 quads of a warp meet 32 banks. There are two such
// buffers; while one is used, the next step is on its way through registers.

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)
#define TY (BM / (4 * QM))
#define TX (BN / (4 * QN))
#define GROUP (TX * TY)
#define LX (TX < 8 ? TX : 8)
#define LY (32 / LX)
#define LDA (BM + 4)
#define LDB (BN + 4)
#define PASSES(B) (((B) * BK / 4 + GROUP - 1) / GROUP)
#define BUFFER (KG * BK * (LDA + LDB))
// Thread rows that fit into the buffers at once when results leave, of all groups.
#define FITS(n) (KG * (n) * TY * BN <= 2 * BUFFER)
#define SLAB (FITS(4 * QM) ? 4 * QM : FITS(2 * QM) ? 2 * QM : FITS(QM) ? QM : 1)

#define Spot JOIN(Spot_, TILE)

// For the kernels of this tile.
enum {
	JOIN(bm_, TILE) = BM,
	JOIN(bn_, TILE) = BN,
	JOIN(rows_, TILE) = 4 * QM,
	JOIN(cols_, TILE) = 4 * QN,
	JOIN(threads_, TILE) = GROUP * KG,
	JOIN(shared_, TILE) = 2 * BUFFER,
};

// Spot is which part of the tile a thread computes.
struct Spot {
	int group, rank; // of the thread in its group
	int row, col;    // first quad; further ones follow after 4·TY rows, 4·TX columns
};

INLINE struct Spot JOIN(spot_, TILE)(void) {
	struct Spot s;
	int t = (int)threadIdx.x;
	s.group = t / GROUP;
	s.rank = t % GROUP;
	int warp = s.rank / 32, lane = s.rank % 32;
	s.row = 4 * (warp / (TX / LX) * LY + lane / LX);
	s.col = 4 * (warp % (TX / LX) * LX + lane % LX);
	return s;
}

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
	const int ld = width + 4;
	UNROLL for (int p = 0; p < passes; p++) {
		int e = rank + p * GROUP;
		if (width * BK / 4 % GROUP != 0 && e >= width * BK / 4) continue;
		if (ALONG_K(kind)) {
			float* at = to + 4 * (e % 2 + e / (2 * width) * 2) * ld + e / 2 % width;
			at[0] = quads[p].x;
			at[ld] = quads[p].y;
			at[2 * ld] = quads[p].z;
			at[3 * ld] = quads[p].w;
		} else {
			*(float4*)(to + e / (width / 4) * ld + e % (width / 4) * 4) = quads[p];
		}
	}
}

// multiply adds a step's products to a thread's results.
INLINE void JOIN(multiply_, TILE)(struct Spot s, const float* a, const float* b, float sum[4 * QM][4 * QN]) {
	UNROLL for (int k = 0; k < BK; k++) {
		ALIGNED float x[4 * QM];
		ALIGNED float y[4 * QN];
		UNROLL for (int q = 0; q < QM; q++) *(float4*)(x + 4 * q) = *(const float4*)(a + k * LDA + s.row + 4 * TY * q);
		UNROLL for (int q = 0; q < QN; q++) *(float4*)(y + 4 * q) = *(const float4*)(b + k * LDB + s.col + 4 * TX * q);
		UNROLL for (int i = 0; i < 4 * QM; i++) {
			UNROLL for (int j = 0; j < 4 * QN; j++) sum[i][j] += x[i] * y[j];
		}
	}
}

// product computes the tile of rows from m0 and columns from n0 on, summed over k
// in [lo, hi). Afterwards every group of threads has its part of the sums.
INLINE void JOIN(product_, TILE)(const int kindA, const int kindB, const struct Operand* a, const struct Operand* b,
								const struct Geometry* g, struct Phase f, int m, int n, int m0, int n0, int lo, int hi,
								struct Spot s, float* shared, float sum[4 * QM][4 * QN]) {
	float4 nextA[PASSES(BM)], nextB[PASSES(BN)];
	float* at = shared + s.group * BK * LDA;
	float* bt = shared + KG * BK * LDA + s.group * BK * LDB;
	UNROLL for (int i = 0; i < 4 * QM; i++) {
		UNROLL for (int j = 0; j < 4 * QN; j++) sum[i][j] = 0.0f;
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
								int m0, int n0, int z, struct Spot s, float* shared, float sum[4 * QM][4 * QN]) {
	float* mine = shared + s.group * SLAB * TY * BN + s.row / 4 * BN + s.col;
	ROLL for (int slab = 0; slab < 4 * QM / SLAB; slab++) {
		UNROLL for (int i = 0; i < 4 * QM; i++) {
			if (i / SLAB != slab) continue;
			UNROLL for (int q = 0; q < QN; q++)
				*(float4*)(mine + i % SLAB * TY * BN + 4 * TX * q) = *(const float4*)&sum[i][4 * q];
		}
		SYNC();
		ROLL for (int e = (int)threadIdx.x; e < SLAB * TY * BN / 4; e += GROUP * KG) {
			const int line = e / (BN / 4), i = slab * SLAB + line / TY, col = n0 + e % (BN / 4) * 4;
			const int row = m0 + i / 4 * 4 * TY + line % TY * 4 + i % 4;
			if (row >= m) continue;
			ALIGNED float v[4];
			*(float4*)v = ((const float4*)shared)[e];
			UNROLL for (int group = 1; group < KG; group++) {
				const float4 part = ((const float4*)shared)[e + group * SLAB * TY * BN / 4];
				v[0] += part.x;
				v[1] += part.y;
				v[2] += part.z;
				v[3] += part.w;
			}
			if (kindA == TAPS) store_pixels(QUADS, c, g, f, pixel(g, row), col, n, v);
			else if (c->parts) store_part(QUADS, c, (int64_t)z * m + row, col, n, v);
			else store(QUADS, c, c->c + row * c->stride + col, col, n, v);
		}
		SYNC();
	}
}

#undef TY
#undef TX
#undef GROUP
#undef LX
#undef LY
#undef LDA
#undef LDB
#undef PASSES
#undef BUFFER
#undef FITS
#undef SLAB
#undef Spot
#undef TILE
#undef BM
#undef BN
#undef BK
#undef QM
#undef QN
#undef KG
#undef QUADS
