// Jacobians of an RSSM's mean transition, put together from their parts.

#include "chain.cuh"

#define CELL(v, row, col) ((v).at[(int64_t)(row) * (v).stride + (col)])

// hidden is 32×32 of ∂h′/∂h: rows from r0, columns from c0.
INLINE void hidden(const struct GRUJacobian* p, int i, int r0, int c0, float* to, int across, float tile[32][33]) {
	const int lane = (int)threadIdx.x % 32, warp = (int)threadIdx.x / 32, d = p->deter;
	float sum[4] = {0.0f, 0.0f, 0.0f, 0.0f};
	UNROLL for (int k = 0; k < 4; k++) {
		const int r = r0 + warp + 8 * k, c = c0 + lane;
		if (r == c && r < d) sum[k] = CELL(p->keep, i, r);
	}
	for (int g = 0; g < p->count; g++) {
		UNROLL for (int k = 0; k < 4; k++) {
			const int r = r0 + lane, c = c0 + warp + 8 * k;
			tile[warp + 8 * k][lane] = r < d && c < d ? CELL(p->recur, c, g * d + r) : 0.0f;
		}
		SYNC();
		UNROLL for (int k = 0; k < 4; k++) {
			const int r = r0 + warp + 8 * k;
			if (r < d) sum[k] += CELL(p->gates, i, g * d + r) * tile[lane][warp + 8 * k];
		}
		SYNC();
	}
	UNROLL for (int k = 0; k < 4; k++) {
		const int r = r0 + warp + 8 * k, c = c0 + lane;
		if (r >= d || c >= d) continue;
		const float more = p->through.at ? CELL(p->through, i * d + r, c) : 0.0f;
		to[(int64_t)r * across + p->action + p->stoch + c] = p->scale * sum[k] + more;
	}
}

// inputs is 32×32 of ∂h′/∂x, which comes transposed: rows from r0, columns from c0.
INLINE void inputs(const struct GRUJacobian* p, int i, int r0, int c0, float* to, int across, float tile[32][33]) {
	const int lane = (int)threadIdx.x % 32, warp = (int)threadIdx.x / 32, x = p->stoch + p->action;
	UNROLL for (int k = 0; k < 4; k++) {
		const int r = r0 + lane, c = c0 + warp + 8 * k;
		tile[warp + 8 * k][lane] = r < p->deter && c < x ? CELL(p->deterIn, i * x + c, r) : 0.0f;
	}
	SYNC();
	UNROLL for (int k = 0; k < 4; k++) {
		const int r = r0 + warp + 8 * k, c = c0 + lane;
		if (r < p->deter && c < x) to[(int64_t)r * across + (c < p->stoch ? p->action + c : c - p->stoch)] = tile[lane][warp + 8 * k];
	}
}

// gru_jacobian: grid (tiles of ∂h′/∂h, tiles of ∂h′/∂x, groups of 8 rows of s′; 1;
// Jacobians).
BLOCK_KERNEL(gru_jacobian, GRUJacobian, 256, 4) {
	SHARED float tile[32][33];
	const int i = (int)blockIdx.z, s = p.stoch, d = p.deter, across = p.action + s + d;
	const int down = (d + 31) / 32, wide = (s + p.action + 31) / 32;
	float* to = p.jacobian + (int64_t)i * (s + d) * across;
	int x = (int)blockIdx.x;
	if (x < down * down) {
		hidden(&p, i, x / down * 32, x % down * 32, to + (int64_t)s * across, across, tile);
		return;
	}
	x -= down * down;
	if (x < down * wide) {
		inputs(&p, i, x / wide * 32, x % wide * 32, to + (int64_t)s * across, across, tile);
		return;
	}
	const int r = (x - down * wide) * 8 + (int)threadIdx.x / 32;
	if (r >= s) return;
	for (int c = (int)threadIdx.x % 32; c < across; c += 32) {
		float v;
		if (c < p.action) v = CELL(p.stochIn, i * s + r, s + c);
		else if (c < p.action + s) v = CELL(p.stochIn, i * s + r, c - p.action);
		else v = CELL(p.stochDeter, i * s + r, c - p.action - s);
		to[(int64_t)r * across + c] = v;
	}
}
