// The end of products that are split over blocks.

#include "result.cuh"

// part_quad reads four columns of a part; those that are not there are 0.
INLINE void part_quad(const struct SumParts* p, const float* from, int part, int col, float x[4]) {
	const float* at = from + (int64_t)part * p->m * p->n;
	UNROLL for (int j = 0; j < 4; j++) x[j] = 0.0f;
	if (part >= p->parts) return;
	if (p->n % 4 == 0) {
		*(float4*)x = *(const float4*)at;
		return;
	}
	UNROLL for (int j = 0; j < 4; j++) {
		if (col + j < p->n) x[j] = at[j];
	}
}

// sum_parts adds the parts of a split product in their order. Four columns a
// thread; grid over quads.
KERNEL(sum_parts, SumParts, 256, 4) {
	const int quads = (p.n + 3) / 4;
	for (int64_t e = global_thread(); e < (int64_t)p.m * quads; e += global_threads()) {
		const int row = (int)(e / quads), col = (int)(e % quads) * 4;
		ALIGNED float v[4] = {0.0f, 0.0f, 0.0f, 0.0f};
		const float* from = p.c.parts + (int64_t)row * p.n + col;
		for (int part = 0; part < p.parts; part += 8) { // eight are on their way at once
			ALIGNED float x[8][4];
			UNROLL for (int i = 0; i < 8; i++) part_quad(&p, from, part + i, col, x[i]);
			UNROLL for (int i = 0; i < 8; i++) {
				if (part + i >= p.parts) continue;
				UNROLL for (int j = 0; j < 4; j++) v[j] += x[i][j];
			}
		}
		store(0, &p.c, p.c.c + row * p.c.stride + col, p.c.out + row * p.c.outStride + col, col, p.n, v);
	}
}
