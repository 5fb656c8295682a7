// A panel of the blocked Cholesky factorisation of every block that a stage
// eliminates, 32 columns of its stack. A thread block brings the diagonal tile and
// PANEL_ROWS rows below it up to date with the panels before (the tile is every
// thread block's own business, so that a panel is one launch), factors the tile and
// solves its rows. Included once a size, with
//
//	PANEL_ROWS   rows of a thread block
//	PANEL_QUADS  a thread computes 4·PANEL_QUADS × 4 results of the update

#define ROWS_HERE (PANEL_ROWS + 32)
#define LD (ROWS_HERE + 4)
#define THREADS (2 * ROWS_HERE / PANEL_QUADS)
#define PASSES (8 * ROWS_HERE / THREADS)
#define RESULT_ROW(i) (row + (i) / 4 * (THREADS / 2) + (i) % 4)

// grid (row tiles, blocks of the stage, plans).
BLOCK_KERNEL(JOIN(chain_panel_, PANEL_ROWS), Chain, THREADS, 512 / THREADS) {
	SHARED ALIGNED float room[2 * 32 * LD]; // two steps of the update, then the tiles
	SHARED ALIGNED float unit[32 * UNIT];
	SHARED float scale[32];
	const int t = eliminated(&p, (int)blockIdx.y), plan = (int)blockIdx.z, thread = (int)threadIdx.x;
	const struct Panel g = panel_of(&p, plan, t, PANEL_ROWS);
	if (blockIdx.x > 0 && g.first >= g.rows) return;
	const int row = thread / 8 * 4, col = thread % 8 * 4;
	ALIGNED float sum[4 * PANEL_QUADS][4]; // what the panels before leave, negative
	UNROLL for (int i = 0; i < 4 * PANEL_QUADS; i++) {
		const float4 v = panel_load(&p, &g, RESULT_ROW(i), g.diagonal + col);
		*(float4*)sum[i] = make_float4(-v.x, -v.y, -v.z, -v.w);
	}
	float4 next[PASSES];
	ROLL for (int q = -1; q < p.tile; q++) { // the first only fetches
		float *now = room + (q & 1) * 32 * LD, *then = room + (1 - (q & 1)) * 32 * LD;
		if (q + 1 < p.tile) {
			UNROLL for (int i = 0; i < PASSES; i++) {
				const int e = thread + i * THREADS, k = e % 2 + e / (2 * ROWS_HERE) * 2;
				next[i] = panel_load(&p, &g, e / 2 % ROWS_HERE, 32 * (q + 1) + 4 * k);
			}
		}
		if (q >= 0) {
			UNROLL for (int k = 0; k < 32; k++) {
				ALIGNED float x[4 * PANEL_QUADS];
				ALIGNED float y[4];
				UNROLL for (int i = 0; i < 4 * PANEL_QUADS; i += 4) *(float4*)(x + i) = *(const float4*)(now + k * LD + RESULT_ROW(i));
				*(float4*)y = *(const float4*)(now + k * LD + col);
				UNROLL for (int i = 0; i < 4 * PANEL_QUADS; i++) {
					UNROLL for (int j = 0; j < 4; j++) sum[i][j] += x[i] * y[j];
				}
			}
		}
		if (q + 1 < p.tile) {
			UNROLL for (int i = 0; i < PASSES; i++) {
				const int e = thread + i * THREADS, k = e % 2 + e / (2 * ROWS_HERE) * 2;
				float* to = then + 4 * k * LD + e / 2 % ROWS_HERE;
				to[0] = next[i].x;
				to[LD] = next[i].y;
				to[2 * LD] = next[i].z;
				to[3 * LD] = next[i].w;
			}
		}
		SYNC();
	}
	UNROLL for (int i = 0; i < 4 * PANEL_QUADS; i++) {
		float* to = room + RESULT_ROW(i) * TILE_LD + col;
		UNROLL for (int j = 0; j < 4; j++) to[j] = -sum[i][j];
	}
	SYNC();
	if (thread < 32) panel_factor(p.n - g.diagonal, room, unit, scale);
	SYNC();
	if (thread < ROWS_HERE && (thread >= 32 || blockIdx.x == 0)) panel_solve(&p, &g, thread, room + thread * TILE_LD, unit, scale);
	SYNC();
	ROLL for (int e = thread; e < ROWS_HERE * 32; e += THREADS) panel_store(&p, &g, e / 32, e % 32, room[e / 32 * TILE_LD + e % 32]);
}

#undef ROWS_HERE
#undef LD
#undef THREADS
#undef PASSES
#undef RESULT_ROW
#undef PANEL_ROWS
#undef PANEL_QUADS
