// The sizes of tiles. Where results are many, a large tile reads every factor
// seldom; where they are few, small ones give every multiprocessor something to do.
#ifndef LATCO_TILES_CUH
#define LATCO_TILES_CUH

#include "pixels.cuh"

// TENSOR 1 multiplies by tensor cores; kernels then have names of their own.
#ifndef TENSOR
#define TENSOR 0
#endif
#if TENSOR
#define NAMED(name) name##_tf32
#define STEP 16
#else
#define NAMED(name) name
#define STEP 8
#endif

// 64 results a thread, two blocks a multiprocessor.
#define TILE large
#define BM 128
#define BN 128
#define BK STEP
#define QM 2
#define QN 2
#define KG 1
#define WARPS 2
#define QUADS 1
#include "product.cuh"

// 64 columns.
#define TILE tall
#define BM 128
#define BN 64
#define BK STEP
#define QM 2
#define QN 1
#define KG 1
#define WARPS 4
#define QUADS 1
#include "product.cuh"

// 32 columns.
#define TILE narrow
#define BM 128
#define BN 32
#define BK 16
#define QM 2
#define QN 1
#define KG 1
#define WARPS 4
#define QUADS 0
#include "product.cuh"

// An image of three channels: twelve columns, in four phases.
#define TILE slim
#define BM 256
#define BN 16
#define BK STEP
#define QM 2
#define QN 1
#define KG 1
#define WARPS 4
#define QUADS 0
#include "product.cuh"

// Products of some hundred rows and columns.
#define TILE medium
#define BM 64
#define BN 64
#define BK 16
#define QM 2
#define QN 1
#define KG 1
#define WARPS 2
#define QUADS 0
#include "product.cuh"

// Few weights, whose sums are long.
#define TILE little
#define BM 64
#define BN 32
#define BK 8
#define QM 2
#define QN 1
#define KG 4
#define WARPS 2
#define QUADS 0
#include "product.cuh"

// Latency: eight warps divide the depth of one small tile, so that the product of
// a time step (50×200×600) spreads over the card and ends after a few steps.
#define TILE small
#define BM 32
#define BN 32
#define BK 8
#define QM 2
#define QN 1
#define KG 8
#define WARPS 1
#define QUADS 0
#include "product.cuh"

#endif
