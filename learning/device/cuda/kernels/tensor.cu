// The products by tensor cores, for compute 8.0 and later.
#define TENSOR 1
#include "gemm.cu"
#include "conv.cu"
