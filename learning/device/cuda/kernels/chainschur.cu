// What the blocks that a stage eliminates leave to those that stay.

#include "chain.cuh"
#include "tiles.cuh"

// Rest is a tile of what is left: of a block that stays, or of its coupling with the
// next one.
struct Rest {
	struct Kept k;
	int coupling, rows, cols; // blocks that are rows and columns of the result
	int m0, n0;
};

// rest_of is what the x-th of a block's tiles of some size is.
INLINE struct Rest rest_of(const struct Chain* p, int x, int size) {
	const int across = (p->wide + size - 1) / size, lower = across * (across + 1) / 2;
	struct Rest r;
	r.k = kept(p, (int)blockIdx.y);
	r.rows = r.cols = r.k.t;
	r.coupling = x >= lower;
	if (r.coupling) {
		r.m0 = (x - lower) / across;
		r.n0 = (x - lower) % across;
		if (r.k.next >= 0 && block_of(p, r.k.t).stage < block_of(p, r.k.next).stage) r.rows = r.k.next;
		else r.cols = r.k.next;
	} else {
		lower_tile(x, &r.m0, &r.n0);
	}
	r.m0 *= size;
	r.n0 *= size;
	return r;
}

// A block takes from both sides, left first, its coupling from the block between the
// two. grid (lower tiles of a block, then all of its coupling with the next; blocks
// that stay; plans).
#define CHAIN_SCHUR(name, tile, blocks)                                                                               \
	BLOCK_KERNEL(name, Chain, threads_##tile, blocks) {                                                               \
		const struct Phase none = {0};                                                                                \
		const struct Rest r = rest_of(&p, (int)blockIdx.x, bm_##tile);                                                \
		const int plan = (int)blockIdx.z;                                                                             \
		if (r.coupling && r.k.next < 0) return;                                                                       \
		ALIGNED float sum[rows_##tile][cols_##tile];                                                                  \
		SHARED ALIGNED float shared[shared_##tile];                                                                   \
		const struct Spot_##tile s = spot_##tile();                                                                   \
		struct Result c = {0};                                                                                        \
		c.c = r.coupling ? coupling_of(&p, plan, r.cols, r.rows) : stack_of(&p, plan, r.rows);                        \
		c.stride = p.wide;                                                                                            \
		c.vector = 1;                                                                                                 \
		c.alpha = -1.0f;                                                                                              \
		c.beta = r.coupling ? 0.0f : 1.0f;                                                                            \
		ROLL for (int side = r.coupling; side < 2; side++) {                                                          \
			const int gone = side ? r.k.right : r.k.left, m = p.n + !r.coupling;                                      \
			if (gone < 0) continue;                                                                                   \
			struct Operand a = {0}, b = {0};                                                                          \
			a.stride = b.stride = p.wide;                                                                             \
			a.vector = b.vector = 1;                                                                                  \
			a.x = coupling_of(&p, plan, gone, r.rows);                                                                \
			b.x = coupling_of(&p, plan, gone, r.cols);                                                                \
			product_##tile(ROWS, ROWS, &a, &b, 0, none, m, p.n, r.m0, r.n0, 0, (p.n + 3) / 4 * 4, s, shared, sum);    \
			deliver_##tile(ROWS, &c, 0, none, m, p.n, r.m0, r.n0, 0, s, shared, sum);                                 \
		}                                                                                                             \
	}

CHAIN_SCHUR(chain_schur_medium, medium, 4)
CHAIN_SCHUR(chain_schur_small, small, 2)
