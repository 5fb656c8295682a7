//go:build cgo && !purego

#include "onednn.h"

#include <stdlib.h>

int cpu_engine_open(cpu_engine **out) {
	cpu_engine *e = calloc(1, sizeof *e);
	if (!e) return dnnl_out_of_memory;
	int status = dnnl_engine_create(&e->engine, dnnl_cpu, 0);
	if (!status) status = dnnl_stream_create(&e->stream, e->engine, dnnl_stream_default_flags);
	if (status) {
		cpu_engine_close(e);
		return status;
	}
	*out = e;
	return 0;
}

void cpu_engine_close(cpu_engine *e) {
	if (!e) return;
	if (e->stream) dnnl_stream_destroy(e->stream);
	if (e->engine) dnnl_engine_destroy(e->engine);
	free(e);
}

void cpu_engine_version(int *major, int *minor, int *patch) {
	const dnnl_version_t *v = dnnl_version();
	*major = v->major;
	*minor = v->minor;
	*patch = v->patch;
}

const char *cpu_engine_isa(void) {
	int isa = dnnl_get_effective_cpu_isa();
	if (isa >= dnnl_cpu_isa_avx512_core) return "AVX-512";
	if (isa >= dnnl_cpu_isa_avx2) return "AVX2";
	if (isa >= dnnl_cpu_isa_avx) return "AVX";
	return isa >= dnnl_cpu_isa_sse41 ? "SSE4.1" : "baseline";
}
