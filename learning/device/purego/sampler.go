package purego

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/resources/philox"
)

// Normals fills dst with the numbers of a stream from row·Cols on.
func (*Device) Normals(seed, stream uint64, first int, dst device.Mat) {
	for i := range dst.Rows {
		philox.Normals(seed, stream, (first+i)*dst.Cols, row(dst, i))
	}
}

// Perturb is x = mean + std∘x, limited to ±1.
func (*Device) Perturb(mean, std device.Buffer, x device.Mat) {
	same("Perturb", mean.Len, x.Cols)
	same("Perturb", std.Len, x.Cols)
	for i := range x.Rows {
		for j, v := range row(x, i) {
			row(x, i)[j] = max(-1, min(1, mean.Host[j]+float32(std.Host[j]*v)))
		}
	}
}

// Elites weighs the k greatest alike.
func (d *Device) Elites(k int, x, weights device.Buffer) {
	same("Elites", x.Len, weights.Len)
	if k < 1 || k > x.Len {
		panic(fmt.Sprintf("purego: %d elites of %d", k, x.Len))
	}
	if d.poisoned(x, weights) {
		return
	}
	order := make([]int, x.Len)
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int {
		return cmp.Or(cmp.Compare(x.Host[j], x.Host[i]), cmp.Compare(i, j))
	})
	clear(weights.Host)
	for _, i := range order[:k] {
		weights.Host[i] = 1 / float32(k)
	}
}

// Softmax weighs by exp(gamma·x).
func (d *Device) Softmax(gamma float32, x, weights device.Buffer) {
	same("Softmax", x.Len, weights.Len)
	if x.Len == 0 || d.poisoned(x, weights) {
		return
	}
	top, sum := slices.Max(x.Host), 0.0
	for i, v := range x.Host {
		w := math.Exp(float64(gamma * (v - top)))
		weights.Host[i] = float32(w)
		sum += w
	}
	for i, w := range weights.Host {
		weights.Host[i] = float32(float64(w) / sum)
	}
}

// poisoned makes every weight NaN if one of x is not finite.
func (d *Device) poisoned(x, weights device.Buffer) bool {
	if !slices.ContainsFunc(x.Host, func(v float32) bool { return v-v != 0 }) {
		return false
	}
	d.Fill(weights, float32(math.NaN()))
	return true
}

// Fit is the weighted mean and standard deviation of the rows.
func (*Device) Fit(weights device.Buffer, x device.Mat, floor float32, mean, std device.Buffer) {
	same("Fit", weights.Len, x.Rows)
	same("Fit", mean.Len, x.Cols)
	same("Fit", std.Len, x.Cols)
	sums := make([]float64, x.Cols)
	weighted(weights, x, func(j int, w, v float64) { sums[j] += w * v })
	for j, s := range sums {
		mean.Host[j] = float32(s)
		sums[j] = 0
	}
	weighted(weights, x, func(j int, w, v float64) {
		e := v - float64(mean.Host[j])
		sums[j] += w * e * e
	})
	for j, s := range sums {
		std.Host[j] = float32(math.Sqrt(s + float64(floor)))
	}
}

// weighted visits the numbers of the rows that have a weight.
func weighted(weights device.Buffer, x device.Mat, visit func(j int, w, v float64)) {
	for i, w := range weights.Host {
		if w == 0 {
			continue
		}
		for j, v := range row(x, i) {
			visit(j, float64(w), float64(v))
		}
	}
}
