// The kernels of scans, as C.
#include "scan_sources.h"

#include "../scan.cu"
