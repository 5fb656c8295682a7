#include "libcuda.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct stream *streams;
static int hasty;

// emulated_hasty: copies of a stream that has nothing else to do are done at once,
// before what other streams were given earlier: so that one shows that had to wait.
void emulated_hasty(int on) {
	enter();
	hasty = on;
	leave(0);
}

static void run_op(struct op *o);

void append(struct list *l, struct op *o) {
	if (!l->last) l->last = &l->first;
	o->next = NULL;
	*l->last = o;
	l->last = &o->next;
}

struct op *new_op(enum kind kind, const void *args, size_t bytes) {
	struct op *o = calloc(1, sizeof *o + bytes + 8);
	o->kind = kind;
	o->bytes = bytes;
	if (bytes) memcpy(o->args, args, bytes);
	return o;
}

struct op *copy_op(const struct op *o) {
	int words = o->kind == LAUNCH || o->kind == CALL;
	struct op *c = calloc(1, sizeof *o + (words ? o->bytes : 0) + 8);
	memcpy(c, o, sizeof *o + (words ? o->bytes : 0));
	return c;
}

void free_list(struct list *l) {
	while (l->first) {
		struct op *o = l->first;
		l->first = o->next;
		free(o);
	}
	l->last = &l->first;
}

int capturing(void) {
	for (const struct stream *s = streams; s; s = s->next)
		if (s->capture) return 1;
	return 0;
}

static int known(const struct stream *s) {
	for (const struct stream *k = streams; k; k = k->next)
		if (k == s) return 1;
	return 0;
}

int queue(struct stream *s, struct op *o) {
	int code = usable();
	if (!code && !known(s)) code = INVALID_HANDLE;
	if (code) {
		free(o);
		return code;
	}
	if (hasty && !s->capture && !s->ops.first && (o->kind == COPY || o->kind == RECORD)) {
		run_op(o);
		free(o);
		return SUCCESS;
	}
	append(s->capture ? &s->capture->ops : &s->ops, o);
	return SUCCESS;
}

static void run_op(struct op *o) {
	void *args[] = {o->args};
	const char *wrong;
	switch (o->kind) {
	case LAUNCH:
		if (launched()) {
			fault(LAUNCH_FAILED, "the device was lost");
			return;
		}
		wrong = emulated_run(o->kernel, o->grid, o->block, o->shared, args);
		if (wrong) fault(ILLEGAL_ADDRESS, wrong);
		break;
	case COPY: memmove(o->dst, o->src, o->bytes); break;
	case SET:
		for (size_t i = 0; i < o->bytes / 4; i++) ((unsigned *)o->dst)[i] = o->value;
		break;
	case CALL:
		if (o->call(o->args)) fault(ILLEGAL_ADDRESS, "a library call failed");
		break;
	case RECORD: o->event->done = o->ticket; break;
	case WAIT:
		while (o->event->done < o->ticket && o->event->where->ops.first && !faulted()) {
			struct stream *s = o->event->where;
			struct op *first = s->ops.first;
			s->ops.first = first->next;
			if (!s->ops.first) s->ops.last = &s->ops.first;
			run_op(first);
			free(first);
		}
		break;
	}
}

void run_stream(struct stream *s) {
	while (s->ops.first && !faulted()) {
		struct op *o = s->ops.first;
		s->ops.first = o->next;
		if (!s->ops.first) s->ops.last = &s->ops.first;
		run_op(o);
		free(o);
	}
	if (faulted()) free_list(&s->ops);
	check_guards();
}

void run_all(void) {
	for (struct stream *s = streams; s; s = s->next) run_stream(s);
}

int cuStreamCreate(struct stream **out, unsigned flags) {
	enter();
	int code = usable();
	if (!code && flags != 1) code = INVALID_VALUE; // one that waits for the null stream is nobody's wish
	if (code) return leave(code);
	struct stream *s = calloc(1, sizeof *s);
	s->ops.last = &s->ops.first;
	s->next = streams;
	streams = s;
	*out = s;
	return leave(SUCCESS);
}

int cuStreamDestroy_v2(struct stream *s) {
	enter();
	if (!known(s)) return leave(INVALID_HANDLE);
	run_stream(s);
	for (struct stream **at = &streams; *at; at = &(*at)->next)
		if (*at == s) {
			*at = s->next;
			break;
		}
	free(s);
	return leave(SUCCESS);
}

int cuStreamSynchronize(struct stream *s) {
	enter();
	int code = usable();
	if (!code && !known(s)) code = INVALID_HANDLE;
	if (code) return leave(code);
	if (s->capture) {
		s->broken = 1;
		return leave(CAPTURE_UNSUPPORTED);
	}
	run_stream(s);
	return leave(faulted());
}

int cuStreamWaitEvent(struct stream *s, struct event *e, unsigned flags) {
	enter();
	struct op *o = new_op(WAIT, NULL, 0);
	o->event = e;
	o->ticket = e->asked;
	(void)flags;
	return leave(queue(s, o));
}

int cuEventCreate(struct event **e, unsigned flags) {
	(void)flags;
	*e = calloc(1, sizeof **e);
	return *e ? SUCCESS : OUT_OF_MEMORY;
}

int cuEventDestroy_v2(struct event *e) {
	enter();
	run_all();
	free(e);
	return leave(SUCCESS);
}

int cuEventRecord(struct event *e, struct stream *s) {
	enter();
	struct op *o = new_op(RECORD, NULL, 0);
	o->event = e;
	o->ticket = ++e->asked;
	e->where = s;
	return leave(queue(s, o));
}

int cuEventSynchronize(struct event *e) {
	enter();
	int code = usable();
	if (!code && e->where && e->done < e->asked) run_stream(e->where);
	return leave(code ? code : faulted());
}

int cuEventElapsedTime(float *ms, struct event *a, struct event *b) {
	*ms = 1;
	return a->done == a->asked && b->done == b->asked ? SUCCESS : NOT_READY;
}

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
