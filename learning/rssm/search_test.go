package rssm

import (
	"errors"
	"math"
	"testing"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/resources/philox"
)

// searched is one iteration of a search of n sequences in portions, and what
// comes out of both fits.
func searched(t *testing.T, m *Model, n, h, portion int, sampled bool) []float64 {
	t.Helper()
	d := h * m.ActionDim()
	mean, std := normals(newRand(3), d), make([]float64, d)
	for i := range std {
		std[i] = 0.5
	}
	if err := m.StartSearch(normals(newRand(4), m.FeatureDim()), n, h, sampled, 5); err != nil {
		t.Fatal(err)
	}
	for first := 0; first < n; first += portion {
		if err := m.SearchRange(2, first, min(portion, n-first), mean, std); err != nil {
			t.Fatal(err)
		}
	}
	value, err := m.FitElites(n/10, 1e-6, mean, std)
	if err != nil {
		t.Fatal(err)
	}
	out := append(append([]float64{value}, mean...), std...)
	if value, err = m.FitSoftmax(3, mean, std); err != nil {
		t.Fatal(err)
	}
	return append(append(append(out, value), mean...), std...)
}

// A search gives the same to rounding on every device, and the same on one device
// in other portions.
func TestSearchesAgree(t *testing.T) {
	forVariants(t, func(t *testing.T, c Config) {
		for _, sampled := range []bool{false, true} {
			var reference []float64
			withDevices(t, func(t *testing.T, dev device.Device) {
				_, p := newModel(t, c, 2)
				m, err := NewModel(p, dev)
				if err != nil {
					t.Fatal(err)
				}
				defer m.Close()
				got := searched(t, m, 300, 3, 300, sampled)
				nearAll(t, "in portions", searched(t, m, 300, 3, 70, sampled), got, 1e-4)
				if reference == nil {
					reference = got
				}
				nearAll(t, "on another device", got, reference, 1e-3)
			})
		}
	})
}

// The sequences of a search are those that its documentation says, and their
// returns are Score's.
func TestSearchScoresItsSequences(t *testing.T) {
	m, _ := newModel(t, tiny(), 2)
	const n, h = 50, 4
	d := h * m.ActionDim()
	feature, mean, std := normals(newRand(1), m.FeatureDim()), normals(newRand(2), d), make([]float64, d)
	for i := range std {
		std[i] = 0.7
	}
	if err := m.StartSearch(feature, n, h, false, 9); err != nil {
		t.Fatal(err)
	}
	if err := m.SearchRange(3, 0, n, mean, std); err != nil {
		t.Fatal(err)
	}
	actions, returns := make([]float32, n*d), make([]float64, n)
	philox.Normals(9, 3*(h+1), 0, actions)
	for i, e := range actions {
		actions[i] = min(1, max(-1, float32(mean[i%d])+float32(std[i%d])*e))
	}
	if err := m.Score(feature, actions, n, h, returns, nil); err != nil {
		t.Fatal(err)
	}
	best := 0
	for i, r := range returns {
		if r > returns[best] {
			best = i
		}
	}
	value, err := m.FitElites(1, 0, mean, std)
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(value-returns[best]) > 1e-5 {
		t.Errorf("the best sequence returns %g, by Score %g", value, returns[best])
	}
	for i, a := range mean {
		if math.Abs(a-float64(actions[best*d+i])) > 1e-6 || std[i] != 0 {
			t.Errorf("action %d of the best sequence is %g ± %g, want %g", i, a, std[i], actions[best*d+i])
		}
	}
}

// Sampled returns scatter about the mean ones only where there is chance, and
// another seed is another scatter.
func TestSearchSamples(t *testing.T) {
	m, _ := newModel(t, tiny(), 1)
	feature, actions := normals(newRand(1), m.FeatureDim()), make([]float32, 400*3)
	var returns [3][]float64
	for i, seed := range []int64{1, 1, 2} {
		returns[i] = make([]float64, 400)
		if err := m.Score(feature, actions, 400, 3, returns[i], newRand(seed)); err != nil {
			t.Fatal(err)
		}
	}
	nearAll(t, "equal seeds", returns[1], returns[0], 0)
	same := 0
	for i, r := range returns[2] {
		if r == returns[0][i] {
			same++
		}
		if i > 0 && r == returns[2][i-1] {
			t.Fatal("two equal sequences had the same luck")
		}
	}
	if same > 0 {
		t.Errorf("%d of 400 sequences had the same luck with another seed", same)
	}
}

func TestSearchErrors(t *testing.T) {
	m, _ := newModel(t, tiny(), 1)
	feature := make([]float64, m.FeatureDim())
	if err := m.StartSearch(feature, 10, 2, false, 1); err != nil {
		t.Fatal(err)
	}
	good := make([]float64, 2)
	var size *SizeError
	if err := m.SearchRange(0, 0, 10, good, make([]float64, 3)); !errors.As(err, &size) || size.Argument != "std" {
		t.Errorf("3 deviations of 2 actions: got %v", err)
	}
	if _, err := m.FitElites(2, 0, make([]float64, 1), good); !errors.As(err, &size) || size.Argument != "mean" {
		t.Errorf("a mean of 1 of 2 actions: got %v", err)
	}
	if m.SearchRange(0, 5, 6, good, good) == nil {
		t.Error("sequences 5 to 11 of 10 gave no error")
	}
	if m.StartSearch(feature, 0, 2, false, 1) == nil {
		t.Error("a search of nothing gave no error")
	}
	if err := m.StartSearch(feature[1:], 10, 2, false, 1); !errors.As(err, &size) {
		t.Errorf("a short feature: got %v", err)
	}
}

// A call has so many sequences that a planner can stop soon after it is told to.
func TestScoreBatchFallsWithTheHorizon(t *testing.T) {
	m, _ := newModel(t, tiny(), 1)
	last := m.ScoreBatch(1)
	if last != chunk {
		t.Errorf("%d sequences of one action at once, want %d on a CPU", last, chunk)
	}
	for _, h := range []int{30, 1000, 1_000_000, 1_000_000_000} {
		n := m.ScoreBatch(h)
		if n > last || n < 16 {
			t.Errorf("%d sequences of %d actions at once after %d of fewer", n, h, last)
		}
		last = n
	}
}
