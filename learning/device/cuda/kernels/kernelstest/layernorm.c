// The kernels of layer normalisation, as C.
#include "layernorm_sources.h"

#include "../layernorm.cu"
