//go:build cgo && !purego

package cpu

/*
#cgo noescape cpu_gemm
#cgo nocallback cpu_gemm
#cgo noescape cpu_bias_act
#cgo nocallback cpu_bias_act
#cgo noescape cpu_act_backward
#cgo nocallback cpu_act_backward
#cgo noescape cpu_col_sum
#cgo nocallback cpu_col_sum
#cgo noescape cpu_copy_mat
#cgo nocallback cpu_copy_mat
#cgo noescape cpu_add_mat
#cgo nocallback cpu_add_mat
#cgo noescape cpu_mul_rows
#cgo nocallback cpu_mul_rows
#include "cpu.h"
*/
import "C"

import (
	"errors"
	"fmt"

	"github.com/latco-studio/latco/learning/device"
)

// Gemm is c = alpha·op(a)·op(b) + beta·c.
func (d *Device) Gemm(transA, transB bool, alpha float32, a, b device.Mat, beta float32, c device.Mat) {
	m, k := a.Rows, a.Cols
	if transA {
		m, k = k, m
	}
	kb, n := b.Rows, b.Cols
	if transB {
		kb, n = n, kb
	}
	if k != kb {
		panic(fmt.Sprintf("cpu: Gemm of %d×%d and %d×%d", m, k, kb, n))
	}
	vc := shaped("Gemm", c, m, n)
	if m == 0 || n == 0 {
		return
	}
	va, vb := view("Gemm", a), view("Gemm", b)
	err := status("multiplying matrices", C.cpu_gemm(d.pool, flag(transA), flag(transB),
		C.long(m), C.long(n), C.long(k), C.float(alpha), va.p, va.stride, vb.p, vb.stride,
		C.float(beta), vc.p, vc.stride))
	if err != nil {
		d.fail(err)
	}
}

func flag(b bool) C.int {
	if b {
		return 1
	}
	return 0
}

// BiasAct is y = act(y + bias), in place.
func (d *Device) BiasAct(act device.Activation, bias device.Buffer, y device.Mat) {
	if bias.Len > 0 {
		same("BiasAct", bias.Len, y.Cols)
	}
	C.cpu_bias_act(d.pool, activation(act), floats(bias), flat(view("BiasAct", y), bias.Len == 0))
}

// ActBackward is dpre = dy ∘ act′(y).
func (d *Device) ActBackward(act device.Activation, y, dy, dpre device.Mat) {
	vy := view("ActBackward", y)
	vdy, vdpre := shaped("ActBackward", dy, y.Rows, y.Cols), shaped("ActBackward", dpre, y.Rows, y.Cols)
	gapless := dense(vy) && dense(vdy) && dense(vdpre)
	C.cpu_act_backward(d.pool, activation(act), flat(vy, gapless), flat(vdy, gapless), flat(vdpre, gapless))
}

// ColSum is out = beta·out + Σ_rows x.
func (d *Device) ColSum(x device.Mat, beta float32, out device.Buffer) {
	same("ColSum", x.Cols, out.Len)
	if x.Cols == 0 {
		return
	}
	sums := d.sums.floats(C.CPU_SUM_CHUNKS * x.Cols)
	if sums == nil {
		d.fail(errOutOfMemory)
		return
	}
	C.cpu_col_sum(d.pool, view("ColSum", x), C.float(beta), floats(out), sums)
}

var errOutOfMemory = errors.New("allocating scratch memory: out of memory")

// CopyMat copies src to dst.
func (d *Device) CopyMat(dst, src device.Mat) {
	C.cpu_copy_mat(d.pool, view("CopyMat", dst), shaped("CopyMat", src, dst.Rows, dst.Cols))
}

// AddMat is dst += src.
func (d *Device) AddMat(dst, src device.Mat) {
	C.cpu_add_mat(d.pool, view("AddMat", dst), shaped("AddMat", src, dst.Rows, dst.Cols))
}

// MulRows is dst = beta·dst + src ∘ scale with repeated rows.
func (d *Device) MulRows(src, scale device.Mat, beta float32, dst device.Mat) {
	if src.Rows == 0 || scale.Rows == 0 || dst.Rows%src.Rows != 0 || dst.Rows%scale.Rows != 0 {
		panic(fmt.Sprintf("cpu: MulRows of %d and %d rows into %d", src.Rows, scale.Rows, dst.Rows))
	}
	C.cpu_mul_rows(d.pool, shaped("MulRows", src, src.Rows, dst.Cols),
		shaped("MulRows", scale, scale.Rows, dst.Cols), C.float(beta), view("MulRows", dst))
}

func activation(act device.Activation) C.int {
	if act > device.Tanh {
		panic(fmt.Sprintf("cpu: unknown activation %d", act))
	}
	return C.int(act)
}

func dense(v C.cpu_mat) bool { return v.stride == v.cols || v.rows <= 1 }

// flat lengthens the rows of a view without gaps, so that they vectorise well
// and still divide among threads, where columns do not matter.
func flat(v C.cpu_mat, allowed bool) C.cpu_mat {
	if !allowed || !dense(v) {
		return v
	}
	for v.rows%2 == 0 && v.rows > 0 && v.cols < longRow {
		v.rows, v.cols = v.rows/2, v.cols*2
	}
	v.stride = v.cols
	return v
}

const longRow = 1024
