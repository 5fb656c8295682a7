// The scan backward: products with transposed matrices are dot products with their
// rows. Teams of lanes, at most a warp, read rows side by side; what the lanes have is
// added in a tree.

#include "scan.cuh"

enum { SCAN_LINES = 7 }; // rows that a team has on their way at once: 200 rows are 2·7 for 16 warps

// Team is the lanes that share a row, a power of two of them: as many as there are
// quads, at most a warp.
struct Team {
	int lane, lanes;
	int rank, teams;
};

INLINE struct Team team_of(int cols) {
	struct Team t;
	int bits = 0;
	while (bits < 5 && 4 << bits < cols) bits++;
	t.lanes = 1 << bits;
	t.lane = (int)threadIdx.x & (t.lanes - 1);
	t.rank = (int)threadIdx.x >> bits;
	t.teams = SCAN_THREADS >> bits;
	return t;
}

// fetch_lines reads a lane's quad, from column col on, of the rows from, from+teams, …
INLINE void fetch_lines(const struct Weights* w, int rows, int cols, struct Team t, int from, int col, float4 a[SCAN_LINES]) {
	const float* at = w->at + from * w->stride + col;
	if (w->vector) {
		UNROLL for (int r = 0; r < SCAN_LINES; r++) {
			if (from + r * t.teams < rows && col < cols) a[r] = *(const float4*)(at + r * t.teams * w->stride);
		}
	} else {
		UNROLL for (int r = 0; r < SCAN_LINES; r++) {
			if (from + r * t.teams < rows && col < cols) a[r] = quad(0, at + r * t.teams * w->stride, cols - col);
		}
	}
}

// fetch_first asks for the first lines of a product with the transpose of w.
INLINE void fetch_first(const struct Weights* w, int rows, int cols, float4 a[SCAN_LINES]) {
	const struct Team t = team_of(cols);
	fetch_lines(w, rows, cols, t, t.rank, 4 * t.lane, a);
}

// dots is x·wᵀ, w of rows×cols, whose first lines have been fetched. SYNC comes
// behind it.
INLINE void dots(const int seqs, const struct Weights* w, int rows, int cols, struct Vector x, struct Vector to, float4 a[SCAN_LINES]) {
	const struct Team t = team_of(cols);
	for (int lo = 0; lo < rows; lo += SCAN_LINES * t.teams) {
		const int from = lo + t.rank;
		float sum[SCAN_LINES][MOST_SEQUENCES];
		UNROLL for (int r = 0; r < SCAN_LINES; r++) sum[r][0] = sum[r][1] = 0.0f;
		for (int col = 4 * t.lane; col < cols; col += 4 * t.lanes) {
			if (lo > 0 || col >= 4 * t.lanes) fetch_lines(w, rows, cols, t, from, col, a);
			UNROLL for (int i = 0; i < seqs; i++) {
				const float4 b = quad(w->vector, x.at + i * x.lead + col, cols - col);
				UNROLL for (int r = 0; r < SCAN_LINES; r++) {
					if (from + r * t.teams < rows) sum[r][i] += a[r].x * b.x + a[r].y * b.y + a[r].z * b.z + a[r].w * b.w;
				}
			}
		}
		for (int apart = t.lanes / 2; apart > 0; apart /= 2) {
			UNROLL for (int r = 0; r < SCAN_LINES; r++) {
				UNROLL for (int i = 0; i < seqs; i++) sum[r][i] += shuffle_xor(sum[r][i], apart);
			}
		}
		if (t.lane > 0) continue;
		UNROLL for (int r = 0; r < SCAN_LINES; r++) {
			UNROLL for (int i = 0; i < seqs; i++) {
				if (from + r * t.teams < rows) to.at[i * to.lead + from + r * t.teams] = sum[r][i];
			}
		}
	}
}

INLINE void scan_steps_back(const int seqs, const struct ScanBackward* p) {
	const int d = p->step.d, h = p->step.h, s = p->step.s, before = p->step.before, first = (int)blockIdx.x * seqs;
	const int recurrent = before ? 2 * d : 3 * d; // columns of a product with the state
	float* memory = SCAN_MEMORY();
	float* const start = memory;
	// dstoch and carried reach s_t and h_t from the step behind, carried by what back
	// is: dgh, or where reset-before dgx. direct is what passes the products by.
	const struct Vector dstoch = room_for(seqs, s, &memory), draw = room_for(seqs, 2 * s, &memory), dpost = room_for(seqs, h, &memory);
	const struct Vector din = room_for(seqs, h, &memory), dgx = room_for(seqs, 3 * d, &memory), dgh = room_for(seqs, 3 * d, &memory);
	const struct Vector dnext = room_for(seqs, d, &memory), direct = room_for(seqs, d, &memory), carried = room_for(seqs, d, &memory);
	const struct Vector fresh = {dgx.at + 2 * d, dgx.lead}, back = {dgx.at + (before ? 0 : seqs * dgx.lead), dgx.lead};
	float4 a[SCAN_LINES];
	fetch_first(&p->step.out, h, 2 * s, a);
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
		dots(seqs, &p->step.out, h, 2 * s, draw, dpost, a);
		fetch_first(&p->step.state, d, h, a);
		SYNC();
		OVER(h) {
			float* x = dpost.at + i * dpost.lead + j;
			HERE(p->dpost, j) = *x = derive(p->step.act, HERE(p->post, j), *x);
		}
		SYNC();
		dots(seqs, &p->step.state, d, h, dpost, dnext, a);
		if (before) fetch_first(&p->step.fresh, d, d, a);
		else fetch_first(&p->step.gate, h, 3 * d, a);
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
			dots(seqs, &p->step.fresh, d, d, fresh, dnext, a);
			fetch_first(&p->step.gate, h, 3 * d, a);
			SYNC();
			OVER(d) {
				const float r = HERE(p->gates, d + j), dreset = dnext.at[i * dnext.lead + j];
				const float old = t > 0 ? p->deter.at[(earlier + i) * p->deter.stride + j] : 0.0f;
				HERE(p->dgx, d + j) = dgx.at[i * dgx.lead + d + j] = dreset * old * r * (1.0f - r);
				direct.at[i * direct.lead + j] += dreset * r;
			}
			SYNC();
		}

		dots(seqs, &p->step.gate, h, 3 * d, dgx, din, a);
		if (t > 0) {
			fetch_first(&p->step.recur, d, recurrent, a);
			dots(seqs, &p->step.recur, d, recurrent, back, carried, a);
			fetch_first(&p->step.stoch, s, h, a);
		}
		SYNC();
		OVER(h) {
			float* x = din.at + i * din.lead + j;
			HERE(p->din, j) = *x = derive(p->step.act, HERE(p->in, j), *x);
		}
		OVER(d) carried.at[i * carried.lead + j] += direct.at[i * direct.lead + j];
		SYNC();
		if (t > 0) {
			dots(seqs, &p->step.stoch, s, h, din, dstoch, a);
			fetch_first(&p->step.out, h, 2 * s, a);
		}
		SYNC();
	}
}

BLOCK_KERNEL(scan_backward, ScanBackward, SCAN_THREADS, 1) { scan_steps_back(1, &p); }
BLOCK_KERNEL(scan_backward_pair, ScanBackward, SCAN_THREADS, 1) { scan_steps_back(2, &p); }
