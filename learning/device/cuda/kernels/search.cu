// A search over sequences: draw, limit, weigh, fit (device.Sampler).

#include "normal.cuh"
#include "rows.cuh"
#include "search.h"
#include "vector.cuh"

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

// block_total is block_sum for every thread of the block.
INLINE double block_total(double x) {
	SHARED double total;
	x = block_sum(x);
	if (threadIdx.x == 0) total = x;
	SYNC();
	x = total;
	SYNC(); // before it is written again
	return x;
}

// block_greatest is the greatest of a block, for every thread.
INLINE float block_greatest(float x) {
	SHARED float part[8];
	UNROLL for (int lanes = 16; lanes > 0; lanes /= 2) {
		const float other = shuffle_xor(x, lanes);
		x = other > x ? other : x;
	}
	if (threadIdx.x % 32 == 0) part[threadIdx.x / 32] = x;
	SYNC();
	x = part[0];
	for (int i = 1; i < 8; i++) x = part[i] > x ? part[i] : x;
	SYNC();
	return x;
}

// spoiled says that one of x is not finite; then every weight becomes NaN.
INLINE int spoiled(const float* x, float* weights, int n) {
	double bad = 0.0;
	for (int i = (int)threadIdx.x; i < n; i += 256) bad += (bits_of(x[i]) & 0x7f800000u) == 0x7f800000u;
	if (block_total(bad) == 0.0) return 0;
	for (int i = (int)threadIdx.x; i < n; i += 256) weights[i] = float_of(0x7fc00000u);
	return 1;
}

// ordered maps floats to integers of the same order, both zeros to one.
INLINE uint32_t ordered(float x) {
	const uint32_t bits = bits_of(x + 0.0f);
	return bits & 0x80000000u ? ~bits : bits | 0x80000000u;
}

// elites, of one block: the k-th greatest is found bit by bit, the greatest number
// that k values reach; then the first of those equal to it are counted out.
BLOCK_KERNEL(elites, Weigh, 256, 1) {
	SHARED int equal[256];
	if (spoiled(p.x, p.weights, p.n)) return;
	uint32_t found = 0;
	for (uint32_t bit = 0x80000000u; bit; bit >>= 1) {
		double reach = 0.0;
		for (int i = (int)threadIdx.x; i < p.n; i += 256) reach += ordered(p.x[i]) >= (found | bit);
		if (block_total(reach) >= (double)p.k) found |= bit;
	}
	// A thread takes a run of x; those before it have had their turn.
	const int64_t lo = (int64_t)p.n * threadIdx.x / 256, hi = (int64_t)p.n * (threadIdx.x + 1) / 256;
	double greater = 0.0;
	int own = 0;
	for (int64_t i = lo; i < hi; i++) {
		const uint32_t o = ordered(p.x[i]);
		greater += o > found;
		own += o == found;
	}
	equal[threadIdx.x] = own;
	int left = p.k - (int)block_total(greater);
	for (int i = 0; i < (int)threadIdx.x; i++) left -= equal[i];
	for (int64_t i = lo; i < hi; i++) {
		const uint32_t o = ordered(p.x[i]);
		p.weights[i] = o > found || (o == found && left-- > 0) ? 1.0f / (float)p.k : 0.0f;
	}
}

// softmax, of one block.
BLOCK_KERNEL(softmax, Weigh, 256, 1) {
	if (spoiled(p.x, p.weights, p.n)) return;
	float top = p.x[0];
	for (int i = (int)threadIdx.x; i < p.n; i += 256) top = p.x[i] > top ? p.x[i] : top;
	top = block_greatest(top);
	double sum = 0.0;
	for (int i = (int)threadIdx.x; i < p.n; i += 256) {
		const float e = expf(p.gamma * (p.x[i] - top));
		p.weights[i] = e;
		sum += e;
	}
	sum = block_total(sum);
	for (int i = (int)threadIdx.x; i < p.n; i += 256) p.weights[i] = (float)(p.weights[i] / sum);
}

// fit_sums adds what the 8 lines of a block have of 32 columns; all get the sum.
INLINE double fit_sums(double x) {
	SHARED double part[256];
	const int col = (int)threadIdx.x % 32;
	part[threadIdx.x] = x;
	SYNC();
	x = 0.0;
	for (int i = 0; i < 8; i++) x += part[32 * i + col];
	SYNC();
	return x;
}

// fit: a block has 32 columns, its 8 warps take the rows in turn.
BLOCK_KERNEL(fit, Fit, 256, 4) {
	const int col = (int)blockIdx.x * 32 + (int)threadIdx.x % 32, line = (int)threadIdx.x / 32;
	double sum = 0.0;
	for (int64_t row = line; row < p.rows && col < p.cols; row += 8) {
		const double w = p.weights[row];
		if (w != 0.0) sum += w * AT(p.x, col);
	}
	const double total = fit_sums(sum);
	const float mean = (float)total;
	sum = 0.0;
	for (int64_t row = line; row < p.rows && col < p.cols; row += 8) {
		const double w = p.weights[row], e = w != 0.0 ? (double)AT(p.x, col) - mean : 0.0;
		sum += w * e * e;
	}
	const double square = fit_sums(sum);
	if (line > 0 || col >= p.cols) return;
	p.mean[col] = mean;
	p.std[col] = (float)sqrt(square + p.floor);
}
