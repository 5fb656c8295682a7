package purego

import (
	"github.com/latco-studio/latco/learning/device"
)

// Convolutions work one image at a time through the matrix P of patches
// (OutH·OutW × K·K·In, im2col): a convolution is y = P·w; the transposed one is
// y = fold(x·wᵀ), fold being the adjoint of taking patches.

// shape of the matrices of one image
func sizes(s device.ConvShape) (rows, patch, in, out int) {
	rows = s.OutH() * s.OutW()
	return rows, s.K * s.K * s.In, s.H * s.W * s.In, rows * s.Out
}

func wrap(host []float32, rows, cols int) device.Mat {
	return device.Buffer{Len: len(host), Host: host}.Mat(rows, cols)
}

// unfold fills p with the patches of image x.
func unfold(s device.ConvShape, x, p []float32) {
	run := s.K * s.In
	for oh := range s.OutH() {
		for ow := range s.OutW() {
			for kh := range s.K {
				lo := ((oh*s.Stride+kh)*s.W + ow*s.Stride) * s.In
				copy(p[:run], x[lo:lo+run])
				p = p[run:]
			}
		}
	}
}

// fold adds the patches p to the image x.
func fold(s device.ConvShape, p, x []float32) {
	run := s.K * s.In
	for oh := range s.OutH() {
		for ow := range s.OutW() {
			for kh := range s.K {
				lo := ((oh*s.Stride+kh)*s.W + ow*s.Stride) * s.In
				dst := x[lo : lo+run]
				for i, v := range p[:run] {
					dst[i] += v
				}
				p = p[run:]
			}
		}
	}
}

// Conv is y = act(x ∗ w + b).
func (d *Device) Conv(s device.ConvShape, act device.Activation, x, w, b, y device.Buffer) {
	rows, patch, in, out := sizes(s)
	d.patches = grown(d.patches, rows*patch)
	for n := range s.N {
		unfold(s, x.Host[n*in:(n+1)*in], d.patches)
		d.Gemm(false, false, 1, wrap(d.patches, rows, patch), w.Mat(patch, s.Out), 0, wrap(y.Host[n*out:(n+1)*out], rows, s.Out))
	}
	d.BiasAct(act, b, y.Mat(s.N*rows, s.Out))
}

// ConvBackward fills dx (if wanted), dw and db.
func (d *Device) ConvBackward(s device.ConvShape, act device.Activation, x, w, y, dy, dx, dw, db device.Buffer) {
	rows, patch, in, out := sizes(s)
	d.patches = grown(d.patches, rows*patch)
	d.dpre = grown(d.dpre, s.N*out)
	derive(act, y.Host[:s.N*out], dy.Host, d.dpre)
	d.ColSum(wrap(d.dpre, s.N*rows, s.Out), 0, db.Slice(0, s.Out))
	clear(dw.Host[:patch*s.Out])
	clear(dx.Host)
	p := wrap(d.patches, rows, patch)
	for n := range s.N {
		g := wrap(d.dpre[n*out:(n+1)*out], rows, s.Out)
		unfold(s, x.Host[n*in:(n+1)*in], d.patches)
		d.Gemm(true, false, 1, p, g, 1, dw.Mat(patch, s.Out))
		if dx.Len > 0 {
			d.Gemm(false, true, 1, g, w.Mat(patch, s.Out), 0, p)
			fold(s, d.patches, dx.Host[n*in:(n+1)*in])
		}
	}
}

// Deconv is y = act(x ∗ᵀ w + b).
func (d *Device) Deconv(s device.ConvShape, act device.Activation, x, w, b, y device.Buffer) {
	rows, patch, in, out := sizes(s)
	d.patches = grown(d.patches, rows*patch)
	clear(y.Host[:s.N*in])
	for n := range s.N {
		d.Gemm(false, true, 1, wrap(x.Host[n*out:(n+1)*out], rows, s.Out), w.Mat(patch, s.Out), 0, wrap(d.patches, rows, patch))
		fold(s, d.patches, y.Host[n*in:(n+1)*in])
	}
	d.BiasAct(act, b, y.Mat(s.N*s.H*s.W, s.In))
}

// DeconvBackward fills dx (if wanted), dw and db.
func (d *Device) DeconvBackward(s device.ConvShape, act device.Activation, x, w, y, dy, dx, dw, db device.Buffer) {
	rows, patch, in, out := sizes(s)
	d.patches = grown(d.patches, rows*patch)
	d.dpre = grown(d.dpre, s.N*in)
	derive(act, y.Host[:s.N*in], dy.Host, d.dpre)
	d.ColSum(wrap(d.dpre, s.N*s.H*s.W, s.In), 0, db.Slice(0, s.In))
	clear(dw.Host[:patch*s.Out])
	p := wrap(d.patches, rows, patch)
	for n := range s.N {
		unfold(s, d.dpre[n*in:(n+1)*in], d.patches)
		d.Gemm(true, false, 1, p, wrap(x.Host[n*out:(n+1)*out], rows, s.Out), 1, dw.Mat(patch, s.Out))
		if dx.Len > 0 {
			d.Gemm(false, false, 1, p, w.Mat(patch, s.Out), 0, wrap(dx.Host[n*out:(n+1)*out], rows, s.Out))
		}
	}
}
