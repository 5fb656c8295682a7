// The kernels of LatCo's step, as C.
#include "chain_sources.h"

#include "../chain.cu"
