package purego

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"

	"github.com/latco-studio/latco/learning/device"
)

// general views m for gonum.
func general(m device.Mat) blas32.General {
	return blas32.General{Rows: m.Rows, Cols: m.Cols, Stride: m.Stride, Data: m.Host[m.Offset:]}
}

func transpose(t bool) blas.Transpose {
	if t {
		return blas.Trans
	}
	return blas.NoTrans
}

// Gemm is c = alpha·op(a)·op(b) + beta·c.
func (*Device) Gemm(transA, transB bool, alpha float32, a, b device.Mat, beta float32, c device.Mat) {
	if c.Rows == 0 || c.Cols == 0 {
		return
	}
	blas32.Gemm(transpose(transA), transpose(transB), alpha, general(a), general(b), beta, general(c))
}

// BiasAct is y = act(y + bias), in place.
func (*Device) BiasAct(act device.Activation, bias device.Buffer, y device.Mat) {
	if bias.Len > 0 {
		same("BiasAct", bias.Len, y.Cols)
	}
	for i := range y.Rows {
		r := row(y, i)
		for j, b := range bias.Host {
			r[j] += b
		}
		activate(act, r)
	}
}

// ActBackward is dpre = dy ∘ act′(y).
func (*Device) ActBackward(act device.Activation, y, dy, dpre device.Mat) {
	sameShape("ActBackward", y, dy)
	sameShape("ActBackward", y, dpre)
	for i := range y.Rows {
		derive(act, row(y, i), row(dy, i), row(dpre, i))
	}
}

// ColSum is out = beta·out + Σ_rows x.
func (*Device) ColSum(x device.Mat, beta float32, out device.Buffer) {
	same("ColSum", x.Cols, out.Len)
	for j := range out.Host {
		if beta == 0 {
			out.Host[j] = 0
		} else {
			out.Host[j] *= beta
		}
	}
	for i := range x.Rows {
		for j, v := range row(x, i) {
			out.Host[j] += v
		}
	}
}

// CopyMat copies src to dst.
func (*Device) CopyMat(dst, src device.Mat) {
	sameShape("CopyMat", dst, src)
	for i := range dst.Rows {
		copy(row(dst, i), row(src, i))
	}
}

// AddMat is dst += src.
func (*Device) AddMat(dst, src device.Mat) {
	sameShape("AddMat", dst, src)
	for i := range dst.Rows {
		d := row(dst, i)
		for j, v := range row(src, i) {
			d[j] += v
		}
	}
}

// MulRows is dst = beta·dst + src ∘ scale with repeated rows.
func (*Device) MulRows(src, scale device.Mat, beta float32, dst device.Mat) {
	if src.Rows == 0 || scale.Rows == 0 || dst.Rows%src.Rows != 0 || dst.Rows%scale.Rows != 0 ||
		src.Cols != dst.Cols || scale.Cols != dst.Cols {
		panic(fmt.Sprintf("purego: MulRows of %d×%d and %d×%d into %d×%d",
			src.Rows, src.Cols, scale.Rows, scale.Cols, dst.Rows, dst.Cols))
	}
	each := dst.Rows / scale.Rows
	for i := range dst.Rows {
		d, x, s := row(dst, i), row(src, i%src.Rows), row(scale, i/each)
		for j, v := range x {
			p := v * s[j]
			if beta != 0 {
				p += beta * d[j]
			}
			d[j] = p
		}
	}
}

// activate is x = act(x).
func activate(act device.Activation, x []float32) {
	switch act {
	case device.Identity:
	case device.ReLU:
		for i, v := range x {
			if v < 0 { // keeps NaN
				x[i] = 0
			}
		}
	case device.ELU:
		for i, v := range x {
			if v < 0 {
				x[i] = float32(math.Expm1(float64(v)))
			}
		}
	case device.Sigmoid:
		for i, v := range x {
			x[i] = sigmoid(v)
		}
	case device.Tanh:
		for i, v := range x {
			x[i] = float32(math.Tanh(float64(v)))
		}
	default:
		panic(fmt.Sprintf("purego: unknown activation %d", act))
	}
}

// derive is dpre = dy ∘ act′ with the derivative expressed by y = act(x).
func derive(act device.Activation, y, dy, dpre []float32) {
	switch act {
	case device.Identity:
		copy(dpre, dy)
	case device.ReLU:
		for i, v := range y {
			if v > 0 {
				dpre[i] = dy[i]
			} else {
				dpre[i] = 0
			}
		}
	case device.ELU:
		for i, v := range y {
			if v > 0 {
				dpre[i] = dy[i]
			} else {
				dpre[i] = dy[i] * (v + 1)
			}
		}
	case device.Sigmoid:
		for i, v := range y {
			dpre[i] = dy[i] * v * (1 - v)
		}
	case device.Tanh:
		for i, v := range y {
			dpre[i] = dy[i] * (1 - v*v)
		}
	default:
		panic(fmt.Sprintf("purego: unknown activation %d", act))
	}
}

func sigmoid(x float32) float32 { return float32(1 / (1 + math.Exp(-float64(x)))) }
