// Where the results of a transposed convolution go.
#ifndef LATCO_PIXELS_CUH
#define LATCO_PIXELS_CUH

#include "operand.cuh"
#include "result.cuh"

// Corner is the first of the s×s pixels that share a position of the smaller image.
struct Corner {
	int64_t image; // offset, or −1: there is none
	int h, w;
};

INLINE struct Corner pixel(const struct Geometry* g, int row) {
	struct Corner c;
	struct Position p = position(g, row);
	c.image = p.image < 0 ? -1 : (int64_t)p.image * (g->h * g->w * g->in);
	c.h = p.h * g->s;
	c.w = p.w * g->s;
	return c;
}

// place_pixel is where column col of a pixel's row goes, and its channel; −1:
// beyond the image.
INLINE int64_t place_pixel(const struct Geometry* g, struct Phase f, struct Corner at, int col, int* channel) {
	*channel = col;
	if (g->merged) {
		int phase = divided(col, g->byIn);
		*channel = col - phase * g->in;
		f.h = divided(phase, g->byS);
		f.w = phase - f.h * g->s;
	}
	int h = at.h + f.h, w = at.w + f.w;
	if (h >= g->h || w >= g->w) return -1;
	return at.image + (h * g->w + w) * g->in + *channel;
}

// store_pixels puts four columns where they belong. vector says that a multiple of
// four channels makes a phase.
INLINE void store_pixels(const int quads, const struct Result* c, const struct Geometry* g, struct Phase f, struct Corner at,
						 int col, int n, const float* v) {
	int channel;
	if (at.image < 0) return;
	if (quads || c->vector) {
		if (col >= n) return;
		int64_t to = place_pixel(g, f, at, col, &channel);
		if (to >= 0) store(1, c, c->c + to, 0, channel, g->in, v);
		return;
	}
	UNROLL for (int j = 0; j < 4; j++) {
		if (col + j >= n) return;
		int64_t to = place_pixel(g, f, at, col + j, &channel);
		if (to >= 0) c->c[to] = finish(c, v[j], 0.0f, c->bias ? c->bias[channel] : 0.0f, 0.0f);
	}
}

#endif
