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

int unsafe(void) {
	int code = SUCCESS;
	for (struct stream *s = streams; s; s = s->next)
		if (s->capture && pthread_equal(s->by, pthread_self())) {
			s->broken = 1;
			code = CAPTURE_UNSUPPORTED;
		}
	return code;
}

int is_stream(const struct stream *s) {
	for (const struct stream *k = streams; k; k = k->next)
		if (k == s) return 1;
	return 0;
}

// recordable says whether o may become part of what s records. Events would tie the
// graph to what is outside of it.
static int recordable(struct stream *s, const struct op *o) {
	if (s->broken) return CAPTURE_INVALIDATED;
	if (o->kind != RECORD && o->kind != WAIT) return SUCCESS;
	s->broken = 1;
	return CAPTURE_ISOLATION;
}

int queue(struct stream *s, struct op *o) {
	int code = usable();
	if (!code && !is_stream(s)) code = INVALID_HANDLE;
	if (!code && s->capture) code = recordable(s, o);
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
	case COPY:
		if (!is_memory(o->dst, o->bytes) || !is_memory(o->src, o->bytes)) fault(ILLEGAL_ADDRESS, "a copy from or to memory that was freed");
		else memmove(o->dst, o->src, o->bytes);
		break;
	case SET:
		if (!is_memory(o->dst, o->bytes)) fault(ILLEGAL_ADDRESS, "memory is filled that was freed");
		else for (size_t i = 0; i < o->bytes / 4; i++) ((unsigned *)o->dst)[i] = o->value;
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

int cuStreamCreateWithPriority(struct stream **out, unsigned flags, int priority) {
	enter();
	int code = usable();
	if (!code) code = refused(__func__);
	if (!code && flags != 1) code = INVALID_VALUE; // one that waits for the null stream is nobody's wish
	if (code) return leave(code);
	struct stream *s = calloc(1, sizeof *s);
	s->ops.last = &s->ops.first;
	s->priority = priority > LEAST_PRIORITY ? LEAST_PRIORITY : priority < GREATEST_PRIORITY ? GREATEST_PRIORITY : priority;
	s->next = streams;
	streams = s;
	*out = s;
	return leave(SUCCESS);
}

int cuStreamCreate(struct stream **out, unsigned flags) { return cuStreamCreateWithPriority(out, flags, 0); }

int cuStreamGetPriority(const struct stream *s, int *priority) {
	enter();
	if (!is_stream(s)) return leave(INVALID_HANDLE);
	*priority = s->priority;
	return leave(SUCCESS);
}

int cuStreamDestroy_v2(struct stream *s) {
	enter();
	if (!is_stream(s)) return leave(INVALID_HANDLE);
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
	if (!code && !is_stream(s)) code = INVALID_HANDLE;
	if (code) return leave(code);
	if (s->capture) {
		s->broken = 1;
		return leave(CAPTURE_UNSUPPORTED);
	}
	run_stream(s);
	return leave(faulted());
}
