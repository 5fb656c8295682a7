#include "libcuda.h"

// What cuLaunchKernel refuses at once; what a kernel does wrong ends the context
// when it runs.
static int launchable(const struct function *f, dim3 grid, dim3 block, unsigned shared, void **params, void **extra, int together) {
	if (!is_function(f)) return INVALID_HANDLE;
	if (!params || extra) return INVALID_VALUE;
	if (!grid.x || !grid.y || !grid.z || grid.x > 0x7fffffff || grid.y > 65535 || grid.z > 65535) return INVALID_VALUE;
	if (!block.x || !block.y || !block.z || block.x > MOST_THREADS || block.y > MOST_THREADS || block.z > 64) return INVALID_VALUE;
	if ((uint64_t)block.x * block.y * block.z > f->threads) return INVALID_VALUE;
	if (shared > f->dynamic) return INVALID_VALUE;
	if ((f->kernel->kind == EMULATED_GRID) != together) {
		fault(LAUNCH_FAILED, "a kernel whose blocks meet needs a cooperative launch, and none else");
		return LAUNCH_FAILED;
	}
	return SUCCESS;
}

static int launch(const struct function *f, dim3 grid, dim3 block, unsigned shared, struct stream *s, void **params,
				  void **extra, int together) {
	enter();
	int code = usable();
	if (!code) code = refused(together ? "cuLaunchCooperativeKernel" : "cuLaunchKernel");
	if (!code) code = launchable(f, grid, block, shared, params, extra, together);
	if (code) return leave(code);
	struct op *o = new_op(LAUNCH, params[0], f->kernel->bytes);
	o->kernel = f->kernel;
	o->grid = grid;
	o->block = block;
	o->shared = shared;
	return leave(queue(s, o));
}

int cuLaunchKernel(struct function *f, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz,
				   unsigned shared, struct stream *s, void **params, void **extra) {
	return launch(f, (dim3){gx, gy, gz}, (dim3){bx, by, bz}, shared, s, params, extra, 0);
}

int cuLaunchCooperativeKernel(struct function *f, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by,
							  unsigned bz, unsigned shared, struct stream *s, void **params) {
	return launch(f, (dim3){gx, gy, gz}, (dim3){bx, by, bz}, shared, s, params, NULL, 1);
}

int cuOccupancyMaxActiveBlocksPerMultiprocessor(int *blocks, const struct function *f, int threads, size_t shared) {
	(void)threads, (void)shared;
	*blocks = 1;
	return is_function(f) ? SUCCESS : INVALID_HANDLE;
}
