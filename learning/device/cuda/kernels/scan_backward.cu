// The scan backward: products with transposed matrices are dot products with their
// rows. Teams of lanes, at most a warp, read rows side by side; what the lanes have is
// added in a tree.

#include "scan.cuh"

// lanes_for is how many lanes share a row of that many quads.
INLINE int lanes_for(int quads) {
	int lanes = 1;
	while (lanes < 32 && lanes < quads) lanes *= 2;
	return lanes;
}

// scan_dots adds the products of columns `lane`, `lane`+lanes, … (quads of them) of
// rows from, from+teams, … with x.
INLINE void scan_dots(const int seqs, const int vector, struct Weights w, int rows, int cols, struct Vector x, int from, int teams,
					  int lane, int lanes, float sum[SCAN_LINES][MOST_SEQUENCES]) {
	for (int col = 4 * lane; col < cols; col += 4 * lanes) {
		float4 a[SCAN_LINES];
		UNROLL for (int r = 0; r < SCAN_LINES; r++) {
			const int row = from + r * teams;
			a[r] = row < rows ? quad(vector, w.at + row * w.stride + col, cols - col) : make_float4(0.0f, 0.0f, 0.0f, 0.0f);
		}
		UNROLL for (int i = 0; i < seqs; i++) {
			const float4 b = quad(vector, x.at + i * x.lead + col, cols - col);
			UNROLL for (int r = 0; r < SCAN_LINES; r++)
				sum[r][i] += a[r].x * b.x + a[r].y * b.y + a[r].z * b.z + a[r].w * b.w;
		}
	}
}

// dots is x·wᵀ, w of rows×cols. SYNC comes behind it.
INLINE void dots(const int seqs, struct Weights w, int rows, int cols, struct Vector x, struct Vector to) {
	const int lanes = lanes_for((cols + 3) / 4), teams = SCAN_THREADS / lanes;
	const int lane = (int)threadIdx.x % lanes, team = (int)threadIdx.x / lanes;
	for (int lo = 0; lo < rows; lo += SCAN_LINES * teams) {
		float sum[SCAN_LINES][MOST_SEQUENCES] = {{0.0f, 0.0f}, {0.0f, 0.0f}, {0.0f, 0.0f}, {0.0f, 0.0f}};
		if (w.vector) scan_dots(seqs, 1, w, rows, cols, x, lo + team, teams, lane, lanes, sum);
		else scan_dots(seqs, 0, w, rows, cols, x, lo + team, teams, lane, lanes, sum);
		for (int apart = lanes / 2; apart > 0; apart /= 2) {
			UNROLL for (int r = 0; r < SCAN_LINES; r++) {
				UNROLL for (int i = 0; i < seqs; i++) sum[r][i] += shuffle_xor(sum[r][i], apart);
			}
		}
		if (lane > 0) continue;
		UNROLL for (int r = 0; r < SCAN_LINES; r++) {
			UNROLL for (int i = 0; i < seqs; i++) {
				if (lo + team + r * teams < rows) to.at[i * to.lead + lo + team + r * teams] = sum[r][i];
			}
		}
	}
}

INLINE void scan_steps_back(const int seqs, const struct ScanBackward* p) {
	const int d = p->step.d, h = p->step.h, s = p->step.s, before = p->step.before, first = (int)blockIdx.x * seqs;
	const int recurrent = before ? 2 * d : 3 * d; // columns of a product with the state
	float* memory = SCAN_MEMORY();
	float* const start = memory;
	// dstoch and carried reach s_t and h_t from the step behind; direct is what passes
	// the products by.
	const struct Vector dstoch = vector(seqs, s, &memory), draw = vector(seqs, 2 * s, &memory), dpost = vector(seqs, h, &memory);
	const struct Vector din = vector(seqs, h, &memory), dgx = vector(seqs, 3 * d, &memory), dgh = vector(seqs, 3 * d, &memory);
	const struct Vector dnext = vector(seqs, d, &memory), direct = vector(seqs, d, &memory), carried = vector(seqs, d, &memory);
	const struct Vector fresh = {dgx.at + 2 * d, dgx.lead};
	clear(start, memory);

	for (int t = p->step.t - 1; t >= 0; t--) {
		const int64_t row = (int64_t)t * p->step.b + first, earlier = row - p->step.b;
		OVER(s) {
			const float x = dstoch.at[i * dstoch.lead + j] + HERE(p->dstoch, j);
			const float dmean = HERE(p->dmean, j) + x, dstd = HERE(p->dstd, j) + x * HERE(p->noise, j);
			HERE(p->draw, j) = draw.at[i * draw.lead + j] = dmean;
			HERE(p->draw, s + j) = draw.at[i * draw.lead + s + j] = dstd * sigmoid(HERE(p->raw, s + j));
		}
		SYNC();
		dots(seqs, p->step.out, h, 2 * s, draw, dpost);
		SYNC();
		OVER(h) {
			float* x = dpost.at + i * dpost.lead + j;
			HERE(p->dpost, j) = *x = derive(p->step.act, HERE(p->post, j), *x);
		}
		SYNC();
		dots(seqs, p->step.state, d, h, dpost, dnext);
		SYNC();

		OVER(d) {
			const float dh = dnext.at[i * dnext.lead + j] + carried.at[i * carried.lead + j] + HERE(p->ddeter, j);
			const float z = HERE(p->gates, j), r = HERE(p->gates, d + j), n = HERE(p->gates, 2 * d + j);
			const float old = t > 0 ? p->deter.at[(earlier + i) * p->deter.stride + j] : 0.0f;
			const float dz = dh * (old - n) * z * (1.0f - z), dn = dh * (1.0f - z) * (1.0f - n * n);
			float* x = dgx.at + i * dgx.lead + j;
			HERE(p->dgx, j) = x[0] = dz;
			HERE(p->dgx, 2 * d + j) = x[2 * d] = dn;
			direct.at[i * direct.lead + j] = dh * z;
			if (!before) {
				const float dr = dn * HERE(p->side, j) * r * (1.0f - r);
				float* y = dgh.at + i * dgh.lead + j;
				HERE(p->dgx, d + j) = x[d] = dr;
				HERE(p->dgh, j) = y[0] = dz;
				HERE(p->dgh, d + j) = y[d] = dr;
				HERE(p->dgh, 2 * d + j) = y[2 * d] = dn * r;
			}
		}
		SYNC();
		if (before) {
			dots(seqs, p->step.fresh, d, d, fresh, dnext);
			SYNC();
			OVER(d) {
				const float r = HERE(p->gates, d + j), dreset = dnext.at[i * dnext.lead + j];
				const float old = t > 0 ? p->deter.at[(earlier + i) * p->deter.stride + j] : 0.0f;
				HERE(p->dgx, d + j) = dgx.at[i * dgx.lead + d + j] = dreset * old * r * (1.0f - r);
				direct.at[i * direct.lead + j] += dreset * r;
			}
			SYNC();
		}

		dots(seqs, p->step.gate, h, 3 * d, dgx, din);
		if (t > 0) dots(seqs, p->step.recur, d, recurrent, before ? dgx : dgh, carried);
		SYNC();
		OVER(h) {
			float* x = din.at + i * din.lead + j;
			HERE(p->din, j) = *x = derive(p->step.act, HERE(p->in, j), *x);
		}
		OVER(d) carried.at[i * carried.lead + j] += direct.at[i * direct.lead + j];
		SYNC();
		if (t > 0) dots(seqs, p->step.stoch, s, h, din, dstoch);
		SYNC();
	}
}

BLOCK_KERNEL(scan_backward, ScanBackward, SCAN_THREADS, 1) { scan_steps_back(1, &p); }
BLOCK_KERNEL(scan_backward_pair, ScanBackward, SCAN_THREADS, 1) { scan_steps_back(2, &p); }
