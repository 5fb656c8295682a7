// Layer normalisation and its gradient (device.Normaliser), by one warp a row. What
// lanes read again comes from L1.

#include "activation.cuh"
#include "layernorm.h"
#include "rows.cuh"

// LAYER_ROWS is how many rows a block takes: block (32, LAYER_ROWS), grid over rows.
#define LAYER_ROWS 4

// EACH_COLUMN runs what follows for the columns of a lane.
#define EACH_COLUMN for (int col = (int)threadIdx.x; col < p.d; col += 32)

// lane_sum is the sum over a warp, for every lane.
INLINE float lane_sum(float x) {
	UNROLL for (int lanes = 16; lanes > 0; lanes /= 2) x += shuffle_xor(x, lanes);
	return x;
}

// Distances are taken from the first number of a row for its mean, and from that
// mean, rounded, for the variance, which the rest of the mean then corrects: numbers
// that are large but near each other lose no digits (the corrected two-pass algorithm
// of Chan, Golub & LeVeque 1983, "Algorithms for computing the sample variance"). Only
// the lane that may write the first number reads it.
BLOCK_KERNEL(layer_norm, LayerNorm, 128, 8) {
	const int64_t row = (int64_t)blockIdx.x * LAYER_ROWS + threadIdx.y;
	if (row >= p.n) return; // with all of its warp
	const float d = (float)p.d, first = lane_sum(threadIdx.x == 0 ? AT(p.x, 0) : 0.0f);
	float sum = 0.0f, rest = 0.0f, square = 0.0f;
	EACH_COLUMN sum += AT(p.x, col) - first;
	const float middle = first + lane_sum(sum) / d;
	EACH_COLUMN {
		const float e = AT(p.x, col) - middle;
		rest += e;
		square += e * e;
	}
	rest = lane_sum(rest) / d;
	float variance = lane_sum(square) / d - rest * rest;
	if (variance < 0.0f) variance = 0.0f; // NaN stays
	const float inverse = 1.0f / sqrtf(variance + p.epsilon);
	EACH_COLUMN {
		const float norm = (AT(p.x, col) - middle - rest) * inverse;
		if (p.norm.at) AT(p.norm, col) = norm;
		AT(p.y, col) = activate(p.act, p.gain[col] * norm + p.bias[col]);
	}
	if (p.norm.at && threadIdx.x == 0) p.inverse[row] = inverse;
}

// layer_norm_backward is dx; dx may be dy, whose sums were queued before.
BLOCK_KERNEL(layer_norm_backward, LayerNormBackward, 128, 8) {
	const int64_t row = (int64_t)blockIdx.x * LAYER_ROWS + threadIdx.y;
	if (row >= p.n) return;
	float direct = 0.0f, along = 0.0f;
	EACH_COLUMN {
		const float q = p.gain[col] * derive(p.act, AT(p.y, col), AT(p.dy, col));
		direct += q;
		along += q * AT(p.norm, col);
	}
	direct = lane_sum(direct) / (float)p.d;
	along = lane_sum(along) / (float)p.d;
	const float inverse = p.inverse[row];
	EACH_COLUMN {
		const float q = p.gain[col] * derive(p.act, AT(p.y, col), AT(p.dy, col));
		AT(p.dx, col) = inverse * (q - direct - AT(p.norm, col) * along);
	}
}

// layer_norm_sums adds 32 columns of rows [each·y, each·(y+1)), which the 8 warps of a
// block take in turn.
BLOCK_KERNEL(layer_norm_sums, LayerNormSums, 256, 4) {
	SHARED float gains[256];
	SHARED float biases[256];
	const int col = (int)blockIdx.x * 32 + (int)threadIdx.x % 32, line = (int)threadIdx.x / 32;
	const int64_t lo = (int64_t)blockIdx.y * p.each, hi = lo + p.each < p.n ? lo + p.each : p.n;
	float gain = 0.0f, bias = 0.0f;
	for (int64_t row = lo + line; row < hi && col < p.d; row += 8) {
		const float dpre = derive(p.act, AT(p.y, col), AT(p.dy, col));
		gain += dpre * AT(p.norm, col);
		bias += dpre;
	}
	gains[threadIdx.x] = gain;
	biases[threadIdx.x] = bias;
	SYNC();
	if (line > 0 || col >= p.d) return;
	for (int i = 1; i < 8; i++) {
		gain += gains[32 * i + (int)threadIdx.x];
		bias += biases[32 * i + (int)threadIdx.x];
	}
	p.gain[(int64_t)blockIdx.y * p.d + col] = gain;
	p.bias[(int64_t)blockIdx.y * p.d + col] = bias;
}

// layer_norm_parts adds the parts in their order, a column a thread.
KERNEL(layer_norm_parts, LayerNormParts, 256, 4) {
	const int64_t col = global_thread();
	if (col >= p.d) return;
	float gain = 0.0f, bias = 0.0f;
	for (int64_t i = 0; i < p.parts; i++) {
		gain += p.gains[i * p.d + col];
		bias += p.biases[i * p.d + col];
	}
	p.gain[col] = gain;
	p.bias[col] = bias;
}
