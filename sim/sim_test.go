package sim

import (
	"errors"
	"math"
	"reflect"
	"testing"
)

func TestClipAction(t *testing.T) {
	dst := []float64{9, 9, 9}
	if err := ClipAction(dst, []float64{-3, 0.25, 1.5}); err != nil || !reflect.DeepEqual(dst, []float64{-1, 0.25, 1}) {
		t.Errorf("clipped to %v, %v", dst, err)
	}
	before := append([]float64(nil), dst...)
	var length *LengthError
	for _, a := range [][]float64{nil, {1, 2}, {1, 2, 3, 4}} {
		if err := ClipAction(dst, a); !errors.As(err, &length) || length.Got != len(a) || length.Want != 3 {
			t.Errorf("length %d: %v", len(a), err)
		}
	}
	var bad *NotFiniteError
	for i, x := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		a := []float64{0, 0, 0}
		a[i] = x
		if err := ClipAction(dst, a); !errors.As(err, &bad) || bad.Index != i {
			t.Errorf("%g at %d: %v", x, i, err)
		}
	}
	if !reflect.DeepEqual(dst, before) {
		t.Error("a refused action was written")
	}
}

// TestStreams: neighbouring seeds and the streams of one seed are uncorrelated.
func TestStreams(t *testing.T) {
	const n = 4000
	var sums, products [3]float64
	for seed := range int64(n) {
		x := [3]float64{
			NewRand(seed, StreamReset).Float64() - 0.5,
			NewRand(seed, StreamPolicy).Float64() - 0.5,
			NewRand(seed+1, StreamReset).Float64() - 0.5,
		}
		for i := range x {
			sums[i] += x[i]
			products[i] += x[i] * x[(i+1)%3]
		}
	}
	for i := range sums {
		// Standard errors: 0.29/√n for a mean, (1/12)/√n for a covariance.
		if m := sums[i] / n; math.Abs(m) > 4*0.29/math.Sqrt(n) {
			t.Errorf("stream %d has mean %g", i, m)
		}
		if c := products[i] / n; math.Abs(c) > 4/12.0/math.Sqrt(n) {
			t.Errorf("streams %d and %d have covariance %g", i, (i+1)%3, c)
		}
	}
}

func TestReseed(t *testing.T) {
	r := NewRand(1, StreamReset)
	r.Int63()
	Reseed(r, 5, StreamPolicy)
	if want := NewRand(5, StreamPolicy).Int63(); r.Int63() != want {
		t.Error("Reseed differs from NewRand")
	}
}

// TestRandomPolicy: components are uniform in [−1, 1], by their first moments.
func TestRandomPolicy(t *testing.T) {
	var p RandomPolicy
	p.Reset(3)
	const n = 20000
	var mean, square [2]float64
	a := make([]float64, 2)
	for range n {
		p.Act(Timestep{}, a)
		for i, x := range a {
			if x < -1 || x > 1 {
				t.Fatalf("action %v", a)
			}
			mean[i] += x / n
			square[i] += x * x / n
		}
	}
	for i := range mean {
		if math.Abs(mean[i]) > 0.02 || math.Abs(square[i]-1.0/3) > 0.02 {
			t.Errorf("component %d: mean %g, second moment %g", i, mean[i], square[i])
		}
	}
	p.Reset(3)
	first := make([]float64, 2)
	p.Act(Timestep{}, first)
	p.Reset(3)
	p.Act(Timestep{}, a)
	if !reflect.DeepEqual(first, a) {
		t.Error("equal seeds, different actions")
	}
}
