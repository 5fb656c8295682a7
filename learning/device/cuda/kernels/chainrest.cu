// What is left of 2Jᵀρ after a solution x: 2Jᵀ(ρ − Jx) − δx, in float64 and through
// the Jacobians. Without a solution it is the right-hand side itself.

#include "chain.cuh"

// chain_miss: a warp a row of the dynamics, grid (rows/8, H, P).
BLOCK_KERNEL(chain_miss, Chain, 256, 4) {
	const int row = (int)blockIdx.x * 8 + (int)threadIdx.x / 32, t = (int)blockIdx.y, plan = (int)blockIdx.z;
	if (row >= p.latent) return; // a whole warp
	const int64_t step = (int64_t)plan * p.horizon + t, at = step * p.latent + row;
	const float *j = p.jacobian + at * p.n, *x = p.first + index_of(&p, plan, t) * p.wide;
	double sum = 0.0;
	for (int i = (int)threadIdx.x % 32; i < highest(&p, t); i += 32) sum += (double)j[i] * x[i];
	sum = warp_sum_double(sum);
	if (threadIdx.x % 32 == 0) p.miss[at] = (double)p.defect[at] + sum - x[p.wide + p.action + row];
}

// missed is what is left of the k-th defect of a step.
INLINE double missed(const struct Chain* p, int64_t step, int k) {
	const int64_t at = step * p->latent + k;
	return p->miss ? p->miss[at] : (double)p->defect[at];
}

// cost_left is what is left of the cost of z_t, by all of a block.
INLINE double cost_left(const struct Chain* p, int64_t step, const float* x) {
	SHARED double part[8];
	double sum = 0.0;
	if (!p->miss) return p->cost[step - 1];
	for (int i = (int)threadIdx.x; i < p->latent; i += 256) sum += (double)p->slope[(step - 1) * p->latent + i] * x[p->action + i];
	sum = warp_sum_double(sum);
	if (threadIdx.x % 32 == 0) part[threadIdx.x / 32] = sum;
	SYNC();
	sum = p->cost[step - 1];
	for (int i = 0; i < 8; i++) sum -= part[i];
	return sum;
}

// chain_rest: 32 unknowns by 8 parts of the rows, grid (wide/32, H+1, P).
BLOCK_KERNEL(chain_rest, Chain, 256, 4) {
	SHARED double part[8][32];
	const int lane = (int)threadIdx.x % 32, group = (int)threadIdx.x / 32, i = (int)blockIdx.x * 32 + lane;
	const int t = (int)blockIdx.y, plan = (int)blockIdx.z, there = i >= lowest(&p, t) && i < highest(&p, t);
	const int64_t step = (int64_t)plan * p.horizon + t;
	const float* x = p.first + index_of(&p, plan, t) * p.wide;
	double sum = 0.0;
	if (there && t < p.horizon) {
		const float* j = p.jacobian + step * p.latent * p.n + i;
		for (int k = group; k < p.latent; k += 8) sum += j[(int64_t)k * p.n] * missed(&p, step, k);
	}
	part[group][lane] = sum;
	const double cost = t > 0 ? cost_left(&p, step, x) : 0.0;
	SYNC();
	if (group > 0) return;
	float v = 0.0f;
	if (there) {
		double w = 0.0, now = p.miss ? x[i] : 0.0, rest = -(double)p.damping * now;
		for (int g = 1; g < 8; g++) sum += part[g][lane];
		if (t < p.horizon) w = p.dyn[step], rest -= 2.0 * w * w * sum;
		if (i < p.action) {
			const double over = p.excess[step * p.action + i];
			w = p.act[step];
			if (over != 0.0) rest += 2.0 * w * w * (over - now);
		} else {
			const int k = i - p.action;
			w = p.dyn[step - 1];
			rest += 2.0 * w * w * missed(&p, step - 1, k);
			w = p.kappa[plan];
			rest += 2.0 * w * w * cost * p.slope[(step - 1) * p.latent + k];
		}
		v = (float)rest;
	}
	p.right[index_of(&p, plan, t) * p.apart + i] = v;
}
