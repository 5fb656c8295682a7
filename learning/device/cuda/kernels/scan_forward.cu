// The scan forward: products of a few vectors with matrices that are read along
// their rows, four columns a thread. Threads that the columns leave over take further
// shares of the rows; the shares of a sum are added in order.

#include "scan.cuh"

// Part is a thread's part of a product: rows lo to hi of four columns, of which `left`
// are there. Threads without one have no rows.
struct Part {
	const float* at;
	int64_t stride;
	int vector, left, lo, hi;
	int slot; // of the sums, for the first sequence
};

// Sums are those of the latest product: shares [share][sequence][column].
struct Sums {
	float* at;
	int shares, wide;
};

// part_of is that of a product with a, or with two [a b], of depth rows. b's columns
// are not wanted unless bCols > 0.
INLINE struct Part part_of(const int seqs, const int two, struct Shares by, int depth, struct Weights a, int aCols, struct Weights b, int bCols) {
	const int t = (int)threadIdx.x, aQuads = (aCols + 3) / 4;
	const int share = (int)((high32((uint32_t)t, by.byQuads.multiplier) + (uint32_t)t) >> by.byQuads.shift);
	const int mine = t - share * by.quads, inA = !two || mine < aQuads, col = 4 * (inA ? mine : mine - aQuads);
	struct Part p;
	p.at = (inA ? a.at : b.at) + col;
	p.stride = inA ? a.stride : b.stride;
	p.vector = inA ? a.vector : b.vector;
	p.left = (inA ? aCols : bCols) - col;
	p.lo = share * by.each;
	p.hi = share >= by.shares || p.left <= 0 ? p.lo : p.lo + by.each < depth ? p.lo + by.each : depth;
	p.slot = (share * seqs * by.quads + mine) * 4;
	return p;
}

// fetch reads up to 8 rows from row k on.
INLINE void fetch(const struct Part* p, int k, float4 w[SCAN_ROWS]) {
	const float* at = p->at + k * p->stride;
	if (p->vector) {
		UNROLL for (int r = 0; r < SCAN_ROWS; r++) {
			if (k + r < p->hi) w[r] = *(const float4*)(at + r * p->stride);
		}
	} else {
		UNROLL for (int r = 0; r < SCAN_ROWS; r++) {
			if (k + r < p->hi) w[r] = quad(0, at + r * p->stride, p->left);
		}
	}
}

// multiply is x·[a b] into sums, those of b's columns from scan_padded(aCols) on. The
// first rows have been fetched. SYNC comes behind it.
INLINE void multiply(const int seqs, struct Shares by, const struct Part* p, struct Vector x, float4 w[SCAN_ROWS], struct Sums* sums) {
	sums->wide = 4 * by.quads;
	sums->shares = by.shares;
	float sum[MOST_SEQUENCES][4] = {{0.0f, 0.0f, 0.0f, 0.0f}, {0.0f, 0.0f, 0.0f, 0.0f}};
	for (int k = p->lo; k < p->hi; k += SCAN_ROWS) {
		if (k > p->lo) fetch(p, k, w);
		UNROLL for (int r = 0; r < SCAN_ROWS; r++) {
			if (k + r >= p->hi) continue;
			UNROLL for (int i = 0; i < seqs; i++) {
				const float f = x.at[i * x.lead + k + r];
				sum[i][0] += f * w[r].x;
				sum[i][1] += f * w[r].y;
				sum[i][2] += f * w[r].z;
				sum[i][3] += f * w[r].w;
			}
		}
	}
	if (p->lo >= p->hi) return;
	UNROLL for (int i = 0; i < seqs; i++)
		*(float4*)(sums->at + p->slot + i * sums->wide) = make_float4(sum[i][0], sum[i][1], sum[i][2], sum[i][3]);
}

// total adds the shares of a column.
INLINE float total(const int seqs, const struct Sums* sums, int i, int col) {
	const float* at = sums->at + i * sums->wide + col;
	float sum = at[0];
	for (int share = 1; share < sums->shares; share++) sum += at[share * seqs * sums->wide];
	return sum;
}

// NEXT and NEXT_TWO ask for the first rows of the product that comes next, MULTIPLY
// is the product asked for.
#define NEXT(by, depth, a, cols)                                          \
	part = part_of(seqs, 0, p->by, depth, p->step.a, cols, p->step.a, 0); \
	fetch(&part, part.lo, w)
#define NEXT_TWO(by, depth, a, aCols, b, bCols)                                \
	part = part_of(seqs, 1, p->by, depth, p->step.a, aCols, p->step.b, bCols); \
	fetch(&part, part.lo, w)
#define MULTIPLY(by, x) multiply(seqs, p->by, &part, x, w, &sums)

INLINE void scan_steps(const int seqs, const struct Scan* p) {
	const int d = p->step.d, h = p->step.h, s = p->step.s, before = p->step.before, first = (int)blockIdx.x * seqs;
	const int recurrent = before ? 2 * d : 3 * d; // columns of a product with the state
	float* memory = SCAN_MEMORY();
	float* const start = memory;
	const struct Vector stoch = room_for(seqs, s, &memory), in = room_for(seqs, h, &memory), post = room_for(seqs, h, &memory);
	const struct Vector deter = room_for(seqs, d, &memory), reset = room_for(seqs, d, &memory), gh = room_for(seqs, 3 * d, &memory);
	struct Sums sums = {memory, 0, 0};
	struct Part part;
	float4 w[SCAN_ROWS];
	NEXT(byStoch, s, stoch, h);
	clear(start, memory);

	for (int t = 0; t < p->step.t; t++) {
		const int64_t row = (int64_t)t * p->step.b + first;
		MULTIPLY(byStoch, stoch);
		NEXT(byIn, h, gate, 3 * d);
		SYNC();
		OVER(h) {
			const float v = activate(p->step.act, HERE(p->in, j) + total(seqs, &sums, i, j) + p->inB[j]);
			HERE(p->in, j) = in.at[i * in.lead + j] = v;
		}
		SYNC();

		// What the next step makes of the state goes with what the posterior does.
		const int ahead = t + 1 < p->step.t ? recurrent : 0;
		MULTIPLY(byIn, in);
		if (before) {
			NEXT(byReset, d, fresh, d);
		} else {
			NEXT_TWO(byDeter, d, state, h, recur, ahead);
		}
		SYNC();
		OVER(d) {
			float* g = gh.at + i * gh.lead + j;
			float* old = deter.at + i * deter.lead + j;
			const float gx = total(seqs, &sums, i, 2 * d + j) + p->gateB[2 * d + j];
			float z = total(seqs, &sums, i, j) + p->gateB[j] + g[0], r = total(seqs, &sums, i, d + j) + p->gateB[d + j] + g[d];
			if (!before) {
				z = sigmoid(z + p->recurB[j]);
				r = sigmoid(r + p->recurB[d + j]);
				const float side = g[2 * d] + p->recurB[2 * d + j], n = tanhf(gx + r * side);
				HERE(p->side, j) = side;
				HERE(p->gates, 2 * d + j) = n;
				HERE(p->deter, j) = *old = z * *old + (1.0f - z) * n;
			} else { // z and the sum wait where the old ones were
				g[0] = z = sigmoid(z);
				g[2 * d] = gx;
				r = sigmoid(r);
				HERE(p->side, j) = reset.at[i * reset.lead + j] = r * *old;
			}
			HERE(p->gates, j) = z;
			HERE(p->gates, d + j) = r;
		}
		SYNC();
		if (before) {
			MULTIPLY(byReset, reset);
			NEXT_TWO(byDeter, d, state, h, recur, ahead);
			SYNC();
			OVER(d) {
				const float* g = gh.at + i * gh.lead + j;
				float* old = deter.at + i * deter.lead + j;
				const float n = tanhf(g[2 * d] + total(seqs, &sums, i, j));
				HERE(p->gates, 2 * d + j) = n;
				HERE(p->deter, j) = *old = g[0] * *old + (1.0f - g[0]) * n;
			}
			SYNC();
		}

		MULTIPLY(byDeter, deter);
		NEXT(byPost, h, out, 2 * s);
		SYNC();
		OVER(h) {
			const float v = activate(p->step.act, HERE(p->post, j) + total(seqs, &sums, i, j) + p->postB[j]);
			HERE(p->post, j) = post.at[i * post.lead + j] = v;
		}
		OVER(ahead) gh.at[i * gh.lead + j] = total(seqs, &sums, i, scan_padded(h) + j);
		SYNC();

		MULTIPLY(byPost, post);
		NEXT(byStoch, s, stoch, h);
		SYNC();
		OVER(s) {
			const float mean = total(seqs, &sums, i, j) + p->outB[j], raw = total(seqs, &sums, i, s + j) + p->outB[s + j];
			const float std = softplus(raw) + p->step.minStd;
			HERE(p->raw, j) = HERE(p->mean, j) = mean;
			HERE(p->raw, s + j) = raw;
			HERE(p->std, j) = std;
			HERE(p->stoch, j) = stoch.at[i * stoch.lead + j] = mean + std * HERE(p->noise, j);
		}
		SYNC();
	}
}

BLOCK_KERNEL(scan_forward, Scan, SCAN_THREADS, 1) { scan_steps(1, &p); }
BLOCK_KERNEL(scan_forward_pair, Scan, SCAN_THREADS, 1) { scan_steps(2, &p); }
