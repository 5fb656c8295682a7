// Sums that become one number, and Adam.

#include "vector.cuh"

// squared_error leaves Σ (x−y)² of what a block passes over, and diff = w·(x−y).
BLOCK_KERNEL(squared_error, SquaredError, 256, 4) {
	float sum = 0.0f;
	const int64_t quads = aligned(p.x) && aligned(p.y) && aligned(p.diff) ? p.n / 4 : 0;
	for (int64_t i = global_thread(); i < quads; i += global_threads()) {
		const float4 x = ((const float4*)p.x)[i], y = ((const float4*)p.y)[i];
		const float4 e = make_float4(x.x - y.x, x.y - y.y, x.z - y.z, x.w - y.w);
		sum += e.x * e.x + e.y * e.y + (e.z * e.z + e.w * e.w);
		if (p.diff) ((float4*)p.diff)[i] = make_float4(p.weight * e.x, p.weight * e.y, p.weight * e.z, p.weight * e.w);
	}
	for (int64_t i = 4 * quads + global_thread(); i < p.n; i += global_threads()) {
		const float e = p.x[i] - p.y[i];
		sum += e * e;
		if (p.diff) p.diff[i] = p.weight * e;
	}
	const double total = block_sum(sum);
	if (threadIdx.x == 0) p.parts[blockIdx.x] = total;
}

// sum_squares leaves Σ x² of what a block passes over.
BLOCK_KERNEL(sum_squares, SumSquares, 256, 4) {
	float sum = 0.0f;
	const int64_t quads = aligned(p.x) ? p.n / 4 : 0;
	for (int64_t i = global_thread(); i < quads; i += global_threads()) {
		const float4 x = ((const float4*)p.x)[i];
		sum += x.x * x.x + x.y * x.y + (x.z * x.z + x.w * x.w);
	}
	for (int64_t i = 4 * quads + global_thread(); i < p.n; i += global_threads()) sum += p.x[i] * p.x[i];
	const double total = block_sum(sum);
	if (threadIdx.x == 0) p.parts[blockIdx.x] = total;
}

// sum_doubles finishes a sum, by one block.
BLOCK_KERNEL(sum_doubles, SumDoubles, 256, 1) {
	double sum = 0.0;
	for (int64_t i = threadIdx.x; i < p.n; i += 256) sum += p.parts[i];
	double total = p.scale * block_sum(sum);
	if (threadIdx.x > 0) return;
	if (p.root) total = sqrt(total);
	if (p.out) *p.out = total;
	if (p.small) *p.small = (float)total;
}

// Run is the part of a tensor that a block walks.
struct Run {
	int tensor;
	int64_t lo, n;
};

INLINE struct Run run_of(const struct Tensors* all) {
	int lo = 0, hi = all->count;
	while (hi - lo > 1) {
		const int mid = (lo + hi) / 2;
		if (all->first[mid] <= (int)blockIdx.x) lo = mid;
		else hi = mid;
	}
	struct Run r;
	r.tensor = lo;
	r.lo = (int64_t)((int)blockIdx.x - all->first[lo]) * BLOCK_NUMBERS;
	r.n = all->t[lo].n - r.lo < BLOCK_NUMBERS ? all->t[lo].n - r.lo : BLOCK_NUMBERS;
	return r;
}

// tensor_squares leaves Σ g² of every block.
BLOCK_KERNEL(tensor_squares, TensorSquares, 256, 4) {
	const struct Run r = run_of(&p.all);
	const float* g = p.all.t[r.tensor].g + r.lo;
	float sum = 0.0f;
	for (int64_t i = threadIdx.x; i < r.n; i += 256) sum += g[i] * g[i];
	const double total = block_sum(sum);
	if (threadIdx.x == 0) p.parts[blockIdx.x] = total;
}

INLINE void adam_one(const struct Adam* p, float scale, float rate, float* w, float g, float* m, float* v) {
	g *= scale;
	*m += (1.0f - p->beta1) * (g - *m);
	*v += (1.0f - p->beta2) * (g * g - *v);
	*w -= rate * *m / (sqrtf(*v) + p->eps);
}

// adam is one step of all tensors: 28 bytes of traffic a parameter.
KERNEL(adam, Adam, 256, 4) {
	float scale = p.scale, rate = p.lr;
	for (int i = 0; i < p.guards; i++) {
		if (!(fabsf(p.guard[i]) <= 3.402823466e38f)) return;
	}
	if (p.norm) scale = *p.norm > p.clip ? p.clip / *p.norm : 1.0f;
	if (p.rate) rate = *p.rate;
	const struct Run r = run_of(&p.all);
	const struct Tensor* t = &p.all.t[r.tensor];
	float *w = t->p + r.lo, *m = t->m + r.lo, *v = t->v + r.lo;
	const float* g = t->g + r.lo;
	const int64_t quads = aligned(w) && aligned(g) && aligned(m) && aligned(v) ? r.n / 4 : 0;
	for (int64_t i = threadIdx.x; i < quads; i += 256) {
		float4 w4 = ((float4*)w)[i], m4 = ((float4*)m)[i], v4 = ((float4*)v)[i];
		const float4 g4 = ((const float4*)g)[i];
		adam_one(&p, scale, rate, &w4.x, g4.x, &m4.x, &v4.x);
		adam_one(&p, scale, rate, &w4.y, g4.y, &m4.y, &v4.y);
		adam_one(&p, scale, rate, &w4.z, g4.z, &m4.z, &v4.z);
		adam_one(&p, scale, rate, &w4.w, g4.w, &m4.w, &v4.w);
		((float4*)w)[i] = w4;
		((float4*)m)[i] = m4;
		((float4*)v)[i] = v4;
	}
	for (int64_t i = 4 * quads + threadIdx.x; i < r.n; i += 256) adam_one(&p, scale, rate, w + i, g[i], m + i, v + i);
}
