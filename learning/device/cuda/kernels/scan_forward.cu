// The scan forward: products of a few vectors with matrices that are read along
// their rows, four columns a thread. Threads that the columns leave over take further
// shares of the rows; the shares of a sum are added in order.

#include "scan.cuh"

// Sums are those of the latest product: shares [share][sequence][column].
struct Sums {
	float* at;
	int shares, wide;
};

// rows adds the products of rows lo to hi with x, 8 of them on their way at once.
INLINE void scan_rows(const int seqs, const int vector, const float* at, int64_t stride, int left, int lo, int hi,
					  struct Vector x, float sum[MOST_SEQUENCES][4]) {
	for (int k = lo; k < hi; k += SCAN_ROWS) {
		const int whole = k + SCAN_ROWS <= hi;
		float4 w[SCAN_ROWS];
		UNROLL for (int r = 0; r < SCAN_ROWS; r++) {
			if (whole || k + r < hi) w[r] = quad(vector, at + (k + r) * stride, left);
		}
		UNROLL for (int r = 0; r < SCAN_ROWS; r++) {
			if (!whole && k + r >= hi) continue;
			UNROLL for (int i = 0; i < seqs; i++) {
				const float f = x.at[i * x.lead + k + r];
				sum[i][0] += f * w[r].x;
				sum[i][1] += f * w[r].y;
				sum[i][2] += f * w[r].z;
				sum[i][3] += f * w[r].w;
			}
		}
	}
}

// multiply is x·[a b], x of `depth` numbers, into *sums; those of b's columns begin at
// scan_padded(aCols). At most 4·SCAN_THREADS columns. SYNC comes behind it.
INLINE void multiply(const int seqs, struct Vector x, int depth, struct Weights a, int aCols, struct Weights b, int bCols,
					 struct Sums* sums) {
	const int aQuads = (aCols + 3) / 4, quads = aQuads + (bCols + 3) / 4;
	int each = (depth + SCAN_THREADS / quads - 1) / (SCAN_THREADS / quads);
	if (each < SCAN_ROWS) each = SCAN_ROWS;
	sums->wide = 4 * quads;
	sums->shares = (depth + each - 1) / each;
	const int share = (int)threadIdx.x / quads, mine = (int)threadIdx.x % quads;
	if (share >= sums->shares) return;
	const int inA = mine < aQuads, col = 4 * (inA ? mine : mine - aQuads);
	const int lo = share * each, hi = lo + each < depth ? lo + each : depth;
	const float* at = (inA ? a.at : b.at) + col;
	const int64_t stride = inA ? a.stride : b.stride;
	float sum[MOST_SEQUENCES][4] = {{0.0f, 0.0f, 0.0f, 0.0f}, {0.0f, 0.0f, 0.0f, 0.0f}};
	if (inA ? a.vector : b.vector) scan_rows(seqs, 1, at, stride, 4, lo, hi, x, sum);
	else scan_rows(seqs, 0, at, stride, (inA ? aCols : bCols) - col, lo, hi, x, sum);
	UNROLL for (int i = 0; i < seqs; i++)
		*(float4*)(sums->at + (share * seqs + i) * sums->wide + 4 * mine) = make_float4(sum[i][0], sum[i][1], sum[i][2], sum[i][3]);
}

// total adds the shares of a column.
INLINE float total(const int seqs, const struct Sums* sums, int i, int col) {
	const float* at = sums->at + i * sums->wide + col;
	float sum = at[0];
	for (int share = 1; share < sums->shares; share++) sum += at[share * seqs * sums->wide];
	return sum;
}

INLINE void scan_steps(const int seqs, const struct Scan* p) {
	const int d = p->step.d, h = p->step.h, s = p->step.s, before = p->step.before, first = (int)blockIdx.x * seqs;
	const int recurrent = before ? 2 * d : 3 * d; // columns of a product with the state
	float* memory = SCAN_MEMORY();
	float* const start = memory;
	const struct Vector stoch = vector(seqs, s, &memory), in = vector(seqs, h, &memory), post = vector(seqs, h, &memory);
	const struct Vector deter = vector(seqs, d, &memory), reset = vector(seqs, d, &memory), gh = vector(seqs, 3 * d, &memory);
	struct Sums sums = {memory, 0, 0};
	clear(start, memory);
	const struct Weights none = {0, 0, 0, 0};

	for (int t = 0; t < p->step.t; t++) {
		const int64_t row = (int64_t)t * p->step.b + first;
		multiply(seqs, stoch, s, p->step.stoch, h, none, 0, &sums);
		SYNC();
		OVER(h) {
			const float v = activate(p->step.act, HERE(p->in, j) + total(seqs, &sums, i, j) + p->inB[j]);
			HERE(p->in, j) = in.at[i * in.lead + j] = v;
		}
		SYNC();

		multiply(seqs, in, h, p->step.gate, 3 * d, none, 0, &sums);
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
			multiply(seqs, reset, d, p->step.fresh, d, none, 0, &sums);
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

		// What the next step makes of the state goes with what the posterior does.
		const int ahead = t + 1 < p->step.t ? recurrent : 0;
		multiply(seqs, deter, d, p->step.state, h, p->step.recur, ahead, &sums);
		SYNC();
		OVER(h) {
			const float v = activate(p->step.act, HERE(p->post, j) + total(seqs, &sums, i, j) + p->postB[j]);
			HERE(p->post, j) = post.at[i * post.lead + j] = v;
		}
		OVER(ahead) gh.at[i * gh.lead + j] = total(seqs, &sums, i, scan_padded(h) + j);
		SYNC();

		multiply(seqs, post, h, p->step.out, 2 * s, none, 0, &sums);
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
