package rssm

import (
	"math"
	"testing"
)

func TestRateFallsOverTheLastShare(t *testing.T) {
	c := Config{LearningRate: 2e-3, Anneal: 0.25, Updates: 4000}
	for n, want := range map[int]float64{0: 2e-3, 2999: 2e-3, 3000: 2e-3, 3500: 1e-3, 3900: 2e-4, 3999: 2e-5, 9000: 2e-5} {
		if got := c.rate(n); math.Abs(got-want) > 1e-12 {
			t.Errorf("after %d steps: %g, want %g", n, got, want)
		}
	}
	if c.Anneal = 0; c.rate(3999) != 2e-3 {
		t.Error("without annealing the rate is not constant")
	}
}
