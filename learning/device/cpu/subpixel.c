//go:build cgo && !purego

#include "parallel.h"

#include <string.h>

// A transposed convolution to few channels leaves most of a vector empty. Its
// output at row s·p + r takes kernel rows r + s·t from input rows p − t,
// t = 0 … taps−1: for each of the s×s remainders an ordinary convolution, and
// together one of stride 1 to s·s·In channels, whose image is then spread out
// (Shi et al. 2016, efficient sub-pixel convolution, §3.2).

// cpu_subpixel_weights arranges K×K×In×Out weights as taps×taps×Out×(s·s·In).
// The convolution runs over input rows p−taps+1 … p, so that its first tap is
// the last t; taps beyond K are zero.
void cpu_subpixel_weights(const cpu_conv_shape *s, int taps, const float *weights, float *inner) {
	long st = s->stride, channels = st * st * s->in, k = s->k;
	for (long i = 0; i < taps; i++)
		for (long j = 0; j < taps; j++)
			for (long r = 0; r < st; r++)
				for (long q = 0; q < st; q++) {
					long a = r + st * (taps - 1 - i), b = q + st * (taps - 1 - j);
					for (long c = 0; c < s->in; c++) {
						float *to = inner + (i * taps + j) * s->out * channels + (r * st + q) * s->in + c;
						const float *from = weights + ((a * k + b) * s->in + c) * s->out;
						for (long o = 0; o < s->out; o++) to[o * channels] = a < k && b < k ? from[o] : 0;
					}
				}
}

typedef struct {
	const cpu_conv_shape *s;
	long p, q; // rows and columns of inner
	const float *inner;
	float *src;
} spread;

static void spread_rows(const void *args, long begin, long end) {
	const spread *a = args;
	const cpu_conv_shape *s = a->s;
	long st = s->stride, run = st * s->in, line = (long)s->w * s->in;
	long whole = s->w / st < a->q ? s->w / st : a->q;
	for (long i = begin; i < end; i++) {
		long n = i / s->h, u = i % s->h;
		float *to = a->src + i * line, *stop = to + line;
		if (u / st < a->p) {
			const float *from = a->inner + ((n * a->p + u / st) * a->q * st + u % st) * run;
			for (long j = 0; j < whole; j++, to += run, from += st * run)
				for (long c = 0; c < run; c++) to[c] = from[c];
			if (whole < a->q && to < stop) {
				memcpy(to, from, (stop - to) * sizeof *to);
				to = stop;
			}
		}
		memset(to, 0, (stop - to) * sizeof *to);
	}
}

// cpu_subpixel_image spreads N×P×Q×(s·s·In), P = OutH+taps−1, to N×H×W×In.
void cpu_subpixel_image(cpu_pool *pool, const cpu_conv_shape *s, int taps, const float *inner, float *src) {
	long oh = (s->h - s->k) / s->stride + 1, ow = (s->w - s->k) / s->stride + 1;
	spread a = {s, oh + taps - 1, ow + taps - 1, inner, src};
	cpu_spans(pool, (long)s->n * s->h, (long)s->n * s->h * s->w * s->in, spread_rows, &a);
}
