// The corrected step, without what pads its blocks.

#include "chain.cuh"
#include "vector.cuh"

// chain_finish: a block of threads a plan.
BLOCK_KERNEL(chain_finish, Chain, 256, 1) {
	const int plan = (int)blockIdx.x, unknowns = p.horizon * p.n;
	double size = 0.0, more = 0.0;
	for (int u = (int)threadIdx.x; u < unknowns; u += 256) {
		const int t = (u + p.latent) / p.n;
		const int i = t == 0 ? u : u + p.latent - t * p.n + lowest(&p, t);
		const int64_t at = index_of(&p, plan, t) * p.wide + i;
		const double x = p.first[at], dx = p.x[at];
		size += x * x;
		more += dx * dx;
		p.step[(int64_t)plan * unknowns + u] = (float)(x + dx);
	}
	size = block_sum(size);
	SYNC();
	more = block_sum(more);
	if (threadIdx.x == 0) p.corrected[plan] = more == 0.0 ? 0.0f : (float)sqrt(more / size);
}
