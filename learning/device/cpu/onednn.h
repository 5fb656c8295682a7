// What gemm.c and conv.c share of oneDNN.
#ifndef LATCO_CPU_ONEDNN_H
#define LATCO_CPU_ONEDNN_H

#include "cpu.h"

#include <oneapi/dnnl/dnnl.h>

struct cpu_engine {
	dnnl_engine_t engine;
	dnnl_stream_t stream;
};

#endif
