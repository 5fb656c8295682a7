// Forward and back substitution, a stage a launch.

#include "chain.cuh"

INLINE float dot4(float4 a, const float* b) { return a.x * b[0] + a.y * b[1] + (a.z * b[2] + a.w * b[3]); }

// gather is a right-hand side less what the blocks eliminated before passed on.
INLINE float gather(const struct Chain* p, int plan, int t, int i) {
	const int stage = block_of(p, t).stage;
	float v = p->right[index_of(p, plan, t) * p->apart + i];
	for (int reach = 1; reach <= p->horizon; reach *= 2) {
		UNROLL for (int later = 0; later < 2; later++) {
			const int o = later ? t + reach : t - reach;
			if (o < 0 || o > p->horizon) continue;
			const struct Block b = block_of(p, o);
			if (b.stage >= stage || (later ? b.left : b.right) != t) continue;
			v -= p->passed[(index_of(p, plan, o) * 2 + segment_of(p, o, t) - 1) * p->wide + i];
		}
	}
	return v;
}

// tile_forward is L⁻¹ times 32 numbers of b, by all of a block: four by every warp.
INLINE void tile_forward(float4 inverse, const float* b, float* out) {
	const int lane = (int)threadIdx.x % 32, four = (int)threadIdx.x / 32 * 4;
	const float v = b[lane], x = warp_sum(inverse.x * v), y = warp_sum(inverse.y * v), z = warp_sum(inverse.z * v), w = warp_sum(inverse.w * v);
	if (lane == 0) {
		out[four] = x;
		out[four + 1] = y;
		out[four + 2] = z;
		out[four + 3] = w;
	}
}

// chain_forward: known = L⁻¹·right, and what that passes on. grid (parts, blocks of
// the stage, plans): every part does the whole of the former and a part of the latter.
BLOCK_KERNEL(chain_forward, Chain, 256, 2) {
	SHARED ALIGNED float y[most_wide];
	SHARED float b[32];
	const int t = eliminated(&p, (int)blockIdx.y), plan = (int)blockIdx.z, lane = (int)threadIdx.x % 32, warp = (int)threadIdx.x / 32;
	const int64_t at = index_of(&p, plan, t);
	const float* stack = stack_of(&p, plan, t);
	for (int i = (int)threadIdx.x; i < p.wide; i += 256) y[i] = gather(&p, plan, t, i);
	SYNC();
	for (int tile = 0; tile < p.wide / 32; tile++) {
		const float4 inverse = *(const float4*)(p.inverse + (at * (p.wide / 32) + tile) * 1024 + lane * 32 + 4 * warp);
		float sum[4] = {0.0f, 0.0f, 0.0f, 0.0f};
		for (int k = 4 * lane; k < 32 * tile; k += 128) {
			UNROLL for (int r = 0; r < 4; r++)
				sum[r] += dot4(*(const float4*)(stack + (int64_t)(32 * tile + 4 * warp + r) * p.wide + k), y + k);
		}
		UNROLL for (int r = 0; r < 4; r++) {
			sum[r] = warp_sum(sum[r]);
			if (lane == 0) b[4 * warp + r] = y[32 * tile + 4 * warp + r] - sum[r];
		}
		SYNC();
		tile_forward(inverse, b, y + 32 * tile);
		SYNC();
	}
	if (blockIdx.x == 0) {
		for (int i = (int)threadIdx.x; i < p.wide; i += 256) p.known[at * p.wide + i] = y[i];
	}
	const struct Block block = block_of(&p, t);
	const int rows = ((block.left >= 0) + (block.right >= 0)) * p.wide;
	for (int row = ((int)blockIdx.x * 8 + warp) * 4; row < rows; row += (int)gridDim.x * 32) {
		float sum[4] = {0.0f, 0.0f, 0.0f, 0.0f};
		for (int k = 4 * lane; k < p.wide; k += 128) {
			UNROLL for (int r = 0; r < 4; r++) sum[r] += dot4(*(const float4*)(stack + (int64_t)(p.wide + row + r) * p.wide + k), y + k);
		}
		UNROLL for (int r = 0; r < 4; r++) {
			sum[r] = warp_sum(sum[r]);
			if (lane == 0) p.passed[at * 2 * p.wide + row + r] = (row + r) % p.wide < p.n ? sum[r] : 0.0f;
		}
	}
}

// below adds, for 4·lanes columns from col on, rows from lo on in steps of 256/lanes,
// of v·rows.
INLINE float4 below(const float* rows, int wide, int lo, int hi, int apart, const float* v) {
	float4 sum = make_float4(0.0f, 0.0f, 0.0f, 0.0f);
	UNROLL_8 for (int r = lo; r < hi; r += apart) {
		const float4 l = *(const float4*)(rows + (int64_t)r * wide);
		const float x = v[r];
		sum = make_float4(sum.x + x * l.x, sum.y + x * l.y, sum.z + x * l.z, sum.w + x * l.w);
	}
	return sum;
}

// chain_back: x = L⁻ᵀ·(known − what the neighbours have of it), grid (1, blocks of
// the stage, plans).
BLOCK_KERNEL(chain_back, Chain, 256, 2) {
	SHARED ALIGNED float x[most_wide];
	SHARED ALIGNED float part[8 * 128];
	const int t = eliminated(&p, (int)blockIdx.y), plan = (int)blockIdx.z, lane = (int)threadIdx.x % 32, warp = (int)threadIdx.x / 32;
	const int64_t at = index_of(&p, plan, t), square = (int64_t)p.wide * p.wide;
	const struct Block block = block_of(&p, t);
	const float* stack = stack_of(&p, plan, t);
	for (int col = 0; col < p.wide; col += 128) { // four columns a lane, every eighth row a warp
		float4 sum = make_float4(0.0f, 0.0f, 0.0f, 0.0f);
		int segment = 1;
		UNROLL for (int later = 0; later < 2; later++) {
			const int o = later ? block.right : block.left;
			if (o < 0) continue;
			if (col + 4 * lane < p.wide) {
				const float4 s = below(stack + segment * square + col + 4 * lane, p.wide, warp, p.n, 8, p.x + index_of(&p, plan, o) * p.wide);
				sum = make_float4(sum.x + s.x, sum.y + s.y, sum.z + s.z, sum.w + s.w);
			}
			segment++;
		}
		*(float4*)(part + warp * 128 + 4 * lane) = sum;
		SYNC();
		const int i = (int)threadIdx.x;
		if (i < 128 && col + i < p.wide) {
			float v = p.known[at * p.wide + col + i];
			for (int w = 0; w < 8; w++) v -= part[w * 128 + i];
			x[col + i] = v;
		}
		SYNC();
	}
	for (int tile = p.wide / 32 - 1; tile >= 0; tile--) { // four columns by eight lanes, every 32nd row of them
		const float* inverse = p.inverse + (at * (p.wide / 32) + tile) * 1024;
		float rows[4];
		UNROLL for (int r = 0; r < 4; r++) rows[r] = inverse[(4 * warp + r) * 32 + lane];
		const int col = 32 * tile + lane % 8 * 4;
		float4 s = below(stack + col, p.wide, 32 * (tile + 1) + warp * 4 + lane / 8, p.n, 32, x);
		UNROLL for (int lanes = 8; lanes < 32; lanes *= 2)
			s = make_float4(s.x + shuffle_xor(s.x, lanes), s.y + shuffle_xor(s.y, lanes), s.z + shuffle_xor(s.z, lanes), s.w + shuffle_xor(s.w, lanes));
		if (lane < 8) *(float4*)(part + warp * 32 + 4 * lane) = s;
		SYNC();
		float v = x[32 * tile + lane];
		for (int w = 0; w < 8; w++) v -= part[w * 32 + lane];
		UNROLL for (int r = 0; r < 4; r++) rows[r] = warp_sum(rows[r] * v);
		SYNC();
		if (lane < 4) x[32 * tile + 4 * warp + lane] = lane == 0 ? rows[0] : lane == 1 ? rows[1] : lane == 2 ? rows[2] : rows[3];
		SYNC();
	}
	for (int i = (int)threadIdx.x; i < p.wide; i += 256) p.x[at * p.wide + i] = x[i];
}
