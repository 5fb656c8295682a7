package rssm

import (
	"fmt"
	"math"
)

// Normalizer brings rewards of any size to mean 0 and deviation 1, by their mean
// and variance over past batches, each weighing 1 % less than the next (LatCo's
// treatment of shaped rewards). Before the first batch it leaves rewards alone.
type Normalizer struct {
	Mean     float64 `json:"mean"`
	Variance float64 `json:"variance"`
	Batches  int     `json:"batches"`
}

const (
	rewardDecay   = 0.99
	smallestScale = 1e-3 // of rewards that hardly vary
)

// seen is n after one more batch. The first hundred count alike, so that the
// start has no weight.
func (n Normalizer) seen(rewards []float32) Normalizer {
	mean, square := 0.0, 0.0
	for _, r := range rewards {
		mean += float64(r) / float64(len(rewards))
	}
	for _, r := range rewards {
		square += (float64(r) - mean) * (float64(r) - mean) / float64(len(rewards))
	}
	w, d := max(1-rewardDecay, 1/float64(n.Batches+1)), mean-n.Mean
	return Normalizer{
		Mean:     n.Mean + w*d,
		Variance: (1-w)*(n.Variance+w*d*d) + w*square,
		Batches:  n.Batches + 1,
	}
}

// Scale is the deviation that rewards are divided by.
func (n Normalizer) Scale() float64 {
	if n.Batches == 0 {
		return 1
	}
	return max(math.Sqrt(n.Variance), smallestScale)
}

// Normal is reward r as the model learns it.
func (n Normalizer) Normal(r float64) float64 { return (r - n.Mean) / n.Scale() }

// Real is the reward that a predicted one stands for.
func (n Normalizer) Real(predicted float64) float64 { return n.Mean + n.Scale()*predicted }

func (n Normalizer) validate() error {
	for _, v := range []float64{n.Mean, n.Variance} {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("world model: rewards of mean %g, variance %g", n.Mean, n.Variance)
		}
	}
	if n.Variance < 0 || n.Batches < 0 {
		return fmt.Errorf("world model: rewards of variance %g in %d batches", n.Variance, n.Batches)
	}
	return nil
}
