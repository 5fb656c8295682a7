#include "libcuda.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct module {
	char *ptx;
};

// A module is PTX; its kernels are those of the emulation that it declares too.
int cuModuleLoadData(struct module **m, const char *image) {
	enter();
	int code = usable();
	if (!code && !strstr(image, ".version")) code = INVALID_IMAGE;
	if (code) return leave(code);
	*m = malloc(sizeof **m);
	(*m)->ptx = strdup(image);
	return leave(SUCCESS);
}

int cuModuleUnload(struct module *m) {
	enter();
	run_all();
	free(m->ptx);
	free(m);
	return leave(SUCCESS);
}

int cuModuleGetFunction(emulated_kernel *f, struct module *m, const char *name) {
	char entry[256];
	snprintf(entry, sizeof entry, ".entry %s(", name);
	*f = emulated_find(name);
	return *f && strstr(m->ptx, entry) ? SUCCESS : NOT_FOUND;
}

int cuFuncSetAttribute(emulated_kernel f, int attribute, int value) {
	(void)attribute;
	return f && value <= 99 << 10 ? SUCCESS : INVALID_VALUE;
}

int cuFuncGetAttribute(int *value, int attribute, emulated_kernel f) {
	*value = attribute == 0 ? (int)f->threads : 0;
	return SUCCESS;
}

static int launch(emulated_kernel f, dim3 grid, dim3 block, unsigned shared, struct stream *s, void **params, int together) {
	enter();
	if ((f->kind == EMULATED_GRID) != together) {
		fault(LAUNCH_FAILED, "a kernel whose blocks meet needs a cooperative launch, and none else");
		return leave(LAUNCH_FAILED);
	}
	struct op *o = new_op(LAUNCH, params[0], f->bytes);
	o->kernel = f;
	o->grid = grid;
	o->block = block;
	o->shared = shared;
	return leave(queue(s, o));
}

int cuLaunchKernel(emulated_kernel f, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz,
				   unsigned shared, struct stream *s, void **params, void **extra) {
	(void)extra;
	return launch(f, (dim3){gx, gy, gz}, (dim3){bx, by, bz}, shared, s, params, 0);
}

int cuLaunchCooperativeKernel(emulated_kernel f, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by,
							  unsigned bz, unsigned shared, struct stream *s, void **params) {
	return launch(f, (dim3){gx, gy, gz}, (dim3){bx, by, bz}, shared, s, params, 1);
}

int cuOccupancyMaxActiveBlocksPerMultiprocessor(int *blocks, emulated_kernel f, int threads, size_t shared) {
	(void)f, (void)threads, (void)shared;
	*blocks = 1;
	return SUCCESS;
}
