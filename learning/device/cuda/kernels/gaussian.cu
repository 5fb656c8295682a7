// Diagonal Gaussians: samples, divergences, and their gradients (device.Gaussian).

#include "activation.cuh"
#include "rows.cuh"

KERNEL(normal, Normal, 256, 4) {
	EACH(p.n, p.d) {
		float mean = AT(p.raw, col), std = softplus(AT(p.raw, p.d + col)) + p.minStd;
		AT(p.mean, col) = mean;
		AT(p.std, col) = std;
		if (p.eps.at) AT(p.sample, col) = mean + std * AT(p.eps, col);
	}
}

KERNEL(normal_backward, NormalBackward, 256, 4) {
	EACH(p.n, p.d) {
		float dmean = p.dmean.at ? AT(p.dmean, col) : 0.0f, dstd = p.dstd.at ? AT(p.dstd, col) : 0.0f;
		if (p.dsample.at) {
			float d = AT(p.dsample, col);
			dmean += d;
			dstd += d * AT(p.eps, col);
		}
		AT(p.draw, col) = dmean;
		AT(p.draw, p.d + col) = dstd * sigmoid(AT(p.raw, p.d + col));
	}
}

// divergence is KL(N(m1, s1) ‖ N(m2, s2)) of a row, by one warp a row: block
// (32, 8), grid over rows.
BLOCK_KERNEL(divergence, Divergence, 256, 4) {
	const int row = (int)(blockIdx.x * blockDim.y + threadIdx.y);
	float sum = 0.0f;
	if (row < p.n) {
		for (int col = (int)threadIdx.x; col < p.d; col += 32) {
			float s2 = AT(p.s2, col), r = AT(p.s1, col) / s2, diff = (AT(p.m1, col) - AT(p.m2, col)) / s2;
			sum += 0.5f * (r * r + diff * diff - 1.0f) - logf(r);
		}
	}
	UNROLL for (int lanes = 16; lanes > 0; lanes /= 2) sum += shuffle_xor(sum, lanes);
	if (row < p.n && threadIdx.x == 0) p.out[row] = sum;
}

KERNEL(divergence_backward, DivergenceBackward, 256, 4) {
	EACH(p.n, p.d) {
		float w = p.weights ? p.weights[row] : p.weight;
		float s1 = AT(p.s1, col), inv = 1.0f / AT(p.s2, col), diff = AT(p.m1, col) - AT(p.m2, col);
		float g = w * diff * inv * inv;
		if (p.dm1.at) AT(p.dm1, col) = g;
		if (p.ds1.at) AT(p.ds1, col) = w * (s1 * inv * inv - 1.0f / s1);
		if (p.dm2.at) AT(p.dm2, col) = -g;
		if (p.ds2.at) AT(p.ds2, col) = w * (inv - (s1 * s1 + diff * diff) * inv * inv * inv);
	}
}
