// The kernels, as C.
#include "sources.h"

#include "../all.cu"
