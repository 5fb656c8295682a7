// Whole vectors: filling, adding, scaling, and images on their way in.

#include "vector.cuh"

KERNEL(fill, Fill, 256, 4) {
	const int64_t quads = aligned(p.x) ? p.n / 4 : 0;
	const float4 v = make_float4(p.value, p.value, p.value, p.value);
	for (int64_t i = global_thread(); i < quads; i += global_threads()) ((float4*)p.x)[i] = v;
	for (int64_t i = 4 * quads + global_thread(); i < p.n; i += global_threads()) p.x[i] = p.value;
}

KERNEL(axpy, Axpy, 256, 4) {
	const int64_t quads = aligned(p.x) && aligned(p.y) ? p.n / 4 : 0;
	for (int64_t i = global_thread(); i < quads; i += global_threads()) {
		const float4 x = ((const float4*)p.x)[i];
		float4 y = ((float4*)p.y)[i];
		y.x += p.alpha * x.x;
		y.y += p.alpha * x.y;
		y.z += p.alpha * x.z;
		y.w += p.alpha * x.w;
		((float4*)p.y)[i] = y;
	}
	for (int64_t i = 4 * quads + global_thread(); i < p.n; i += global_threads()) p.y[i] += p.alpha * p.x[i];
}

KERNEL(scale, Scale, 256, 4) {
	const float by = *p.by;
	if (by == 1.0f) return;
	for (int64_t i = global_thread(); i < p.n; i += global_threads()) p.x[i] *= by;
}

// pixels is out = pixel/255 − ½.
KERNEL(pixels, Levels, 256, 4) {
	for (int64_t i = global_thread(); i < p.n; i += global_threads()) p.out[i] = (float)p.pixels[i] / 255.0f - 0.5f;
}

// mixed is a bijection of 32 bits that leaves no trace of order.
INLINE uint32_t mixed(uint32_t x) {
	x ^= x >> 16;
	x *= 0x21f0aaadu;
	x ^= x >> 15;
	x *= 0x735a2d97u;
	return x ^ x >> 15;
}

// levels is out = (⌊pixel/2^(8−bits)⌋ + u)/2^bits − ½, u the number of the stream
// that seed names (package purego has the same).
KERNEL(levels, Levels, 256, 4) {
	const float scale = 1.0f / (float)(1 << p.bits);
	for (int64_t i = global_thread(); i < p.n; i += global_threads()) {
		float u = 0.5f;
		if (p.seed) u = (float)(mixed(mixed((uint32_t)i + (uint32_t)p.seed) ^ (uint32_t)(p.seed >> 32)) >> 8) * (1.0f / 16777216.0f);
		p.out[i] = ((float)(p.pixels[i] >> (8 - p.bits)) + u) * scale - 0.5f;
	}
}
