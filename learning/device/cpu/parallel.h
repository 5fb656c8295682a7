// How a kernel is spread over threads: a span function works on [begin, end)
// of a range; cpu_spans calls it once where the range is small (waking a thread
// costs more than it gives) and for some equal parts otherwise. Span functions
// carry CPU_CLONES: the loader picks the one for the machine's vector width.
#ifndef LATCO_CPU_PARALLEL_H
#define LATCO_CPU_PARALLEL_H

#include "cpu.h"

// The compiler needs both to vectorise √ and selections; neither changes a value.
#pragma GCC optimize("no-math-errno", "no-trapping-math")

#if defined(__x86_64__) && defined(__GLIBC__) && defined(__GNUC__) && !defined(__clang__)
#if __GNUC__ >= 12
#define CPU_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CPU_CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#endif
#else
#define CPU_CLONES
#endif

// Work, in floats streamed through, below which one thread is faster.
enum { CPU_SMALL = 1 << 16 };
// What a transcendental function weighs beside a load and an addition.
enum { CPU_HEAVY = 6 };

typedef void (*cpu_span)(const void *args, long begin, long end);

void cpu_spans(cpu_pool *pool, long n, long work, cpu_span f, const void *args);

// cpu_sum_columns is cpu_col_sum that has fill, where it is not null, compute
// rows of x just before they are added.
void cpu_sum_columns(cpu_pool *pool, cpu_mat x, float beta, float *out, float *scratch, cpu_span fill,
	const void *args);

#endif
