// The kernels for tensor cores, as C.
#include "tensor_sources.h"

#include "../tensor.cu"
