// The kernels for tensor cores, as C.
#include "sources.h"

#include "../tensor.cu"
