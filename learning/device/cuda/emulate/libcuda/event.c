#include "libcuda.h"

#include <stdlib.h>

enum { EVENT_BLOCKING = 1, EVENT_UNTIMED = 2 };

static struct event *events;

static int known(const struct event *e) {
	for (const struct event *k = events; k; k = k->next)
		if (k == e) return 1;
	return 0;
}

int cuEventCreate(struct event **out, unsigned flags) {
	enter();
	int code = usable();
	if (!code && flags & ~(unsigned)(EVENT_BLOCKING | EVENT_UNTIMED)) code = INVALID_VALUE;
	if (code) return leave(code);
	struct event *e = calloc(1, sizeof *e);
	e->timed = !(flags & EVENT_UNTIMED);
	e->next = events;
	events = e;
	*out = e;
	return leave(SUCCESS);
}

int cuEventDestroy_v2(struct event *e) {
	enter();
	if (!known(e)) return leave(INVALID_HANDLE);
	run_all();
	for (struct event **at = &events; *at; at = &(*at)->next)
		if (*at == e) {
			*at = e->next;
			break;
		}
	free(e);
	return leave(usable());
}

int cuEventRecord(struct event *e, struct stream *s) {
	enter();
	if (!known(e)) return leave(INVALID_HANDLE);
	struct op *o = new_op(RECORD, NULL, 0);
	o->event = e;
	o->ticket = e->asked + 1;
	int code = queue(s, o);
	if (!code) {
		e->asked++;
		e->where = s;
	}
	return leave(code);
}

int cuStreamWaitEvent(struct stream *s, struct event *e, unsigned flags) {
	enter();
	if (!known(e)) return leave(INVALID_HANDLE);
	if (flags) return leave(INVALID_VALUE);
	struct op *o = new_op(WAIT, NULL, 0);
	o->event = e;
	o->ticket = e->asked;
	return leave(queue(s, o));
}

int cuEventSynchronize(struct event *e) {
	enter();
	int code = usable();
	if (!code) code = unsafe();
	if (!code && !known(e)) code = INVALID_HANDLE;
	if (!code && e->where && e->done < e->asked) run_stream(e->where);
	return leave(code ? code : faulted());
}

int cuEventQuery(struct event *e) {
	enter();
	int code = usable();
	if (!code) code = unsafe();
	if (!code && !known(e)) code = INVALID_HANDLE;
	if (code) return leave(code);
	return leave(e->done < e->asked ? NOT_READY : SUCCESS);
}

int cuEventElapsedTime(float *ms, struct event *a, struct event *b) {
	enter();
	if (!known(a) || !known(b) || !a->timed || !b->timed || !a->asked || !b->asked) return leave(INVALID_HANDLE);
	*ms = 1;
	return leave(a->done == a->asked && b->done == b->asked ? SUCCESS : NOT_READY);
}
