// The language of the kernels: the part of CUDA C++ that is also C, and words for
// what the two call differently. nvrtc sees CUDA; a C compiler sees
// emulate/emulate.h.
#ifndef LATCO_CUDA_CUH
#define LATCO_CUDA_CUH

#ifdef __CUDACC__

typedef unsigned char uint8_t;
typedef int int32_t;
typedef unsigned int uint32_t;
typedef long long int64_t;
typedef unsigned long long uint64_t;

// KERNEL declares a kernel of one argument p, launched with `threads` threads a
// block, of which `blocks` should fit on a multiprocessor.
#define KERNEL(name, type, threads, blocks) \
	extern "C" __global__ void __launch_bounds__(threads, blocks) name(const struct type p)
// BLOCK_KERNEL is one whose threads meet: at SYNC or in a shuffle.
#define BLOCK_KERNEL KERNEL
// GRID_KERNEL is one whose blocks meet: a cooperative launch.
#define GRID_KERNEL KERNEL

#define INLINE static __device__ __forceinline__
#define SHARED __shared__
#define ALIGNED __align__(16)
#define UNROLL _Pragma("unroll")
#define ROLL _Pragma("unroll 1")

#define SYNC() __syncthreads()
INLINE float shuffle_xor(float x, int lanes) { return __shfl_xor_sync(0xffffffffu, x, lanes); }
INLINE double shuffle_xor_double(double x, int lanes) { return __shfl_xor_sync(0xffffffffu, x, lanes); }
INLINE uint32_t shuffle_up(uint32_t x, int lanes) { return __shfl_up_sync(0xffffffffu, x, lanes); }

#if __CUDA_ARCH__ >= 800
// tf32 rounds to what tensor cores multiply.
INLINE float tf32(float x) {
	uint32_t y;
	asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(y) : "f"(x));
	return __uint_as_float(y);
}

// multiply_tf32: a warp's c (16×8) += a (16×8) · b (8×8), of which a lane has
// (PTX ISA, mma.m16n8k8) rows lane/4 and that plus 8, columns or depths lane%4 and
// that plus 4, of c columns 2·(lane%4) and the next.
INLINE void multiply_tf32(const float* a, const float* b, float* c) {
	asm("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
		: "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
		: "r"(__float_as_uint(a[0])), "r"(__float_as_uint(a[1])), "r"(__float_as_uint(a[2])), "r"(__float_as_uint(a[3])),
		  "r"(__float_as_uint(b[0])), "r"(__float_as_uint(b[1])));
}
#endif

// high32 is the upper half of the product.
INLINE uint32_t high32(uint32_t a, uint32_t b) { return __umulhi(a, b); }

#else
#include "emulate/emulate.h"
#endif

// The index of this thread in the grid, and the number of threads in it: what is
// longer than the grid is walked in strides of it.
INLINE int64_t global_thread(void) { return (int64_t)blockIdx.x * blockDim.x + threadIdx.x; }
INLINE int64_t global_threads(void) { return (int64_t)gridDim.x * blockDim.x; }

#endif
