//go:build cgo && !purego

#include "library.h"
#include "onednn.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

// A convolution links src (N×H×W×In), weights (K×K×In×Out) and dst
// (N×OutH×OutW×Out); a direction computes one of them from the other two.
// Images stay NHWC; for the weights oneDNN chooses its own blocked layout, which
// costs a reorder of a few µs and gives two to four times the speed. Each thread
// convolves some of the images; weight gradients of the parts are added in order.
enum { SRC, WEIGHTS, DST, TENSORS };

// seat is what one thread needs to run a primitive.
typedef struct {
	dnnl_stream_t stream;
	dnnl_memory_t memory[TENSORS], scratchpad;
	dnnl_exec_arg_t args[TENSORS + 1];
} seat;

// part is the primitive for some number of images.
typedef struct {
	long images;
	dnnl_primitive_t compute;
	seat *seats;
	size_t scratchpad_size; // bytes, a multiple of 64
} part;

struct cpu_conv {
	cpu_conv_shape shape;
	int direction, output, seats;
	long chunks;
	part parts[2]; // N/chunks images, and one more where that leaves a rest
	long src_image, dst_image; // floats

	dnnl_primitive_t reorder; // null if oneDNN's layout of the weights is ours
	dnnl_memory_t inner, user;
	dnnl_exec_arg_t reorder_args[2];
	size_t weights_size;    // bytes of the weights in oneDNN's layout, a multiple of 64
	size_t scratchpad_size; // of a seat
};

#define TRY(call)                      \
	do {                               \
		int status_ = (call);          \
		if (status_) return status_;   \
	} while (0)

static size_t align(size_t bytes) { return (bytes + 63) / 64 * 64; }

static int describe(int direction, const cpu_conv_shape *s, const dnnl_memory_desc_t *md,
	dnnl_convolution_desc_t *desc) {
	dnnl_dims_t strides = {s->stride, s->stride}, pad = {s->pad, s->pad};
	switch (direction) {
	case CONV_FORWARD:
		return dnnl_convolution_forward_desc_init(desc, dnnl_forward_training, dnnl_convolution_direct,
			&md[SRC], &md[WEIGHTS], 0, &md[DST], strides, pad, pad);
	case CONV_BACKWARD_DATA:
		return dnnl_convolution_backward_data_desc_init(
			desc, dnnl_convolution_direct, &md[SRC], &md[WEIGHTS], &md[DST], strides, pad, pad);
	}
	return dnnl_convolution_backward_weights_desc_init(
		desc, dnnl_convolution_direct, &md[SRC], &md[WEIGHTS], 0, &md[DST], strides, pad, pad);
}

// prepare asks oneDNN for its best implementation of desc. A gradient needs the
// forward primitive of the same shape as a hint.
static int prepare(cpu_engine *e, int direction, const cpu_conv_shape *s, const dnnl_memory_desc_t *md,
	dnnl_primitive_desc_t *out) {
	dnnl_primitive_attr_t attr;
	TRY(dnnl_primitive_attr_create(&attr));
	dnnl_primitive_desc_t hint = 0;
	dnnl_convolution_desc_t desc;
	int status = dnnl_primitive_attr_set_scratchpad_mode(attr, dnnl_scratchpad_mode_user);
	if (!status && direction != CONV_FORWARD) {
		status = describe(CONV_FORWARD, s, md, &desc);
		if (!status) status = dnnl_primitive_desc_create(&hint, &desc, attr, e->engine, 0);
	}
	if (!status) status = describe(direction, s, md, &desc);
	if (!status) status = dnnl_primitive_desc_create(out, &desc, attr, e->engine, hint);
	if (hint) dnnl_primitive_desc_destroy(hint);
	dnnl_primitive_attr_destroy(attr);
	return status;
}

// open_seats makes the memory objects of every thread.
static int open_seats(cpu_engine *e, cpu_conv *p, part *t, const dnnl_memory_desc_t *md,
	const dnnl_memory_desc_t *pad) {
	static const int names[TENSORS] = {DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DST};
	static const int gradients[TENSORS] = {DNNL_ARG_DIFF_SRC, DNNL_ARG_DIFF_WEIGHTS, DNNL_ARG_DIFF_DST};
	t->seats = calloc(p->seats, sizeof *t->seats);
	if (!t->seats) return dnnl_out_of_memory;
	for (int w = 0; w < p->seats; w++) {
		seat *s = &t->seats[w];
		TRY(dnnl_stream_create(&s->stream, e->engine, dnnl_stream_default_flags));
		for (int i = 0; i < TENSORS; i++) {
			TRY(dnnl_memory_create(&s->memory[i], &md[i], e->engine, DNNL_MEMORY_NONE));
			int gradient = p->direction != CONV_FORWARD && (i == p->output || i == DST);
			s->args[i] = (dnnl_exec_arg_t){gradient ? gradients[i] : names[i], s->memory[i]};
		}
		TRY(dnnl_memory_create(&s->scratchpad, pad, e->engine, DNNL_MEMORY_NONE));
		s->args[TENSORS] = (dnnl_exec_arg_t){DNNL_ARG_SCRATCHPAD, s->scratchpad};
	}
	return 0;
}

// open_part prepares the primitive for that many images. weights is the layout
// to use; the first part may let oneDNN choose and returns the choice there.
static int open_part(cpu_engine *e, cpu_conv *p, part *t, long images, dnnl_memory_desc_t *chosen) {
	cpu_conv_shape s = p->shape;
	s.n = images;
	long oh = (s.h + 2 * s.pad - s.k) / s.stride + 1, ow = (s.w + 2 * s.pad - s.k) / s.stride + 1;
	dnnl_dims_t src = {images, s.in, s.h, s.w}, dst = {images, s.out, oh, ow};
	dnnl_memory_desc_t md[TENSORS];
	TRY(dnnl_memory_desc_init_by_tag(&md[SRC], 4, src, dnnl_f32, dnnl_nhwc));
	TRY(dnnl_memory_desc_init_by_tag(&md[DST], 4, dst, dnnl_f32, dnnl_nhwc));
	md[WEIGHTS] = *chosen;

	dnnl_primitive_desc_t pd;
	TRY(prepare(e, p->direction, &s, md, &pd));
	md[WEIGHTS] = *chosen = *dnnl_primitive_desc_query_md(
		pd, p->output == WEIGHTS ? dnnl_query_diff_weights_md : dnnl_query_weights_md, 0);
	const dnnl_memory_desc_t *pad = dnnl_primitive_desc_query_md(pd, dnnl_query_scratchpad_md, 0);
	t->images = images;
	t->scratchpad_size = align(dnnl_memory_desc_get_size(pad));
	if (t->scratchpad_size > p->scratchpad_size) p->scratchpad_size = t->scratchpad_size;
	int status = dnnl_primitive_create(&t->compute, pd);
	if (!status) status = open_seats(e, p, t, md, pad);
	dnnl_primitive_desc_destroy(pd);
	return status;
}

static int open_reorder(cpu_engine *e, cpu_conv *p, const dnnl_memory_desc_t *user,
	const dnnl_memory_desc_t *inner) {
	p->weights_size = align(dnnl_memory_desc_get_size(inner));
	if (dnnl_memory_desc_equal(user, inner)) return 0;
	int out = p->output == WEIGHTS;
	dnnl_primitive_desc_t pd;
	TRY(dnnl_reorder_primitive_desc_create(
		&pd, out ? inner : user, e->engine, out ? user : inner, e->engine, 0));
	int status = dnnl_primitive_create(&p->reorder, pd);
	dnnl_primitive_desc_destroy(pd);
	TRY(status);
	TRY(dnnl_memory_create(&p->user, user, e->engine, DNNL_MEMORY_NONE));
	TRY(dnnl_memory_create(&p->inner, inner, e->engine, DNNL_MEMORY_NONE));
	p->reorder_args[0] = (dnnl_exec_arg_t){DNNL_ARG_FROM, out ? p->inner : p->user};
	p->reorder_args[1] = (dnnl_exec_arg_t){DNNL_ARG_TO, out ? p->user : p->inner};
	return 0;
}

static int open_plan(cpu_engine *e, cpu_conv *p) {
	const cpu_conv_shape *s = &p->shape;
	dnnl_dims_t weights = {s->out, s->in, s->k, s->k};
	dnnl_memory_desc_t user, inner;
	TRY(dnnl_memory_desc_init_by_tag(&user, 4, weights, dnnl_f32, dnnl_hwio));
	TRY(dnnl_memory_desc_init_by_tag(&inner, 4, weights, dnnl_f32, dnnl_format_tag_any));
	TRY(open_part(e, p, &p->parts[0], s->n / p->chunks, &inner));
	if (s->n % p->chunks) TRY(open_part(e, p, &p->parts[1], s->n / p->chunks + 1, &inner));
	return open_reorder(e, p, &user, &inner);
}

int cpu_conv_open(cpu_engine *e, cpu_pool *pool, int direction, const cpu_conv_shape *s, cpu_conv **plan) {
	static const int outputs[] = {DST, SRC, WEIGHTS};
	cpu_single_threaded();
	cpu_conv *p = calloc(1, sizeof *p);
	if (!p) return dnnl_out_of_memory;
	p->shape = *s;
	p->direction = direction;
	p->output = outputs[direction];
	p->seats = cpu_pool_threads(pool);
	p->chunks = p->seats == 1 ? 1 : 2 * p->seats;
	if (p->chunks > s->n) p->chunks = s->n;
	p->src_image = (long)s->h * s->w * s->in;
	p->dst_image = (long)((s->h + 2 * s->pad - s->k) / s->stride + 1) *
		((s->w + 2 * s->pad - s->k) / s->stride + 1) * s->out;
	int status = open_plan(e, p);
	if (status) {
		cpu_conv_close(p);
		return status;
	}
	*plan = p;
	return 0;
}

static void close_part(part *t, int seats) {
	if (t->compute) dnnl_primitive_destroy(t->compute);
	for (int w = 0; t->seats && w < seats; w++) {
		for (int i = 0; i < TENSORS; i++)
			if (t->seats[w].memory[i]) dnnl_memory_destroy(t->seats[w].memory[i]);
		if (t->seats[w].scratchpad) dnnl_memory_destroy(t->seats[w].scratchpad);
		if (t->seats[w].stream) dnnl_stream_destroy(t->seats[w].stream);
	}
	free(t->seats);
}

void cpu_conv_close(cpu_conv *p) {
	if (!p) return;
	for (int i = 0; i < 2; i++) close_part(&p->parts[i], p->seats);
	if (p->reorder) dnnl_primitive_destroy(p->reorder);
	if (p->user) dnnl_memory_destroy(p->user);
	if (p->inner) dnnl_memory_destroy(p->inner);
	free(p);
}

// Scratch holds the weights in oneDNN's layout, or every chunk's share of their
// gradient, then a workspace for every thread.
static size_t weights_scratch(const cpu_conv *p) {
	return p->weights_size * (p->output == WEIGHTS ? p->chunks : 1);
}

long cpu_conv_scratch(const cpu_conv *p) {
	return (weights_scratch(p) + p->seats * p->scratchpad_size) / sizeof(float);
}

typedef struct {
	cpu_conv *plan;
	float *src, *weights, *dst;
	char *scratch;
	atomic_int status;
} run;

static int convolve_images(run *r, long chunk, int worker) {
	cpu_conv *p = r->plan;
	long first = p->shape.n * chunk / p->chunks, images = p->shape.n * (chunk + 1) / p->chunks - first;
	part *t = &p->parts[images != p->parts[0].images];
	seat *s = &t->seats[worker];
	char *weights = p->output == WEIGHTS ? r->scratch + chunk * p->weights_size : (char *)r->weights;
	TRY(dnnl_memory_set_data_handle(s->memory[SRC], r->src + first * p->src_image));
	TRY(dnnl_memory_set_data_handle(s->memory[WEIGHTS], weights));
	TRY(dnnl_memory_set_data_handle(s->memory[DST], r->dst + first * p->dst_image));
	if (t->scratchpad_size)
		TRY(dnnl_memory_set_data_handle(
			s->scratchpad, r->scratch + weights_scratch(p) + worker * p->scratchpad_size));
	TRY(dnnl_primitive_execute(t->compute, s->stream, TENSORS + 1, s->args));
	return dnnl_stream_wait(s->stream);
}

static void run_chunk(const void *args, long chunk, int worker) {
	run *r = (run *)args;
	int status = convolve_images(r, chunk, worker);
	if (status) atomic_store(&r->status, status);
}

static int reorder(cpu_engine *e, cpu_conv *p, float *user, void *inner) {
	TRY(dnnl_memory_set_data_handle(p->user, user));
	TRY(dnnl_memory_set_data_handle(p->inner, inner));
	TRY(dnnl_primitive_execute(p->reorder, e->stream, 2, p->reorder_args));
	return dnnl_stream_wait(e->stream);
}

int cpu_conv_run(cpu_engine *e, cpu_pool *pool, cpu_conv *p, float *src, float *weights, float *dst,
	float *scratch) {
	cpu_single_threaded();
	run r = {.plan = p, .src = src, .weights = weights, .dst = dst, .scratch = (char *)scratch};
	if (p->output != WEIGHTS && p->reorder) {
		TRY(reorder(e, p, weights, scratch));
		r.weights = scratch;
	}
	cpu_pool_run(pool, p->chunks, run_chunk, &r);
	if (r.status || p->output != WEIGHTS) return r.status;
	long n = p->weights_size / sizeof(float);
	for (long c = 1; c < p->chunks; c++) cpu_axpy(pool, n, 1, scratch + c * n, scratch);
	if (p->reorder) return reorder(e, p, weights, scratch);
	memcpy(weights, scratch, (size_t)p->shape.k * p->shape.k * p->shape.in * p->shape.out * sizeof(float));
	return 0;
}
