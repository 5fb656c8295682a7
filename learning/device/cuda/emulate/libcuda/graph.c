#include "libcuda.h"

#include <stdlib.h>

static struct graph *graphs;

static struct graph *make_graph(void) {
	struct graph *g = calloc(1, sizeof *g);
	g->ops.last = &g->ops.first;
	g->next = graphs;
	graphs = g;
	return g;
}

static int known(const struct graph *g) {
	for (const struct graph *k = graphs; k; k = k->next)
		if (k == g) return 1;
	return 0;
}

static void drop(struct graph *g) {
	for (struct graph **at = &graphs; *at; at = &(*at)->next)
		if (*at == g) {
			*at = g->next;
			break;
		}
	free_list(&g->ops);
	free(g);
}

int cuStreamBeginCapture_v2(struct stream *s, int mode) {
	enter();
	int code = usable();
	if (!code) code = refused(__func__);
	if (!code && !is_stream(s)) code = INVALID_HANDLE;
	if (!code && (mode < 0 || mode > 2)) code = INVALID_VALUE;
	if (!code && s->capture) code = ILLEGAL_STATE;
	if (code) return leave(code);
	s->capture = make_graph();
	s->by = pthread_self();
	s->broken = 0;
	return leave(SUCCESS);
}

int cuStreamEndCapture(struct stream *s, struct graph **g) {
	enter();
	*g = NULL;
	if (!is_stream(s)) return leave(INVALID_HANDLE);
	if (!s->capture) return leave(ILLEGAL_STATE);
	if (!pthread_equal(s->by, pthread_self())) return leave(CAPTURE_WRONG_THREAD);
	struct graph *captured = s->capture;
	s->capture = NULL;
	int code = usable();
	if (!code) code = refused(__func__);
	if (!code && s->broken) code = CAPTURE_INVALIDATED;
	if (code) {
		drop(captured);
		return leave(code);
	}
	*g = captured;
	return leave(SUCCESS);
}

static void copy_list(struct list *to, const struct list *from) {
	for (const struct op *o = from->first; o; o = o->next) append(to, copy_op(o));
}

int cuGraphInstantiateWithFlags(struct graph **exec, const struct graph *g, unsigned long long flags) {
	enter();
	int code = usable();
	if (!code) code = refused(__func__);
	if (!code) code = unsafe();
	if (!code && (flags || !known(g))) code = INVALID_VALUE;
	if (code) return leave(code);
	struct graph *e = make_graph();
	copy_list(&e->ops, &g->ops);
	*exec = e;
	return leave(SUCCESS);
}

int cuGraphLaunch(const struct graph *exec, struct stream *s) {
	enter();
	int code = usable();
	if (!code) code = refused(__func__);
	if (!code && !known(exec)) code = INVALID_VALUE;
	for (const struct op *o = code ? NULL : exec->ops.first; o && !code; o = o->next) code = queue(s, copy_op(o));
	return leave(code);
}

int cuGraphDestroy(struct graph *g) {
	enter();
	if (!known(g)) return leave(INVALID_VALUE);
	drop(g);
	return leave(usable());
}

int cuGraphExecDestroy(struct graph *g) { return cuGraphDestroy(g); }
