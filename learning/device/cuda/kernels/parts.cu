// The end of products that are split over blocks.

#include "result.cuh"

// sum_parts adds the parts of a split product in their order. Four columns a
// thread; grid over quads.
KERNEL(sum_parts, SumParts, 256, 4) {
	const int quads = (p.n + 3) / 4;
	for (int64_t e = global_thread(); e < (int64_t)p.m * quads; e += global_threads()) {
		const int row = (int)(e / quads), col = (int)(e % quads) * 4;
		ALIGNED float v[4] = {0.0f, 0.0f, 0.0f, 0.0f};
		for (int part = 0; part < p.parts; part++) {
			const float* from = p.c.parts + ((int64_t)part * p.m + row) * p.n + col;
			UNROLL for (int j = 0; j < 4; j++) {
				if (col + j < p.n) v[j] += from[j];
			}
		}
		store(0, &p.c, p.c.c + row * p.c.stride + col, p.c.out + row * p.c.outStride + col, col, p.n, v);
	}
}
