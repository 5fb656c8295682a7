// CUDA's words for a C compiler, and the scheduler that runs a grid on the CPU
// (emulate.c). One grid runs at a time.
#ifndef LATCO_EMULATE_H
#define LATCO_EMULATE_H

#include <math.h>
#include <stdint.h>

typedef struct {
	unsigned x, y, z;
} dim3;
typedef struct {
	float x, y;
} __attribute__((aligned(8))) float2;
typedef struct {
	float x, y, z, w;
} __attribute__((aligned(16))) float4;

static inline float4 make_float4(float x, float y, float z, float w) { return (float4){x, y, z, w}; }

// Where the running thread is.
extern dim3 threadIdx, blockIdx, blockDim, gridDim;

// A kernel as the scheduler calls it: args[0] points to its struct.
typedef void (*emulated_body)(void** args);
typedef const struct emulated_entry* emulated_kernel;

enum emulated_kind {
	EMULATED_FREE,  // threads never meet: a plain loop
	EMULATED_BLOCK, // the threads of a block meet
	EMULATED_GRID,  // the blocks of the grid meet
};

struct emulated_entry {
	const char* name;
	emulated_body body;
	unsigned threads; // most threads a block
	unsigned bytes;   // size of the argument
	enum emulated_kind kind;
	const struct emulated_entry* next;
};

void emulated_register(struct emulated_entry* e);
emulated_kernel emulated_find(const char* name);
emulated_kernel emulated_list(void);
// emulated_run runs a grid to its end. It returns NULL, or what went wrong, which
// stays readable until the next call.
const char* emulated_run(emulated_kernel k, dim3 grid, dim3 block, unsigned shared, void** args);
// emulated_order chooses the order of blocks, and of threads between barriers: 0
// as they are numbered, 1 backward, n ≥ 2 the n-th shuffle.
void emulated_order(int order);

// For the kernels.
void emulated_sync(void);
void emulated_sync_grid(void);
uint64_t emulated_exchange(uint64_t bits, int lane); // what lane of the warp gave
void emulated_multiply(const float* a, const float* b, float* c); // mma.m16n8k8
void* emulated_dynamic(void);                        // the block's dynamic shared memory

#define EMULATED_KERNEL(name, type, threads, kind) EMULATED_KERNEL_(name, type, threads, kind)
#define EMULATED_KERNEL_(name, type, threads, kind)                                                             \
	static void name##_body(const struct type p);                                                              \
	static void name##_call(void** args) { name##_body(*(const struct type*)args[0]); }                        \
	__attribute__((constructor)) static void name##_register(void) {                                           \
		static struct emulated_entry e = {#name, name##_call, threads, sizeof(struct type), kind, 0};          \
		emulated_register(&e);                                                                                 \
	}                                                                                                          \
	static void name##_body(const struct type p)

#define KERNEL(name, type, threads, blocks) EMULATED_KERNEL(name, type, threads, EMULATED_FREE)
#define BLOCK_KERNEL(name, type, threads, blocks) EMULATED_KERNEL(name, type, threads, EMULATED_BLOCK)
#define GRID_KERNEL(name, type, threads, blocks) EMULATED_KERNEL(name, type, threads, EMULATED_GRID)

#define INLINE static inline __attribute__((always_inline, unused))
#define SHARED static
#define ALIGNED __attribute__((aligned(16)))
#define UNROLL _Pragma("GCC unroll 16")
#define ROLL

#define SYNC() emulated_sync()

INLINE float shuffle_xor(float x, int lanes) {
	union {
		float f;
		uint64_t bits;
	} u = {.bits = 0};
	u.f = x;
	u.bits = emulated_exchange(u.bits, (int)(threadIdx.x % 32) ^ lanes);
	return u.f;
}

INLINE double shuffle_xor_double(double x, int lanes) {
	union {
		double f;
		uint64_t bits;
	} u = {.f = x};
	u.bits = emulated_exchange(u.bits, (int)(threadIdx.x % 32) ^ lanes);
	return u.f;
}

INLINE uint32_t shuffle_up(uint32_t x, int lanes) {
	int lane = (int)(threadIdx.x % 32), from = lane < lanes ? lane : lane - lanes;
	return (uint32_t)emulated_exchange(x, from);
}

INLINE float tf32(float x) {
	union {
		float f;
		uint32_t u;
	} v = {x};
	if ((v.u & 0x7f800000u) != 0x7f800000u) v.u = (v.u + 0x1000u) & ~0x1fffu;
	return v.f;
}

INLINE void multiply_tf32(const float* a, const float* b, float* c) { emulated_multiply(a, b, c); }

INLINE uint32_t high32(uint32_t a, uint32_t b) { return (uint32_t)((uint64_t)a * b >> 32); }

#endif
