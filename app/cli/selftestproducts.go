package cli

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/device/cuda"
)

// What a product's error may be, relative to the size of its results (root mean
// squares): that of sums in float32, and of factors of 10 bits.
const (
	productTolerance = 1e-5
	tensorTolerance  = 1e-3
)

// products compares products with float64, by everything that multiplies.
func (t *selfTest) products(ctx context.Context) (v verdict, err error) {
	tw := table(t.out)
	defer tw.Flush()
	fmt.Fprintln(tw, "multiplied by\terror\ttolerance")
	try := func(name string, dev device.Device, tolerance float64) error {
		if ctx.Err() != nil {
			v.left = append(v.left, name)
			return nil
		}
		worst, err := productError(dev)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		v.done++
		v.failed = v.failed || !(worst <= tolerance)
		_, err = fmt.Fprintf(tw, "%s\t%.2g\t%g\n", name, worst, tolerance)
		return err
	}
	if t.cards == nil {
		err := try(t.dev.Name(), t.dev, productTolerance)
		return v, err
	}
	without := func(name, why string) error {
		_, err := fmt.Fprintf(tw, "%s\t-\t%s\n", name, why)
		return err
	}
	for _, way := range []struct {
		name      string
		options   cuda.Options
		tolerance float64
	}{
		{"own kernels, float32", cuda.Options{OwnGemm: true}, productTolerance},
		{"cuBLAS, float32", cuda.Options{AllBLAS: true}, productTolerance},
		{"own kernels, TF32", cuda.Options{OwnGemm: true, TF32: true}, tensorTolerance},
		{"cuBLAS, TF32", cuda.Options{AllBLAS: true, TF32: true}, tensorTolerance},
	} {
		if c, ok := t.dev.(interface{ Info() cuda.Info }); way.options.TF32 && ok && !c.Info().HasTF32() {
			if err := without(way.name, "the card has no TF32"); err != nil {
				return v, err
			}
			continue
		}
		err := t.with(way.options, func(dev device.Device) error {
			if b, ok := dev.(interface{ UsesBLAS() bool }); way.options.AllBLAS && ok && !b.UsesBLAS() {
				return without(way.name, "there is none, see above")
			}
			return try(way.name, dev, way.tolerance)
		})
		if err != nil {
			return v, err
		}
	}
	return v, nil
}

// productError is the worst of products of several sizes, transposed in all ways.
func productError(dev device.Device) (worst float64, err error) {
	rng := rand.New(rand.NewSource(1))
	for _, size := range [][3]int{{512, 512, 512}, {200, 333, 777}, {64, 16, 5000}} {
		for bits := range 4 {
			e, err := oneProduct(dev, rng, size[0], size[1], size[2], bits&1 != 0, bits&2 != 0)
			if err != nil {
				return 0, err
			}
			worst = max(worst, e)
		}
	}
	return worst, nil
}

// oneProduct is the error of an m×k by k×n product, of some of its rows.
func oneProduct(dev device.Device, rng *rand.Rand, m, n, k int, ta, tb bool) (_ float64, err error) {
	a, b := normals(rng, m*k), normals(rng, k*n)
	var owned [3]device.Buffer
	defer func() {
		for _, o := range owned {
			dev.Free(o)
		}
		err = errors.Join(err, dev.Sync())
	}()
	for i, size := range [3]int{m * k, k * n, m * n} {
		if owned[i], err = dev.Alloc(size); err != nil {
			return 0, err
		}
	}
	if err := errors.Join(dev.Upload(owned[0], a), dev.Upload(owned[1], b)); err != nil {
		return 0, err
	}
	left, right := owned[0].Mat(m, k), owned[1].Mat(k, n)
	if ta {
		left = owned[0].Mat(k, m)
	}
	if tb {
		right = owned[1].Mat(n, k)
	}
	dev.Gemm(ta, tb, 1, left, right, 0, owned[2].Mat(m, n))
	got := make([]float32, m*n)
	if err := dev.Download(got, owned[2]); err != nil {
		return 0, err
	}
	at := func(x []float32, transposed bool, rows, cols, i, j int) float64 {
		if transposed {
			return float64(x[j*rows+i])
		}
		return float64(x[i*cols+j])
	}
	var wrong, size float64
	for i := 0; i < m; i += max(1, m/16) {
		for j := range n {
			var sum float64
			for p := range k {
				sum += at(a, ta, m, k, i, p) * at(b, tb, k, n, p, j)
			}
			d := float64(got[i*n+j]) - sum
			wrong, size = wrong+d*d, size+sum*sum
		}
	}
	return math.Sqrt(wrong / size), nil
}

func normals(rng *rand.Rand, n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(rng.NormFloat64())
	}
	return x
}
