// Package device is memory and kernels for learning, behind one interface:
// purego (the reference, no C), cpu (oneDNN and OpenBLAS), and room for cuda.
// Everything is float32, row-major; images are NHWC. A Device belongs to one
// goroutine at a time. Shapes are the caller's promise: kernels panic on a
// buffer that is too short, a programmer's mistake.
package device

import "fmt"

// Buffer is a run of float32 in a device's memory. On a CPU Host is that
// memory itself; on an accelerator it is nil and Addr is a device address.
type Buffer struct {
	Addr uintptr
	Len  int
	Host []float32
}

// Slice is the run [lo, hi) of b. It shares b's memory and must not be freed.
func (b Buffer) Slice(lo, hi int) Buffer {
	if lo < 0 || hi < lo || hi > b.Len {
		panic(fmt.Sprintf("device: slice [%d, %d) of a buffer of %d", lo, hi, b.Len))
	}
	s := Buffer{Addr: b.Addr + 4*uintptr(lo), Len: hi - lo}
	if b.Host != nil {
		s.Host = b.Host[lo:hi:hi]
	}
	return s
}

// Mat views the start of b as rows×cols without gaps.
func (b Buffer) Mat(rows, cols int) Mat {
	return Mat{Buffer: b, Rows: rows, Cols: cols, Stride: cols}
}

// Device computes. See the embedded interfaces for its kernels.
type Device interface {
	Memory
	Dense
	Normaliser
	Conv
	Recurrent
	Gaussian
	Optimiser
	Sampler
	Step
	Name() string // such as "cpu (oneDNN 2.6.3, 2 threads)"
	Close() error
}

// Metered is a device with memory of its own, which other programs use, too.
type Metered interface {
	// MemoryLeft is how many bytes of the device's memory nobody has taken, and
	// how many there are. An error is a failure of the device.
	MemoryLeft() (free, total int64, err error)
}

// Memory moves numbers. Upload and Download may return before a copy is done
// only if the host slice can be reused at once.
type Memory interface {
	Alloc(n int) (Buffer, error) // zeroed
	Free(Buffer)
	Upload(dst Buffer, src []float32) error
	Download(dst []float32, src Buffer) error
	UploadPixels(dst Buffer, src []uint8) error // dst = src/255 − 0.5
	// UploadLevels cuts src to its upper bits (1 to 8) and spreads each of the
	// 2^bits levels evenly over its share of [−0.5, 0.5) (PlaNet's preprocessing;
	// Kingma & Dhariwal 2018, arXiv:1807.03039): dst = (⌊src/2^(8−bits)⌋ + u)/2^bits − 0.5,
	// u of dst[i] in [0, 1) being the same number for equal seed and i on every
	// device. Seed 0 means no chance: u = ½.
	UploadLevels(dst Buffer, src []uint8, bits int, seed uint64) error
	Copy(dst, src Buffer) // equal lengths
	Fill(dst Buffer, v float32)
	Axpy(alpha float32, x, y Buffer) // y += alpha·x
	Sync() error                     // waits; reports any failure since the last Sync
}

// Activation is fused behind dense and convolution layers. Its derivative can
// be had from its value, so that only the output need be kept.
type Activation uint8

const (
	Identity Activation = iota
	ReLU
	ELU // x or eˣ−1
	Sigmoid
	Tanh
)

// Mat is a Rows×Cols view with a row stride into a Buffer, from Offset on.
type Mat struct {
	Buffer
	Offset, Rows, Cols, Stride int
}

// RowRange is the view of rows [lo, hi) of m.
func (m Mat) RowRange(lo, hi int) Mat {
	m.Offset += lo * m.Stride
	m.Rows = hi - lo
	return m
}

// ColRange is the view of columns [lo, hi) of m.
func (m Mat) ColRange(lo, hi int) Mat {
	m.Offset += lo
	m.Cols = hi - lo
	return m
}

// Dense has the kernels of fully connected layers.
type Dense interface {
	// Gemm: c = alpha·op(a)·op(b) + beta·c.
	Gemm(transA, transB bool, alpha float32, a, b Mat, beta float32, c Mat)
	// BiasAct: y = act(y + bias) row by row, in place; bias (Cols) may have Len 0.
	BiasAct(act Activation, bias Buffer, y Mat)
	// ActBackward: dpre = dy ∘ act′, act′ from the output y. dpre may be dy.
	ActBackward(act Activation, y, dy, dpre Mat)
	// ColSum: out (Cols) = beta·out + Σ_rows x.
	ColSum(x Mat, beta float32, out Buffer)
	// CopyMat copies between equally shaped views; AddMat adds: dst += src.
	CopyMat(dst, src Mat)
	AddMat(dst, src Mat)
	// MulRows: dst = beta·dst + src ∘ scale, the product with a diagonal matrix
	// that the chain rule puts behind every activation. With R = dst.Rows, row i
	// of dst takes row i mod src.Rows of src and row i/(R/scale.Rows) of scale:
	// both row counts divide R, so that one Jacobian block serves a batch of
	// points and one point's derivative serves every row of its Jacobian.
	// dst may be src. With beta 0 what dst held is not read.
	MulRows(src, scale Mat, beta float32, dst Mat)
}

// ConvShape is a square-kernel convolution without padding, from H×W×In to
// OutH×OutW×Out. A transposed convolution is described by the convolution it
// reverses: it maps OutH×OutW×Out to H×W×In.
type ConvShape struct {
	N, H, W, In    int
	Out, K, Stride int
}

// OutH is (H−K)/Stride + 1.
func (s ConvShape) OutH() int { return (s.H-s.K)/s.Stride + 1 }

// OutW is (W−K)/Stride + 1.
func (s ConvShape) OutW() int { return (s.W-s.K)/s.Stride + 1 }

// Conv has convolutions and transposed convolutions with bias and activation.
// Weights are K×K×In×Out in both directions. dx may have Len 0: not wanted.
// Gradients dw and db are overwritten.
type Conv interface {
	Conv(s ConvShape, act Activation, x, w, b, y Buffer)
	ConvBackward(s ConvShape, act Activation, x, w, y, dy, dx, dw, db Buffer)
	// Deconv maps x (N×OutH×OutW×Out) to y (N×H×W×In), bias b (In). H and W may
	// exceed (OutH−1)·Stride+K; what no kernel reaches is act(b).
	Deconv(s ConvShape, act Activation, x, w, b, y Buffer)
	DeconvBackward(s ConvShape, act Activation, x, w, y, dy, dx, dw, db Buffer)
}

// Recurrent has the GRU cell in two forms. With gx = W x + bᵢ (n×3u, columns z, r,
// n), both are h′ = z∘h + (1−z)∘n. Reset-after (Keras, torch.nn.GRUCell) is one
// kernel: with gh = U h + b_r (n×3u), z = σ(gx_z+gh_z), r = σ(gx_r+gh_r),
// n = tanh(gx_n + r∘gh_n). Reset-before (Cho et al. 2014, arXiv:1406.1078;
// TensorFlow's GRUBlockCell) has a product in its middle: n = tanh(gx_n + U_n(r∘h)).
type Recurrent interface {
	// GRU fills next (n×u) and gates (n×3u: z, r, n), kept for the gradient.
	GRU(gx, gh, h, next, gates Mat)
	// GRUBackward: from dnext fills dgx, dgh (n×3u) and dh (n×u, the direct
	// path z∘dnext only; the path through gh is the caller's Gemm).
	GRUBackward(gates, gh, h, dnext, dgx, dgh, dh Mat)

	// GRUGates begins the reset-before cell: with gh = U h of the columns z, r
	// (n×2u) it fills those of gates, and reset = r∘h (n×u).
	GRUGates(gx, gh, h, gates, reset Mat)
	// GRUBlend ends it: with gn = U_n·reset (n×u) it fills column n of gates, and next.
	GRUBlend(gx, gn, h, next, gates Mat)
	// GRUBlendBackward fills the columns z and n of dgx from dnext, and
	// dh = z∘dnext. The gradient of gn is column n of dgx.
	GRUBlendBackward(gates, h, dnext, dgx, dh Mat)
	// GRUGatesBackward fills column r of dgx from dreset and adds r∘dreset to
	// dh. The gradient of gh is columns z, r of dgx.
	GRUGatesBackward(gates, h, dreset, dgx, dh Mat)
}

// Gaussian has diagonal Gaussians with std = softplus(raw) + minStd.
type Gaussian interface {
	// Normal splits raw (n×2d: mean, raw std) into mean, std (n×d) and, if eps
	// has rows, sample = mean + std∘eps.
	Normal(raw Mat, minStd float32, eps, mean, std, sample Mat)
	// NormalBackward adds nothing: draw (n×2d) = gradient with respect to raw of
	// whatever sent back dmean, dstd and dsample (each may have no rows).
	NormalBackward(raw, eps, dmean, dstd, dsample, draw Mat)
	// KL fills out (n) with KL(N(m1,s1) ‖ N(m2,s2)) summed over the columns.
	KL(m1, s1, m2, s2 Mat, out Buffer)
	// KLBackward: gradients of Σ_i w·KL_i, w a scalar; each may have no rows.
	KLBackward(w float32, m1, s1, m2, s2, dm1, ds1, dm2, ds2 Mat)
	// KLBackwardRows: gradients of Σ_i w_i·KL_i, w n numbers.
	KLBackwardRows(w Buffer, m1, s1, m2, s2, dm1, ds1, dm2, ds2 Mat)
	// SquaredError returns ½·Σ (x−y)² and, if diff has Len > 0, diff = w·(x−y).
	SquaredError(x, y Buffer, w float32, diff Buffer) float64
}

// Optimiser has what a training step needs at its end.
type Optimiser interface {
	SumSquares(x Buffer) float64
	// Adam at step t ≥ 1 as Keras arranges it, g scaled by gscale first:
	// p −= lr·√(1−β₂ᵗ)/(1−β₁ᵗ)·m/(√v + eps).
	Adam(p, g, m, v Buffer, gscale, lr, beta1, beta2, eps float32, t int)
}
