package rssm

import (
	"math"
	"testing"
)

// The prior of a belief is what Imagine draws from: its mean is the next state of a
// rollout without chance, and means and deviations are those of many rollouts.
func TestExpectIsWhatImagineDraws(t *testing.T) {
	forVariants(t, func(t *testing.T, c Config) {
		m, _ := newModel(t, c, 1)
		pixels := toyBatch(1, 1, 1).Pixels
		b, err := m.Observe(m.Initial(), []float64{0}, pixels, newRand(1))
		if err != nil {
			t.Fatal(err)
		}
		action := []float64{0.4}
		mean, std, err := m.Expect(b, action)
		if err != nil {
			t.Fatal(err)
		}
		z := m.FeatureDim()
		latents, reward := make([]float64, 2*z), make([]float64, 1)
		if err := m.Imagine(b.Feature(), action, latents, reward, nil); err != nil {
			t.Fatal(err)
		}
		for i, v := range mean {
			if math.Abs(float64(v)-latents[z+i]) > 1e-6 {
				t.Errorf("prior mean %d is %g, the rollout's %g", i, v, latents[z+i])
			}
		}
		if !m.Samples() {
			return
		}
		const n = 2000
		rng, sum, square := newRand(2), make([]float64, len(mean)), make([]float64, len(mean))
		for range n {
			if err := m.Imagine(b.Feature(), action, latents, reward, rng); err != nil {
				t.Fatal(err)
			}
			for i := range mean {
				d := latents[z+i] - float64(mean[i])
				sum[i] += d / n
				square[i] += d * d / n
			}
		}
		for i, s := range std {
			if math.Abs(sum[i]) > 5*float64(s)/math.Sqrt(n) || math.Abs(math.Sqrt(square[i])/float64(s)-1) > 0.1 {
				t.Errorf("dimension %d: deviation %g, of %d rollouts %g about %g", i, s, n, math.Sqrt(square[i]), sum[i])
			}
		}
	})
}

func TestDivergence(t *testing.T) {
	b := Belief{Mean: []float32{0, 2}, Std: []float32{1, 0.5}}
	if kl := b.Divergence(b.Mean, b.Std); kl != 0 {
		t.Errorf("KL of a Gaussian to itself is %g", kl)
	}
	// First dimension: ½·1², second: ln 2 + ¼/2 − ½.
	want := 0.5 + math.Log(2) + 0.125 - 0.5
	if kl := b.Divergence([]float32{1, 2}, []float32{1, 1}); math.Abs(kl-want) > 1e-7 {
		t.Errorf("KL %g, want %g", kl, want)
	}
}
