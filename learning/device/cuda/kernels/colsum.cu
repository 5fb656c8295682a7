// Sums of columns, in two stages: blocks add `each` rows to a row of partial sums,
// then one launch adds those. The order of a sum depends on the shape alone.

#include "operand.cuh"

// col_sum adds columns [wide·x, wide·(x+1)) of rows [each·y, each·(y+1)). Threads
// lie along the rows, 256/wide rows at a time; out has a row for every y.
BLOCK_KERNEL(col_sum, ColSum, 256, 4) {
	SHARED float part[256];
	const int lines = 256 / p.wide, line = (int)threadIdx.x / p.wide;
	const int col = (int)blockIdx.x * p.wide + (int)threadIdx.x % p.wide;
	const int64_t lo = (int64_t)blockIdx.y * p.each, hi = lo + p.each < p.rows ? lo + p.each : p.rows;
	float sum = 0.0f;
	if (line < lines && col < p.cols) {
		for (int64_t row = lo + line; row < hi; row += lines) {
			const int64_t at = row * p.x.stride + col;
			sum += p.x.y ? derive(p.x.act, p.x.y[at], p.x.x[at]) : p.x.x[at];
		}
	}
	part[threadIdx.x] = sum;
	SYNC();
	if (line > 0 || col >= p.cols) return;
	for (int i = 1; i < lines; i++) sum += part[i * p.wide + (int)threadIdx.x];
	float* out = p.out + (int64_t)blockIdx.y * p.cols + col;
	*out = p.beta != 0.0f ? sum + p.beta * *out : sum;
}
