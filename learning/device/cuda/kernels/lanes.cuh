// Products in float32: a thread computes 4·QM × 4·QN results, from its rows and
// columns of both factors, read four at a time without bank conflicts: the 32 lanes
// of a warp read at most eight different quads side by side. Rows in shared memory
// are four longer than the tile: a quad along k is stored across four of them, and
// with this stride 16 rows × 2 quads of a warp meet 32 banks. Included by
// product.cuh.

#define TY (BM / (4 * QM))
#define TX (BN / (4 * QN))
#define LX (TX < 8 ? TX : 8)
#define LY (32 / LX)
#define GROUP (TX * TY)
#define PAD 4
#define LDA (BM + PAD)
#define LDB (BN + PAD)
#define FACTOR(x) (x)
#define SUM_ROWS (4 * QM)
#define SUM_COLS (4 * QN)

// Rows of a thread that pass through the buffers at once when results leave.
#define FITS(n) (KG * (n) * TY * BN <= 2 * BUFFER)
#define SLAB (FITS(4 * QM) ? 4 * QM : FITS(2 * QM) ? 2 * QM : FITS(QM) ? QM : 1)
#define SLABS (4 * QM / SLAB)
#define LINES (SLAB * TY)
#define THREAD_ROW(slab, line) ((slab) * SLAB + (line) / TY)
#define LINE_ROW(slab, line) (THREAD_ROW(slab, line) / 4 * 4 * TY + (line) % TY * 4 + THREAD_ROW(slab, line) % 4)

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

// multiply adds a step's products to a thread's results.
INLINE void JOIN(multiply_, TILE)(struct Spot s, const float* a, const float* b, float sum[SUM_ROWS][SUM_COLS]) {
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

// spread puts a slab of a thread's results into shared memory.
INLINE void JOIN(spread_, TILE)(struct Spot s, int slab, float* shared, float sum[SUM_ROWS][SUM_COLS]) {
	float* mine = shared + s.group * LINES * BN + s.row / 4 * BN + s.col;
	UNROLL for (int i = 0; i < 4 * QM; i++) {
		if (i / SLAB != slab) continue;
		UNROLL for (int q = 0; q < QN; q++)
			*(float4*)(mine + i % SLAB * TY * BN + 4 * TX * q) = *(const float4*)&sum[i][4 * q];
	}
}
