#include "libcuda.h"

static int queue_copy(struct stream *s, void *dst, const void *src, size_t bytes) {
	struct op *o = new_op(COPY, NULL, 0);
	o->dst = dst;
	o->src = (void *)src;
	o->bytes = bytes;
	return queue(s, o);
}

int cuMemcpyHtoDAsync_v2(deviceptr dst, const void *src, size_t bytes, struct stream *s) {
	enter();
	if (!is_device(dst, bytes) || !is_pinned(src, bytes)) return leave(INVALID_VALUE);
	return leave(queue_copy(s, (void *)dst, src, bytes));
}

int cuMemcpyDtoHAsync_v2(void *dst, deviceptr src, size_t bytes, struct stream *s) {
	enter();
	if (!is_device(src, bytes) || !is_pinned(dst, bytes)) return leave(INVALID_VALUE);
	return leave(queue_copy(s, dst, (void *)src, bytes));
}

int cuMemcpyDtoDAsync_v2(deviceptr dst, deviceptr src, size_t bytes, struct stream *s) {
	enter();
	if (!is_device(src, bytes) || !is_device(dst, bytes)) return leave(INVALID_VALUE);
	return leave(queue_copy(s, (void *)dst, (void *)src, bytes));
}

int cuMemsetD32Async(deviceptr dst, unsigned value, size_t n, struct stream *s) {
	enter();
	if (!is_device(dst, 4 * n) || dst % 4) return leave(INVALID_VALUE);
	struct op *o = new_op(SET, NULL, 0);
	o->dst = (void *)dst;
	o->value = value;
	o->bytes = 4 * n;
	return leave(queue(s, o));
}
