// What a panel does with its tiles.

#include "chain.cuh"

#define TILE_LD 33 // rows of a tile: lanes with a row each meet 32 banks
#define UNIT 36    // columns of a factor with ones on its diagonal

// Panel is a thread block's part of the stack of a block.
struct Panel {
	float *stack, *inverse, *known;
	int diagonal, first, rows; // the panel; the first row below it that is this thread block's; all rows
};

INLINE struct Panel panel_of(const struct Chain* p, int plan, int t, int rows) {
	const struct Block b = block_of(p, t);
	const int64_t at = index_of(p, plan, t);
	struct Panel g;
	g.stack = stack_of(p, plan, t);
	g.inverse = p->inverse + (at * (p->wide / 32) + p->tile) * 1024;
	g.known = p->known + at * p->wide;
	g.diagonal = 32 * p->tile;
	g.first = g.diagonal + 32 + (int)blockIdx.x * rows;
	g.rows = (1 + (b.left >= 0) + (b.right >= 0)) * p->wide;
	return g;
}

// stack_row is where row r lies: those of the tile, then the thread block's own. −1:
// nowhere, or in row n of a coupling, which is a copy of the right-hand side.
INLINE int stack_row(const struct Chain* p, const struct Panel* g, int r) {
	const int at = r < 32 ? g->diagonal + r : g->first + r - 32;
	return at >= g->rows || at == p->wide + p->n || at == 2 * p->wide + p->n ? -1 : at;
}

INLINE float4 panel_load(const struct Chain* p, const struct Panel* g, int r, int col) {
	const int at = stack_row(p, g, r);
	return at < 0 ? make_float4(0.0f, 0.0f, 0.0f, 0.0f) : *(const float4*)(g->stack + (int64_t)at * p->wide + col);
}

// panel_factor factors the tile, by one warp with a row a lane, as L·D·Lᵀ, so that
// no root is waited for: a lane knows its pivot from its own row, and what is waited
// for from column to column is one reciprocal on its way to the other lanes. unit has
// the columns of L below their ones, scale D^−½. From `columns` on there are no
// unknowns: such columns are 0, and so is their scale.
INLINE void panel_factor(int columns, float* tile, float* unit, float* scale) {
	const int lane = (int)threadIdx.x;
	float row[32], pivot = tile[lane * TILE_LD + lane];
	UNROLL for (int j = 0; j < 32; j++) row[j] = tile[lane * TILE_LD + j];
	UNROLL for (int k = 0; k < 32; k++) {
		const float r = shuffle(pivot > 0.0f && pivot <= 3.402823466e38f ? 1.0f / pivot : sqrtf(-1.0f), k);
		const float l = k < columns && lane > k ? row[k] * r : 0.0f;
		pivot -= row[k] * l; // as row[lane], without waiting for a shuffle
		unit[k * UNIT + lane] = l;
		if (lane == k) scale[k] = k < columns ? sqrtf(r) : 0.0f;
		UNROLL for (int j = k + 1; j < 32; j++) row[j] -= row[k] * shuffle(l, j);
	}
	if (columns < 32 && lane == columns) { // the right-hand side
		UNROLL for (int j = 0; j < 32; j++) tile[lane * TILE_LD + j] = row[j];
	}
}

// right_hand keeps number i of the right-hand side behind the factor.
INLINE void right_hand(const struct Chain* p, const struct Panel* g, int i, float v) {
	g->known[i] = v;
	for (int64_t at = p->wide + p->n; at < g->rows; at += p->wide) g->stack[at * p->wide + i] = v;
}

// panel_solve makes a row a of what lies below the tile a·L⁻ᵀ. The first 32 threads
// have those of the identity and make the inverse.
INLINE void panel_solve(const struct Chain* p, const struct Panel* g, int r, float* mine, const float* unit, const float* scale) {
	float u[32];
	if (r < 32 && g->diagonal + r == p->n) {
		for (int j = 0; j < 32; j++) right_hand(p, g, g->diagonal + j, j < r ? mine[j] * scale[j] : 0.0f);
	}
	UNROLL for (int j = 0; j < 32; j++) u[j] = r >= 32 ? mine[j] : r == j ? 1.0f : 0.0f;
	UNROLL for (int k = 0; k < 32; k++) {
		UNROLL for (int j = k / 4 * 4; j < 32; j += 4) {
			const float4 l = *(const float4*)(unit + k * UNIT + j);
			if (j > k) u[j] -= u[k] * l.x;
			if (j + 1 > k) u[j + 1] -= u[k] * l.y;
			if (j + 2 > k) u[j + 2] -= u[k] * l.z;
			if (j + 3 > k) u[j + 3] -= u[k] * l.w;
		}
	}
	UNROLL for (int j = 0; j < 32; j++) mine[j] = g->diagonal + j < p->n ? u[j] * scale[j] : 0.0f;
}

INLINE void panel_store(const struct Chain* p, const struct Panel* g, int r, int col, float v) {
	if (r < 32) {
		if (blockIdx.x == 0) g->inverse[r * 32 + col] = v;
		return;
	}
	const int at = stack_row(p, g, r);
	if (at < 0) return;
	g->stack[(int64_t)at * p->wide + g->diagonal + col] = v;
	if (at == p->n) right_hand(p, g, g->diagonal + col, v);
}

#define PANEL_ROWS 32
#define PANEL_QUADS 1
#include "chainpanel.cuh"
#define PANEL_ROWS 96
#define PANEL_QUADS 2
#include "chainpanel.cuh"
