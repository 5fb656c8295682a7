// What the blocks that a stage eliminates leave to those that stay.

#include "chain.cuh"
#include "tiles.cuh"

// chain_schur: grid (lower 64×64 tiles of a block, then all of its coupling with the
// next; blocks that stay; plans). A block takes from both sides, left first.
BLOCK_KERNEL(chain_schur, Chain, threads_medium, 4) {
	const struct Phase none = {0};
	const struct Kept k = kept(&p, (int)blockIdx.y);
	const int across = (p.wide + bm_medium - 1) / bm_medium, lower = across * (across + 1) / 2, plan = (int)blockIdx.z;
	int m0, n0, rows = k.t, cols = k.t; // blocks that are the rows and columns of the result
	const int coupling = (int)blockIdx.x >= lower;
	if (coupling) {
		if (k.next < 0) return;
		m0 = ((int)blockIdx.x - lower) / across;
		n0 = ((int)blockIdx.x - lower) % across;
		if (block_of(&p, k.t).stage < block_of(&p, k.next).stage) rows = k.next;
		else cols = k.next;
	} else {
		lower_tile((int)blockIdx.x, &m0, &n0);
	}
	m0 *= bm_medium;
	n0 *= bn_medium;
	float* to = coupling ? coupling_of(&p, plan, cols, rows) : stack_of(&p, plan, k.t);
	ALIGNED float sum[rows_medium][cols_medium];
	SHARED ALIGNED float shared[shared_medium];
	const struct Spot_medium s = spot_medium();
	const int col = n0 + s.col;
	ROLL for (int side = coupling; side < 2; side++) {
		const int e = side ? k.right : k.left;
		if (e < 0) continue;
		struct Operand a = {0}, b = {0};
		a.vector = b.vector = 1;
		a.stride = b.stride = p.wide;
		a.x = coupling_of(&p, plan, e, rows);
		b.x = coupling_of(&p, plan, e, cols);
		product_medium(ROWS, ROWS, &a, &b, 0, none, p.n + 1, p.n, m0, n0, 0, (p.n + 3) / 4 * 4, s, shared, sum);
		UNROLL for (int i = 0; i < rows_medium; i++) {
			const int row = m0 + s.row + bm_medium / 2 * (i / 4) + i % 4;
			if (row >= p.wide || col >= p.wide) continue;
			float4* at = (float4*)(to + (int64_t)row * p.wide + col);
			float4 v = make_float4(0.0f, 0.0f, 0.0f, 0.0f);
			if (!coupling) v = *at;
			if (row < p.n + !coupling) v = make_float4(v.x - sum[i][0], v.y - sum[i][1], v.z - sum[i][2], v.w - sum[i][3]);
			*at = v;
		}
	}
}
