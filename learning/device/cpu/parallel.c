//go:build cgo && !purego

#include "parallel.h"

#include <omp.h>

void cpu_spans(int threads, long n, long work, cpu_span f, const void *args) {
	if (threads > n) threads = (int)n;
	if (threads <= 1 || work < CPU_SMALL) {
		f(args, 0, n);
		return;
	}
#pragma omp parallel num_threads(threads)
	{
		long team = omp_get_num_threads(), me = omp_get_thread_num();
		f(args, n * me / team, n * (me + 1) / team);
	}
}
