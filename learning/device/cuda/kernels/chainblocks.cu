// The normal equations 2JᵀJ + δI: blocks and their couplings.

#include "chain.cuh"
#include "tiles.cuh"

// lower_tile finds the x-th tile of a lower triangle, row by row.
INLINE void lower_tile(int x, int* row, int* col) {
	int r = 0;
	while (x > r) x -= ++r;
	*row = r;
	*col = x;
}

// entry is that of block t whose product of Jacobians is sum.
INLINE float entry(const struct Chain* p, int64_t step, int t, int row, int col, float sum) {
	const int lo = lowest(p, t), hi = highest(p, t), z = p->action;
	if (row >= p->n || col >= p->n) return 0.0f;
	if (row < lo || col < lo || row >= hi || col >= hi) return row == col ? 1.0f : 0.0f;
	float v = t < p->horizon ? doubled(p->dyn[step]) * sum : 0.0f;
	if (t > 0 && row >= z && col >= z) {
		const float* q = p->slope + (step - 1) * p->latent - z;
		v += doubled(p->kappa[blockIdx.z]) * q[row] * q[col];
		if (row == col) v += doubled(p->dyn[step - 1]);
	}
	if (row != col) return v;
	if (row < z && p->excess[step * p->action + row] != 0.0f) v += doubled(p->act[step]);
	return v + p->damping;
}

// chain_blocks: grid (lower 64×64 tiles, blocks, plans). Row n belongs to chain_rest.
BLOCK_KERNEL(chain_blocks, Chain, threads_medium, 4) {
	const struct Phase none = {0};
	const int t = (int)blockIdx.y, hi = highest(&p, t);
	const int64_t step = (int64_t)blockIdx.z * p.horizon + t;
	int m0, n0;
	lower_tile((int)blockIdx.x, &m0, &n0);
	m0 *= bm_medium;
	n0 *= bn_medium;
	struct Operand j = {0};
	j.stride = p.n;
	j.x = p.jacobian + (t < p.horizon ? step * p.latent * p.n : 0);
	j.vector = p.n % 4 == 0 && ((uint64_t)p.jacobian & 15) == 0;
	ALIGNED float sum[rows_medium][cols_medium];
	SHARED ALIGNED float shared[shared_medium];
	const struct Spot_medium s = spot_medium();
	product_medium(COLS, COLS, &j, &j, 0, none, hi, hi, m0, n0, 0, t < p.horizon ? p.latent : 0, s, shared, sum);
	float* to = stack_of(&p, (int)blockIdx.z, t);
	const int col = n0 + s.col;
	if (col >= p.wide) return;
	UNROLL for (int i = 0; i < rows_medium; i++) {
		const int row = m0 + s.row + bm_medium / 2 * (i / 4) + i % 4;
		if (row >= p.wide || row == p.n) continue;
		ALIGNED float v[4];
		UNROLL for (int k = 0; k < 4; k++) v[k] = entry(&p, step, t, row, col + k, sum[i][k]);
		*(float4*)(to + (int64_t)row * p.wide + col) = *(const float4*)v;
	}
}

// chain_couplings: grid (32×32 tiles, blocks, plans). Of neighbours that come about by
// elimination it writes what pads their coupling, the rest is chain_schur's.
BLOCK_KERNEL(chain_couplings, Chain, 256, 4) {
	SHARED float tile[32][33];
	const int t = (int)blockIdx.y, plan = (int)blockIdx.z, across = p.wide / 32;
	const int i0 = (int)blockIdx.x / across * 32, j0 = (int)blockIdx.x % across * 32;
	const int lane = (int)threadIdx.x % 32, warp = (int)threadIdx.x / 32;
	const struct Block b = block_of(&p, t);
	ROLL for (int later = 0; later < 2; later++) {
		const int o = later ? b.right : b.left, from = later ? t : o; // whose Jacobian it is
		if (o < 0) continue;
		float* to = coupling_of(&p, plan, t, o) + (int64_t)i0 * p.wide + j0;
		if (o - t != 2 * later - 1) {
			if (i0 + 32 <= p.n && j0 + 32 <= p.n) continue;
			for (int r = warp; r < 32; r += 8) to[(int64_t)r * p.wide + lane] = 0.0f;
			continue;
		}
		const int64_t step = (int64_t)plan * p.horizon + from;
		const float* j = p.jacobian + step * p.latent * p.n;
		const float w = -doubled(p.dyn[step]);
		for (int r = warp; r < 32; r += 8) { // rows of the Jacobian: of the later block
			const int k = (later ? i0 : j0) + r - p.action, u = (later ? j0 : i0) + lane;
			tile[r][lane] = k >= 0 && k < p.latent && u < highest(&p, from) ? w * j[(int64_t)k * p.n + u] : 0.0f;
		}
		SYNC();
		for (int r = warp; r < 32; r += 8) to[(int64_t)r * p.wide + lane] = later ? tile[r][lane] : tile[lane][r];
		SYNC();
	}
}
