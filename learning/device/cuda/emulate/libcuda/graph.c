#include "libcuda.h"

#include <stdlib.h>

int cuStreamBeginCapture_v2(struct stream *s, int mode) {
	enter();
	int code = usable();
	if (!code && (s->capture || mode < 0 || mode > 2)) code = INVALID_VALUE;
	if (code) return leave(code);
	s->capture = calloc(1, sizeof *s->capture);
	s->capture->ops.last = &s->capture->ops.first;
	s->broken = 0;
	return leave(SUCCESS);
}

int cuStreamEndCapture(struct stream *s, struct graph **g) {
	enter();
	*g = NULL;
	if (!s->capture) return leave(INVALID_VALUE);
	struct graph *captured = s->capture;
	s->capture = NULL;
	if (s->broken) {
		free_list(&captured->ops);
		free(captured);
		return leave(CAPTURE_INVALIDATED);
	}
	*g = captured;
	return leave(usable());
}

static void copy_list(struct list *to, const struct list *from) {
	for (const struct op *o = from->first; o; o = o->next) append(to, copy_op(o));
}

int cuGraphInstantiateWithFlags(struct graph **exec, const struct graph *g, unsigned long long flags) {
	enter();
	int code = usable();
	if (!code && flags) code = INVALID_VALUE;
	if (code) return leave(code);
	struct graph *e = calloc(1, sizeof *e);
	copy_list(&e->ops, &g->ops);
	*exec = e;
	return leave(SUCCESS);
}

int cuGraphLaunch(const struct graph *exec, struct stream *s) {
	enter();
	int code = usable();
	for (const struct op *o = exec->ops.first; o && !code; o = o->next) code = queue(s, copy_op(o));
	return leave(code);
}

int cuGraphDestroy(struct graph *g) {
	enter();
	free_list(&g->ops);
	free(g);
	return leave(SUCCESS);
}

int cuGraphExecDestroy(struct graph *g) { return cuGraphDestroy(g); }
