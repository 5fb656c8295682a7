// Products by tensor cores: factors are rounded to TF32 (8 bits of exponent, 10 of
// mantissa) as they enter shared memory, and added in float32. A warp computes MI
// tiles of 16 rows × NI tiles of 8 columns. Lanes read single numbers (k, i) of k by
// k%4 and i by lane/4: with rows eight longer than the tile they meet 32 banks.
// Included by product.cuh.

#define GROUP (BM * BN / (16 * QM * QN))
#define WARPS_N (GROUP / 32 / WARPS)
#define MI (BM / (16 * WARPS))
#define NI (BN / (8 * WARPS_N))
#define PAD 8
#define LDA (BM + PAD)
#define LDB (BN + PAD)
#define FACTOR(x) tf32(x)
#define SUM_ROWS MI
#define SUM_COLS (4 * NI)
#define SLABS MI
#define LINES (16 * WARPS)
#define LINE_ROW(slab, line) ((line) / 16 * 16 * MI + (slab) * 16 + (line) % 16)

struct Spot {
	int group, rank; // of the thread in its group
	int row, col;    // of the warp's results
};

INLINE struct Spot JOIN(spot_, TILE)(void) {
	struct Spot s;
	s.group = (int)threadIdx.x / GROUP;
	s.rank = (int)threadIdx.x % GROUP;
	s.row = s.rank / 32 / WARPS_N * 16 * MI;
	s.col = s.rank / 32 % WARPS_N * 8 * NI;
	return s;
}

// multiply adds a step's products to a warp's results.
INLINE void JOIN(multiply_, TILE)(struct Spot s, const float* a, const float* b, float sum[SUM_ROWS][SUM_COLS]) {
	const int along = s.rank % 4, across = s.rank % 32 / 4;
	UNROLL for (int k = 0; k < BK; k += 8) {
		float x[MI][4], y[NI][2];
		UNROLL for (int i = 0; i < MI; i++) {
			const float* at = a + (k + along) * LDA + s.row + 16 * i + across;
			x[i][0] = at[0];
			x[i][1] = at[8];
			x[i][2] = at[4 * LDA];
			x[i][3] = at[4 * LDA + 8];
		}
		UNROLL for (int j = 0; j < NI; j++) {
			const float* at = b + (k + along) * LDB + s.col + 8 * j + across;
			y[j][0] = at[0];
			y[j][1] = at[4 * LDB];
		}
		UNROLL for (int i = 0; i < MI; i++) {
			UNROLL for (int j = 0; j < NI; j++) multiply_tf32(x[i], y[j], &sum[i][4 * j]);
		}
	}
}

// spread puts a slab of a warp's results into shared memory.
INLINE void JOIN(spread_, TILE)(struct Spot s, int slab, float* shared, float sum[SUM_ROWS][SUM_COLS]) {
	float* mine = shared + s.group * LINES * BN + (s.row / MI + s.rank % 32 / 4) * BN + s.col + s.rank % 4 * 2;
	UNROLL for (int i = 0; i < MI; i++) {
		if (i != slab) continue;
		UNROLL for (int j = 0; j < NI; j++) {
			mine[8 * j] = sum[i][4 * j];
			mine[8 * j + 1] = sum[i][4 * j + 1];
			mine[8 * BN + 8 * j] = sum[i][4 * j + 2];
			mine[8 * BN + 8 * j + 1] = sum[i][4 * j + 3];
		}
	}
}
