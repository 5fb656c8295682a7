package purego

import (
	"math"

	"github.com/latco-studio/latco/learning/device"
)

// LayerNorm: see device.Normaliser. Moments are in float64.
func (*Device) LayerNorm(act device.Activation, epsilon float32, x device.Mat, gain, bias device.Buffer, y, norm device.Mat, inverse device.Buffer) {
	sameShape("LayerNorm", x, y)
	same("LayerNorm", gain.Len, x.Cols)
	same("LayerNorm", bias.Len, x.Cols)
	if norm.Rows > 0 {
		sameShape("LayerNorm", x, norm)
		same("LayerNorm", inverse.Len, x.Rows)
	}
	for i := range x.Rows {
		in, out, kept := row(x, i), row(y, i), wanted(norm, i)
		mean, variance := moments(in)
		inv := 1 / math.Sqrt(variance+float64(epsilon))
		for j, v := range in {
			n := float32((float64(v) - mean) * inv)
			kept.set(j, n)
			out[j] = gain.Host[j]*n + bias.Host[j]
		}
		if kept != nil {
			inverse.Host[i] = float32(inv)
		}
		activate(act, out)
	}
}

// moments are the mean of x and the mean square distance from it. The sum is divided,
// not its parts: the mean of equal numbers is that number.
func moments(x []float32) (mean, variance float64) {
	for _, v := range x {
		mean += float64(v)
	}
	mean /= float64(len(x))
	for _, v := range x {
		variance += (float64(v) - mean) * (float64(v) - mean)
	}
	return mean, variance / float64(len(x))
}

// LayerNormBackward: see device.Normaliser.
func (d *Device) LayerNormBackward(act device.Activation, y, dy device.Mat, gain device.Buffer, norm device.Mat, inverse device.Buffer, dx device.Mat, dgain, dbias device.Buffer) {
	const name = "LayerNormBackward"
	sameShape(name, y, dy)
	sameShape(name, y, norm)
	if dx.Rows > 0 {
		sameShape(name, y, dx)
	}
	for _, b := range []device.Buffer{gain, dgain, dbias} {
		same(name, b.Len, y.Cols)
	}
	same(name, inverse.Len, y.Rows)
	clear(dgain.Host)
	clear(dbias.Host)
	d.dpre = grown(d.dpre, y.Cols)
	pre := d.dpre
	for i := range y.Rows {
		n := row(norm, i)
		derive(act, row(y, i), row(dy, i), pre)
		direct, along := 0.0, 0.0 // means of q and of q∘x̂
		for j, p := range pre {
			dgain.Host[j] += p * n[j]
			dbias.Host[j] += p
			q := float64(gain.Host[j]) * float64(p)
			direct += q
			along += q * float64(n[j])
		}
		direct /= float64(y.Cols)
		along /= float64(y.Cols)
		if dx.Rows == 0 {
			continue
		}
		for j, p := range pre {
			q := float64(gain.Host[j]) * float64(p)
			row(dx, i)[j] = float32(float64(inverse.Host[i]) * (q - direct - float64(n[j])*along))
		}
	}
}
