// The kernels, as C.
#include "all_sources.h"

#include "../all.cu"
