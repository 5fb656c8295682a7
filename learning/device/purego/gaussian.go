package purego

import (
	"math"

	"github.com/latco-studio/latco/learning/device"
)

// Normal splits raw into mean and std = softplus(raw) + minStd, and samples.
func (*Device) Normal(raw device.Mat, minStd float32, eps, mean, std, sample device.Mat) {
	d := mean.Cols
	for i := range raw.Rows {
		r, m, s := row(raw, i), row(mean, i), row(std, i)
		copy(m, r[:d])
		for j := range d {
			s[j] = softplus(r[d+j]) + minStd
		}
		if eps.Rows == 0 {
			continue
		}
		e, x := row(eps, i), row(sample, i)
		for j := range d {
			x[j] = m[j] + s[j]*e[j]
		}
	}
}

// NormalBackward: see device.Gaussian.
func (*Device) NormalBackward(raw, eps, dmean, dstd, dsample, draw device.Mat) {
	d := raw.Cols / 2
	for i := range raw.Rows {
		r, out := row(raw, i), row(draw, i)
		clear(out)
		if dmean.Rows > 0 {
			copy(out[:d], row(dmean, i))
		}
		if dstd.Rows > 0 {
			copy(out[d:], row(dstd, i))
		}
		if dsample.Rows > 0 {
			ds, e := row(dsample, i), row(eps, i)
			for j := range d {
				out[j] += ds[j]
				out[d+j] += ds[j] * e[j]
			}
		}
		for j := range d {
			out[d+j] *= sigmoid(r[d+j])
		}
	}
}

// KL is KL(N(m1,s1) ‖ N(m2,s2)) of every row, summed over the columns.
func (*Device) KL(m1, s1, m2, s2 device.Mat, out device.Buffer) {
	for i := range m1.Rows {
		a, b, c, d := row(m1, i), row(s1, i), row(m2, i), row(s2, i)
		sum := 0.0
		for j := range a {
			diff, r := float64(a[j]-c[j])/float64(d[j]), float64(b[j])/float64(d[j])
			sum += 0.5*(r*r+diff*diff-1) - math.Log(r)
		}
		out.Host[i] = float32(sum)
	}
}

// KLBackward fills the gradients of w·Σ_i KL_i.
func (*Device) KLBackward(w float32, m1, s1, m2, s2, dm1, ds1, dm2, ds2 device.Mat) {
	klBackward(func(int) float32 { return w }, m1, s1, m2, s2, dm1, ds1, dm2, ds2)
}

// KLBackwardRows fills the gradients of Σ_i w_i·KL_i.
func (*Device) KLBackwardRows(w device.Buffer, m1, s1, m2, s2, dm1, ds1, dm2, ds2 device.Mat) {
	klBackward(func(i int) float32 { return w.Host[i] }, m1, s1, m2, s2, dm1, ds1, dm2, ds2)
}

func klBackward(weight func(row int) float32, m1, s1, m2, s2, dm1, ds1, dm2, ds2 device.Mat) {
	for i := range m1.Rows {
		w := weight(i)
		a, b, c, d := row(m1, i), row(s1, i), row(m2, i), row(s2, i)
		da, db, dc, dd := wanted(dm1, i), wanted(ds1, i), wanted(dm2, i), wanted(ds2, i)
		for j := range a {
			diff, inv := a[j]-c[j], 1/d[j]
			g := w * diff * inv * inv
			da.set(j, g)
			db.set(j, w*(b[j]*inv*inv-1/b[j]))
			dc.set(j, -g)
			dd.set(j, w*(inv-(b[j]*b[j]+diff*diff)*inv*inv*inv))
		}
	}
}

// optional is a row that may be left out.
type optional []float32

func wanted(m device.Mat, i int) optional {
	if m.Rows == 0 {
		return nil
	}
	return row(m, i)
}

func (r optional) set(j int, v float32) {
	if r != nil {
		r[j] = v
	}
}

// SquaredError is ½·Σ (x−y)²; diff = w·(x−y) where wanted.
func (*Device) SquaredError(x, y device.Buffer, w float32, diff device.Buffer) float64 {
	same("SquaredError", x.Len, y.Len)
	sum := 0.0
	for i, v := range x.Host {
		e := v - y.Host[i]
		sum += float64(e) * float64(e)
		if diff.Len > 0 {
			diff.Host[i] = w * e
		}
	}
	return sum / 2
}

// softplus is log(1 + eˣ) without overflow.
func softplus(x float32) float32 {
	v := float64(x)
	return float32(math.Max(v, 0) + math.Log1p(math.Exp(-math.Abs(v))))
}
