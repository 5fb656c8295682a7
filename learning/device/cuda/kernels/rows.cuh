// Kernels that pass over the elements of matrices: thread x is a column, thread y
// and the grid's y walk the rows. Blocks are as wide as a narrow matrix, at most a
// warp (rows.go), so that lanes read side by side and nobody divides.
#ifndef LATCO_ROWS_CUH
#define LATCO_ROWS_CUH

#include "cuda.cuh"
#include "params.h"

// EACH runs what follows for every element (row, col) of rows×cols.
#define EACH(rows, cols)                                                                                      \
	const int col = (int)(blockIdx.x * blockDim.x + threadIdx.x);                                             \
	if (col < (cols))                                                                                         \
		for (int64_t row = blockIdx.y * blockDim.y + threadIdx.y; row < (rows); row += gridDim.y * blockDim.y)

// AT is element (row, c) of view v.
#define AT(v, c) ((v).at[row * (v).stride + (c)])

#endif
