//go:build cgo && !purego

#include "onednn.h"

#include <omp.h>
#include <stdlib.h>
#include <string.h>

// A convolution links src (N×H×W×In), weights (K×K×In×Out) and dst
// (N×OutH×OutW×Out); a direction computes one of them from the other two.
// Images stay NHWC; for the weights oneDNN chooses its own blocked layout, which
// costs a reorder of a few µs and gives two to four times the speed.
enum { SRC, WEIGHTS, DST, TENSORS };

struct cpu_conv {
	dnnl_primitive_t compute, reorder; // reorder is null if the layouts agree
	dnnl_memory_t memory[TENSORS];     // as compute sees them
	dnnl_memory_t user_weights;        // K×K×In×Out
	dnnl_memory_t scratchpad;
	dnnl_exec_arg_t args[TENSORS + 1], reorder_args[2];
	int output;
	size_t weights_size, scratchpad_size; // bytes, multiples of 64
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

static int open_reorder(cpu_engine *e, cpu_conv *p, const dnnl_memory_desc_t *user,
	const dnnl_memory_desc_t *inner) {
	if (dnnl_memory_desc_equal(user, inner)) return 0;
	int out = p->output == WEIGHTS;
	dnnl_primitive_desc_t pd;
	TRY(dnnl_reorder_primitive_desc_create(
		&pd, out ? inner : user, e->engine, out ? user : inner, e->engine, 0));
	int status = dnnl_primitive_create(&p->reorder, pd);
	dnnl_primitive_desc_destroy(pd);
	TRY(status);
	TRY(dnnl_memory_create(&p->user_weights, user, e->engine, DNNL_MEMORY_NONE));
	p->weights_size = align(dnnl_memory_desc_get_size(inner));
	p->reorder_args[0] =
		(dnnl_exec_arg_t){DNNL_ARG_FROM, out ? p->memory[WEIGHTS] : p->user_weights};
	p->reorder_args[1] = (dnnl_exec_arg_t){DNNL_ARG_TO, out ? p->user_weights : p->memory[WEIGHTS]};
	return 0;
}

static int open_plan(cpu_engine *e, int direction, const cpu_conv_shape *s, cpu_conv *p) {
	static const int outputs[] = {DST, SRC, WEIGHTS};
	static const int names[TENSORS] = {DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DST};
	static const int gradients[TENSORS] = {DNNL_ARG_DIFF_SRC, DNNL_ARG_DIFF_WEIGHTS, DNNL_ARG_DIFF_DST};
	p->output = outputs[direction];

	long oh = (s->h + 2 * s->pad - s->k) / s->stride + 1, ow = (s->w + 2 * s->pad - s->k) / s->stride + 1;
	dnnl_dims_t src = {s->n, s->in, s->h, s->w}, weights = {s->out, s->in, s->k, s->k};
	dnnl_dims_t dst = {s->n, s->out, oh, ow};
	dnnl_memory_desc_t md[TENSORS], user;
	TRY(dnnl_memory_desc_init_by_tag(&md[SRC], 4, src, dnnl_f32, dnnl_nhwc));
	TRY(dnnl_memory_desc_init_by_tag(&md[DST], 4, dst, dnnl_f32, dnnl_nhwc));
	TRY(dnnl_memory_desc_init_by_tag(&md[WEIGHTS], 4, weights, dnnl_f32, dnnl_format_tag_any));
	TRY(dnnl_memory_desc_init_by_tag(&user, 4, weights, dnnl_f32, dnnl_hwio));

	dnnl_primitive_desc_t pd;
	TRY(prepare(e, direction, s, md, &pd));
	md[WEIGHTS] = *dnnl_primitive_desc_query_md(
		pd, p->output == WEIGHTS ? dnnl_query_diff_weights_md : dnnl_query_weights_md, 0);
	const dnnl_memory_desc_t *pad = dnnl_primitive_desc_query_md(pd, dnnl_query_scratchpad_md, 0);
	p->scratchpad_size = align(dnnl_memory_desc_get_size(pad));
	int status = dnnl_memory_create(&p->scratchpad, pad, e->engine, DNNL_MEMORY_NONE);
	if (!status) status = dnnl_primitive_create(&p->compute, pd);
	dnnl_primitive_desc_destroy(pd);
	TRY(status);

	for (int i = 0; i < TENSORS; i++) {
		TRY(dnnl_memory_create(&p->memory[i], &md[i], e->engine, DNNL_MEMORY_NONE));
		int gradient = i == p->output || (i == DST && direction != CONV_FORWARD);
		if (direction == CONV_FORWARD) gradient = 0;
		p->args[i] = (dnnl_exec_arg_t){gradient ? gradients[i] : names[i], p->memory[i]};
	}
	p->args[TENSORS] = (dnnl_exec_arg_t){DNNL_ARG_SCRATCHPAD, p->scratchpad};
	return open_reorder(e, p, &user, &md[WEIGHTS]);
}

int cpu_conv_open(cpu_engine *e, int threads, int direction, const cpu_conv_shape *s, cpu_conv **plan) {
	omp_set_num_threads(threads);
	cpu_conv *p = calloc(1, sizeof *p);
	if (!p) return dnnl_out_of_memory;
	int status = open_plan(e, direction, s, p);
	if (status) {
		cpu_conv_close(p);
		return status;
	}
	*plan = p;
	return 0;
}

void cpu_conv_close(cpu_conv *p) {
	if (!p) return;
	if (p->compute) dnnl_primitive_destroy(p->compute);
	if (p->reorder) dnnl_primitive_destroy(p->reorder);
	for (int i = 0; i < TENSORS; i++)
		if (p->memory[i]) dnnl_memory_destroy(p->memory[i]);
	if (p->user_weights) dnnl_memory_destroy(p->user_weights);
	if (p->scratchpad) dnnl_memory_destroy(p->scratchpad);
	free(p);
}

long cpu_conv_scratch(const cpu_conv *p) {
	return (p->weights_size + p->scratchpad_size) / sizeof(float);
}

int cpu_conv_run(cpu_engine *e, int threads, cpu_conv *p, float *src, float *weights, float *dst,
	float *scratch) {
	omp_set_num_threads(threads);
	float *inner = p->reorder ? scratch : weights;
	TRY(dnnl_memory_set_data_handle(p->memory[SRC], src));
	TRY(dnnl_memory_set_data_handle(p->memory[WEIGHTS], inner));
	TRY(dnnl_memory_set_data_handle(p->memory[DST], dst));
	if (p->scratchpad_size)
		TRY(dnnl_memory_set_data_handle(p->scratchpad, (char *)scratch + p->weights_size));
	if (p->reorder) {
		TRY(dnnl_memory_set_data_handle(p->user_weights, weights));
		if (p->output != WEIGHTS) TRY(dnnl_primitive_execute(p->reorder, e->stream, 2, p->reorder_args));
	}
	TRY(dnnl_primitive_execute(p->compute, e->stream, TENSORS + 1, p->args));
	if (p->reorder && p->output == WEIGHTS)
		TRY(dnnl_primitive_execute(p->reorder, e->stream, 2, p->reorder_args));
	return dnnl_stream_wait(e->stream);
}
