// The argument of every kernel. params.go has the same structs: addresses and
// 64-bit numbers first, so that neither language pads between fields.
#ifndef LATCO_PARAMS_H
#define LATCO_PARAMS_H

// Activation as in package device.
enum { IDENTITY, RELU, ELU, SIGMOID, TANH };

// Quotient divides numbers below 2³¹ by a constant, without a division.
struct Quotient {
	uint32_t multiplier, shift;
};

// View is a matrix: its first element and elements from row to row.
struct View {
	float* at;
	int64_t stride;
};

// Operand is a factor of a matrix product. Its elements are those of x, times
// the derivative of act at y where y is not NULL.
struct Operand {
	const float* x;
	const float* y;  // the activation's output, laid out as x
	int64_t stride;  // elements from row to row; of a matrix only
	int32_t act;
	int32_t vector;  // four elements of a row are aligned to 16 bytes
};

// Result is what becomes of a product: c = act(alpha·product + beta·c + bias), or,
// where out is not NULL, (alpha·product + beta·c) ∘ act′, act′ from the
// activation's output out. A product that is split over the blocks' z stores its
// parts one behind the other in parts instead, for sum_parts.
struct Result {
	float* c;
	const float* bias; // one a column, or NULL
	float* parts;      // or NULL
	const float* out;  // or NULL
	int64_t stride, outStride;
	float alpha, beta;
	int32_t act;
	int32_t vector; // four columns of c (and bias and out) are aligned to 16 bytes
};

// Gemm: c (m×n) from a (m×k) and b (k×n), either one transposed.
struct Gemm {
	struct Operand a, b;
	struct Result c;
	int32_t m, n, k;
	int32_t depth; // of k, for one z of the grid; a multiple of the kernel's step
};

// Geometry is a convolution of stride s from H×W×In to OutH×OutW×Out.
struct Geometry {
	int32_t h, w, in, outH, outW, out, k, s;
	int32_t aH, aW; // ⌈h/s⌉, ⌈w/s⌉
	int32_t images, side; // N, and how many of them lie side by side (position in operand.cuh)
	int32_t merged; // all s² phases of the image are columns of one product
	int32_t pad;
	struct Quotient byRun;                  // k·in
	struct Quotient byOutW, byPositions;    // outW, outH·outW
	struct Quotient byOut, byAW, byA;       // out, aW, aH·aW
	struct Quotient byIn, byS, bySide;      // in, s, side
};

// Convolution is a product whose factors are gathered from images.
struct Convolution {
	struct Operand a, b;
	struct Result c;
	struct Geometry g;
	int32_t m, n, k, depth;
};

// SumParts adds `parts` matrices m×n and finishes the product.
struct SumParts {
	struct Result c;
	int32_t m, n, parts, pad;
};

// Rows is one pass over a matrix.
struct BiasAct {
	struct View y;
	const float* bias; // or NULL
	int32_t rows, cols, act, pad;
};
struct ActBackward {
	struct View y, dy, dpre;
	int32_t rows, cols, act, pad;
};
struct ColSum {
	struct Operand x;
	float* out;   // rows of partial sums, or the sums
	float beta;
	int32_t rows, cols;
	int32_t each; // rows a block adds
	int32_t wide, pad; // columns a block adds
};
struct CopyRows { // also AddMat
	struct View dst, src;
	int32_t rows, cols;
};
struct MulRows {
	struct View src, scale, dst;
	int32_t rows, cols, srcRows, each; // rows of dst a row of scale serves
	float beta;
	int32_t pad;
};

struct Fill {
	float* x;
	int64_t n;
	float value;
	int32_t pad;
};
struct Axpy {
	const float* x;
	float* y;
	int64_t n;
	float alpha;
	int32_t pad;
};
struct Levels {
	const uint8_t* pixels;
	float* out;
	int64_t n;
	uint64_t seed;
	int32_t bits, pad;
};

struct Gru {
	struct View gx, gh, h, next, gates;
	int32_t n, u;
};
struct GruBackward {
	struct View gates, gh, h, dnext, dgx, dgh, dh;
	int32_t n, u;
};
struct GruGates {
	struct View gx, gh, h, gates, reset;
	int32_t n, u;
};
struct GruBlend {
	struct View gx, gn, h, next, gates;
	int32_t n, u;
};
struct GruBlendBackward {
	struct View gates, h, dnext, dgx, dh;
	int32_t n, u;
};
struct GruGatesBackward {
	struct View gates, h, dreset, dgx, dh;
	int32_t n, u;
};

struct Normal {
	struct View raw, eps, mean, std, sample; // eps may be NULL
	int32_t n, d;
	float minStd;
	int32_t pad;
};
struct NormalBackward {
	struct View raw, eps, dmean, dstd, dsample, draw; // the gradients may be NULL
	int32_t n, d;
};
struct Divergence {
	struct View m1, s1, m2, s2;
	float* out;
	int32_t n, d;
};
struct DivergenceBackward {
	struct View m1, s1, m2, s2, dm1, ds1, dm2, ds2; // the gradients may be NULL
	const float* weights; // one a row, or NULL
	int32_t n, d;
	float weight;
	int32_t pad;
};

// SquaredError: out has room for a double a block.
struct SquaredError {
	const float* x;
	const float* y;
	float* diff; // or NULL
	double* parts;
	int64_t n;
	float weight;
	int32_t pad;
};
struct SumSquares {
	const float* x;
	double* parts;
	int64_t n;
};
// SumDoubles: Σ parts, times scale, or its root; as float64, float32 or both.
struct SumDoubles {
	const double* parts;
	double* out;  // or NULL
	float* small; // or NULL
	int64_t n;
	double scale;
	int32_t root, pad;
};

// Tensor is one of many that a kernel walks in blocks of 4096 numbers.
struct Tensor {
	float* p;
	const float* g;
	float* m;
	float* v;
	int64_t n;
};

// Tensors is a table of them: tensor i has the blocks from first[i] on.
enum { MOST_TENSORS = 64, BLOCK_NUMBERS = 4096 };
struct Tensors {
	struct Tensor t[MOST_TENSORS];
	int32_t first[MOST_TENSORS];
	int32_t count, pad;
};
struct TensorSquares {
	struct Tensors all;
	double* parts; // of every block one
};

// Adam: rate and norm lie in device memory, so that a recorded step can be
// repeated, or are NULL: then the step is lr and scale.
struct Adam {
	struct Tensors all;
	const float* rate;  // lr·√(1−β₂ᵗ)/(1−β₁ᵗ)
	const float* norm;  // of the gradient
	const float* guard; // nothing changes unless all of it is finite
	int32_t guards;
	float clip;
	float lr, scale;
	float beta1, beta2, eps;
	int32_t pad;
};

struct Scale {
	const float* by; // one number
	float* x;
	int64_t n;
};

#endif
