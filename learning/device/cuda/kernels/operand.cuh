// Where the elements of a product's factors lie. A factor is seen as elements
// (i, k): i counts the rows of the result for the first factor and its columns for
// the second, k is summed over. Convolutions are products whose factors are read
// straight from the images (implicit GEMM): nothing is unfolded in memory.
#ifndef LATCO_OPERAND_CUH
#define LATCO_OPERAND_CUH

#include "activation.cuh"

enum {
	ROWS,      // a matrix, k along its rows
	COLS,      // a matrix, i along its rows
	PATCHES,   // i: an output position; k: an element of its patch of the image
	PATCHES_T, // the same transposed
	TAPS,      // i: a pixel of the image and its s×s−1 neighbours; k: what reaches it, taps×taps×out (Phase)
	TAP_WEIGHTS, // i: phase and channel of such a pixel; k as in TAPS
};

// along says that four neighbours in memory are neighbours in k, rather than in i.
#define ALONG_K(kind) ((kind) == ROWS || (kind) == PATCHES || (kind) == TAPS || (kind) == TAP_WEIGHTS)

INLINE int divided(int n, struct Quotient d) {
	return (int)((high32((uint32_t)n, d.multiplier) + (uint32_t)n) >> d.shift);
}

// Phase is the pixels (h, w) mod s that a block computes, and the taps from
// (fromH, fromW) on that reach one of them at least, `across` of them from left to
// right.
struct Phase {
	int h, w;
	int fromH, fromW, across;
	struct Quotient byAcross;
};

// Position of a row where pixels are computed: rows of the result count images that lie side by side, then
// positions (the s×s pixels that the same taps reach), then further images. So the
// rows of a tile are few positions, of which whole taps lie beyond the border.
struct Position {
	int image; // or −1: there is none
	int h, w;
};

INLINE struct Position position(const struct Geometry* g, int row) {
	struct Position p;
	const int at = divided(row, g->bySide), group = divided(at, g->byA), place = at - group * g->aH * g->aW;
	p.image = group * g->side + row - at * g->side;
	if (p.image >= g->images) p.image = -1;
	p.h = divided(place, g->byAW);
	p.w = place - p.h * g->aW;
	return p;
}

// corner is where the patch of output position i begins.
INLINE int64_t corner(const struct Geometry* g, int i) {
	int n = divided(i, g->byPositions), at = i - n * g->outH * g->outW;
	int oh = divided(at, g->byOutW), ow = at - oh * g->outW;
	return (int64_t)n * (g->h * g->w * g->in) + (oh * g->s * g->w + ow * g->s) * g->in;
}

// within is where element k of a patch lies behind its corner.
INLINE int within(const struct Geometry* g, int k) {
	int kh = divided(k, g->byRun);
	return (kh * (g->w - g->k) * g->in) + k;
}

// Tap is what k means where pixels are computed.
struct Tap {
	int h, w, channel;
};

INLINE struct Tap tap(const struct Geometry* g, struct Phase f, int k) {
	int j = divided(k, g->byOut);
	struct Tap t;
	t.h = divided(j, f.byAcross);
	t.w = f.fromW + j - t.h * f.across;
	t.h += f.fromH;
	t.channel = k - j * g->out;
	return t;
}

// place is the offset of element (i, k), or −1 where it is 0.
INLINE int64_t place(const int kind, const struct Operand* o, const struct Geometry* g, struct Phase f, int i, int k) {
	switch (kind) {
	case ROWS: return i * o->stride + k;
	case COLS: return k * o->stride + i;
	case PATCHES: return corner(g, i) + within(g, k);
	case PATCHES_T: return corner(g, k) + within(g, i);
	case TAPS: {
		struct Tap t = tap(g, f, k);
		struct Position p = position(g, i);
		int oh = p.h - t.h, ow = p.w - t.w;
		if (p.image < 0 || oh < 0 || oh >= g->outH || ow < 0 || ow >= g->outW) return -1;
		return (int64_t)p.image * (g->outH * g->outW * g->out) + (oh * g->outW + ow) * g->out + t.channel;
	}
	case TAP_WEIGHTS: {
		struct Tap t = tap(g, f, k);
		int fh = f.h, fw = f.w, channel = i;
		if (g->merged) {
			int phase = divided(i, g->byIn);
			channel = i - phase * g->in;
			fh = divided(phase, g->byS);
			fw = phase - fh * g->s;
		}
		int kh = fh + t.h * g->s, kw = fw + t.w * g->s;
		return ((kh * g->k + kw) * g->in + channel) * g->out + t.channel;
	}
	}
	return -1;
}

// row4 is four elements of a row of nk from k on; rows begin anywhere.
INLINE float4 row4(const struct Operand* o, int i, int k, int nk) {
	const float* at = o->x + i * o->stride + k;
	ALIGNED float x[4] = {0.0f, 0.0f, 0.0f, 0.0f};
	if (k + 4 <= nk) {
		if (o->vector) return *(const float4*)at;
		if ((((uint64_t)o->x | (uint64_t)o->stride << 2) & 7) == 0) {
			const float2 low = *(const float2*)at, high = *(const float2*)(at + 2);
			return make_float4(low.x, low.y, high.x, high.y);
		}
	}
	UNROLL for (int e = 0; e < 4; e++) {
		if (k + e < nk) x[e] = at[e];
	}
	return make_float4(x[0], x[1], x[2], x[3]);
}

// load4 is four elements from (i, k) on, along k or along i; what lies beyond ni
// or nk is 0. With `quads` 1 all rows but those of ROWS are promised to be aligned
// and whole quads to lie inside or outside.
INLINE float4 load4(const int kind, const int quads, const struct Operand* o, const struct Geometry* g, struct Phase f, int i, int k,
					int ni, int nk) {
	float4 v = make_float4(0.0f, 0.0f, 0.0f, 0.0f), y = v;
	const int di = ALONG_K(kind) ? 0 : 1, dk = 1 - di;
	const float* out = (kind == COLS && !g) || kind == TAP_WEIGHTS ? 0 : o->y; // dense layers derive before
	if (i >= ni || k >= nk) return v;
	if (kind == ROWS) return row4(o, i, k, nk);
	if (quads || (o->vector && i + 4 * di <= ni + dk && k + 4 * dk <= nk + di)) {
		int64_t at = place(kind, o, g, f, i, k);
		if (at < 0) return v;
		v = *(const float4*)(o->x + at);
		if (out) y = *(const float4*)(out + at);
	} else {
		ALIGNED float x[4] = {0.0f, 0.0f, 0.0f, 0.0f};
		ALIGNED float z[4] = {0.0f, 0.0f, 0.0f, 0.0f};
		UNROLL for (int e = 0; e < 4; e++) {
			if (i + e * di >= ni || k + e * dk >= nk) continue;
			int64_t at = place(kind, o, g, f, i + e * di, k + e * dk);
			if (at < 0) continue;
			x[e] = o->x[at];
			if (out) z[e] = out[at];
		}
		v = make_float4(x[0], x[1], x[2], x[3]);
		y = make_float4(z[0], z[1], z[2], z[3]);
	}
	return out ? derive4(o->act, y, v) : v;
}

#endif
