// A search over sequences: draw, limit, weigh, fit (device.Sampler).

#include "normal.cuh"
#include "rows.cuh"
#include "search.h"

// stream_normals fills dst; a thread computes the four numbers of a counter.
KERNEL(stream_normals, StreamNormals, 256, 4) {
	const uint64_t n = (uint64_t)p.rows * (uint64_t)p.cols, last = p.first + n;
	for (uint64_t q = p.first / 4 + (uint64_t)global_thread(); 4 * q < last; q += (uint64_t)global_threads()) {
		float four[4];
		stream_normals4(p.seed, p.stream, q, four);
		const uint64_t begin = 4 * q < p.first ? p.first : 4 * q;
		int64_t row = (int64_t)((begin - p.first) / (uint64_t)p.cols), col = (int64_t)((begin - p.first) % (uint64_t)p.cols);
		UNROLL for (int e = 0; e < 4; e++) {
			const uint64_t i = 4 * q + (uint64_t)e;
			if (i < begin || i >= last) continue;
			p.dst.at[row * p.dst.stride + col] = four[e];
			if (++col == p.cols) {
				col = 0;
				row++;
			}
		}
	}
}

// perturb: x = mean + std∘x within ±1; NaN stays.
KERNEL(perturb, Perturb, 256, 4) {
	EACH(p.rows, p.cols) {
		float v = p.mean[col] + p.std[col] * AT(p.x, col);
		v = v < -1.0f ? -1.0f : v;
		AT(p.x, col) = v > 1.0f ? 1.0f : v;
	}
}

// WIDE is the block of the kernels that weigh: one block, because what it passes
// over is small (10,000 returns are 40 KB) beside the rollouts they came from.
#define WIDE 1024

// block_count is the sum of x over a block of WIDE; before is that of the threads
// before this one.
INLINE uint32_t block_count(uint32_t x, uint32_t* before) {
	SHARED uint32_t part[WIDE / 32];
	const int lane = (int)threadIdx.x % 32, warp = (int)threadIdx.x / 32;
	uint32_t sum = x, all = 0, earlier = 0;
	UNROLL for (int lanes = 1; lanes < 32; lanes *= 2) {
		const uint32_t other = shuffle_up(sum, lanes);
		if (lane >= lanes) sum += other;
	}
	if (lane == 31) part[warp] = sum;
	SYNC();
	for (int i = 0; i < WIDE / 32; i++) {
		if (i == warp) earlier = all;
		all += part[i];
	}
	SYNC(); // before it is written again
	*before = earlier + sum - x;
	return all;
}

// block_total is the sum over a block of WIDE, for every thread.
INLINE double block_total(double x) {
	SHARED double part[WIDE / 32];
	UNROLL for (int lanes = 16; lanes > 0; lanes /= 2) x += shuffle_xor_double(x, lanes);
	if (threadIdx.x % 32 == 0) part[threadIdx.x / 32] = x;
	SYNC();
	x = part[0];
	for (int i = 1; i < WIDE / 32; i++) x += part[i];
	SYNC();
	return x;
}

// block_greatest is the greatest of a block of WIDE, for every thread.
INLINE float block_greatest(float x) {
	SHARED float part[WIDE / 32];
	UNROLL for (int lanes = 16; lanes > 0; lanes /= 2) {
		const float other = shuffle_xor(x, lanes);
		x = other > x ? other : x;
	}
	if (threadIdx.x % 32 == 0) part[threadIdx.x / 32] = x;
	SYNC();
	x = part[0];
	for (int i = 1; i < WIDE / 32; i++) x = part[i] > x ? part[i] : x;
	SYNC();
	return x;
}

// spoiled says that one of x is not finite; then every weight becomes NaN.
INLINE int spoiled(const float* x, float* weights, int n) {
	uint32_t bad = 0, before;
	for (int i = (int)threadIdx.x; i < n; i += WIDE) bad += (bits_of(x[i]) & 0x7f800000u) == 0x7f800000u;
	if (block_count(bad, &before) == 0) return 0;
	for (int i = (int)threadIdx.x; i < n; i += WIDE) weights[i] = float_of(0x7fc00000u);
	return 1;
}

// ordered maps floats to integers of the same order, both zeros to one.
INLINE uint32_t ordered(float x) {
	const uint32_t bits = bits_of(x + 0.0f);
	return bits & 0x80000000u ? ~bits : bits | 0x80000000u;
}

// elites, of one block: the k-th greatest is found bit by bit, the greatest number
// that k values reach; then the first of those equal to it are counted out.
BLOCK_KERNEL(elites, Weigh, WIDE, 1) {
	if (spoiled(p.x, p.weights, p.n)) return;
	uint32_t found = 0, before;
	for (uint32_t bit = 0x80000000u; bit; bit >>= 1) {
		uint32_t reach = 0;
		for (int i = (int)threadIdx.x; i < p.n; i += WIDE) reach += ordered(p.x[i]) >= (found | bit);
		if (block_count(reach, &before) >= (uint32_t)p.k) found |= bit;
	}
	uint32_t greater = 0;
	for (int i = (int)threadIdx.x; i < p.n; i += WIDE) greater += ordered(p.x[i]) > found;
	uint32_t left = (uint32_t)p.k - block_count(greater, &before);
	for (int64_t lo = 0; lo < p.n; lo += WIDE) {
		const int64_t i = lo + threadIdx.x;
		const uint32_t o = i < p.n ? ordered(p.x[i]) : 0, equal = i < p.n && o == found;
		const uint32_t all = block_count(equal, &before);
		if (i < p.n) p.weights[i] = o > found || (equal && before < left) ? 1.0f / (float)p.k : 0.0f;
		left -= all < left ? all : left;
	}
}

// softmax, of one block.
BLOCK_KERNEL(softmax, Weigh, WIDE, 1) {
	if (spoiled(p.x, p.weights, p.n)) return;
	float top = p.x[0];
	for (int i = (int)threadIdx.x; i < p.n; i += WIDE) top = p.x[i] > top ? p.x[i] : top;
	top = block_greatest(top);
	double sum = 0.0;
	for (int i = (int)threadIdx.x; i < p.n; i += WIDE) {
		const float e = expf(p.gamma * (p.x[i] - top));
		p.weights[i] = e;
		sum += e;
	}
	sum = block_total(sum);
	for (int i = (int)threadIdx.x; i < p.n; i += WIDE) p.weights[i] = (float)(p.weights[i] / sum);
}

// The fit has three kernels: sums of parts of the rows, squares about the mean of
// those sums, and the end. A block has 32 columns and `each` rows, which its 8 warps
// take in turn; parts has a row of sums for every such part.

// fit_lines adds what the 8 lines of a block have of 32 columns; all get the sum.
INLINE double fit_lines(double x) {
	SHARED double part[256];
	const int col = (int)threadIdx.x % 32;
	part[threadIdx.x] = x;
	SYNC();
	x = 0.0;
	for (int i = 0; i < 8; i++) x += part[32 * i + col];
	SYNC();
	return x;
}

// fit_parts is the sum of a column's parts, for all lines.
INLINE double fit_parts(const double* parts, int count, int cols, int col, int line) {
	double sum = 0.0;
	for (int i = line; i < count && col < cols; i += 8) sum += parts[(int64_t)i * cols + col];
	return fit_lines(sum);
}

BLOCK_KERNEL(fit_sums, Fit, 256, 4) {
	const int col = (int)blockIdx.x * 32 + (int)threadIdx.x % 32, line = (int)threadIdx.x / 32;
	const int64_t lo = (int64_t)blockIdx.y * p.each, hi = lo + p.each < p.rows ? lo + p.each : p.rows;
	double sum = 0.0;
	for (int64_t row = lo + line; row < hi && col < p.cols; row += 8) {
		const double w = p.weights[row];
		if (w != 0.0) sum += w * AT(p.x, col);
	}
	sum = fit_lines(sum);
	if (line == 0 && col < p.cols) p.sums[(int64_t)blockIdx.y * p.cols + col] = sum;
}

BLOCK_KERNEL(fit_squares, Fit, 256, 4) {
	const int col = (int)blockIdx.x * 32 + (int)threadIdx.x % 32, line = (int)threadIdx.x / 32;
	const int64_t lo = (int64_t)blockIdx.y * p.each, hi = lo + p.each < p.rows ? lo + p.each : p.rows;
	const float mean = (float)fit_parts(p.sums, p.parts, p.cols, col, line);
	double sum = 0.0;
	for (int64_t row = lo + line; row < hi && col < p.cols; row += 8) {
		const double w = p.weights[row], e = w != 0.0 ? (double)AT(p.x, col) - mean : 0.0;
		sum += w * e * e;
	}
	sum = fit_lines(sum);
	if (line > 0 || col >= p.cols) return;
	p.squares[(int64_t)blockIdx.y * p.cols + col] = sum;
	if (blockIdx.y == 0) p.mean[col] = mean;
}

BLOCK_KERNEL(fit, Fit, 256, 4) {
	const int col = (int)blockIdx.x * 32 + (int)threadIdx.x % 32, line = (int)threadIdx.x / 32;
	const double square = fit_parts(p.squares, p.parts, p.cols, col, line);
	if (line == 0 && col < p.cols) p.std[col] = (float)sqrt(square + p.floor);
}
