// Package planningtest has models with known answers and the conformance suite
// that every planner passes.
package planningtest

import (
	"math"
	"math/rand"

	"github.com/latco-studio/latco/planning"
)

// Model is a model written as two small functions. It has every ability that
// a planner of package planning asks for.
type Model struct {
	Z, A int

	// Step writes the next latent (Z) of z (Z) and a (A) for standard normal
	// noise eps (Z), nil for the mean, and its Jacobians dz (Z×Z) and da (Z×A)
	// at that noise, which hold zeros before and may be nil.
	Step func(z, a, eps, next, dz, da []float64)

	// Reward returns r(z) and adds its gradient to grad (Z, zeros before, may be nil).
	Reward func(z, grad []float64) float64
}

var (
	_ planning.Scorer           = (*Model)(nil)
	_ planning.MomentLinearizer = (*Model)(nil)
)

// FeatureDim is Z.
func (m *Model) FeatureDim() int { return m.Z }

// ActionDim is A.
func (m *Model) ActionDim() int { return m.A }

// Imagine rolls one action sequence out.
func (m *Model) Imagine(feature, actions, latents, rewards []float64, rng *rand.Rand) error {
	copy(latents, feature)
	for t := range rewards {
		z := latents[t*m.Z : (t+1)*m.Z]
		next := latents[(t+1)*m.Z : (t+2)*m.Z]
		m.Step(z, actions[t*m.A:(t+1)*m.A], m.noise(rng), next, nil, nil)
		rewards[t] = m.Reward(next, nil)
	}
	return nil
}

// Score rolls n action sequences out.
func (m *Model) Score(feature []float64, actions []float32, n, h int, returns []float64, rng *rand.Rand) error {
	z, next, a := make([]float64, m.Z), make([]float64, m.Z), make([]float64, m.A)
	for i := range n {
		copy(z, feature)
		returns[i] = 0
		for t := range h {
			for j := range a {
				a[j] = float64(actions[(i*h+t)*m.A+j])
			}
			m.Step(z, a, m.noise(rng), next, nil, nil)
			returns[i] += m.Reward(next, nil)
			z, next = next, z
		}
	}
	return nil
}

// Linearize evaluates the mean transition.
func (m *Model) Linearize(n int, z, a, next, dz, da []float64) error {
	clear(dz)
	clear(da)
	for i := range n {
		m.Step(row(z, i, m.Z), row(a, i, m.A), nil, row(next, i, m.Z), row(dz, i, m.Z*m.Z), row(da, i, m.Z*m.A))
	}
	return nil
}

// LinearizeReward evaluates the reward.
func (m *Model) LinearizeReward(n int, z, r, drdz []float64) error {
	clear(drdz)
	for i := range n {
		r[i] = m.Reward(row(z, i, m.Z), row(drdz, i, m.Z))
	}
	return nil
}

// LinearizeMoments estimates mean and standard deviation of the next latent
// from k samples a row.
func (m *Model) LinearizeMoments(n, k int, mean, std, a, nextMean, nextStd, dz, da []float64, seed uint64, first int) error {
	clear(nextMean)
	clear(nextStd)
	clear(dz)
	clear(da)
	z, next := make([]float64, m.Z), make([]float64, m.Z)
	jz, ja := make([]float64, m.Z*m.Z), make([]float64, m.Z*m.A)
	for i := range n {
		rng := rand.New(rand.NewSource(int64(seed) + int64(first+i)))
		mu, sigma := row(nextMean, i, m.Z), row(nextStd, i, m.Z)
		for range k {
			for j := range z {
				z[j] = mean[i*m.Z+j] + std[i*m.Z+j]*rng.NormFloat64()
			}
			clear(jz)
			clear(ja)
			m.Step(z, row(a, i, m.A), m.noise(rng), next, jz, ja)
			for j, v := range next {
				mu[j] += v / float64(k)
				sigma[j] += v * v / float64(k)
			}
			add(row(dz, i, m.Z*m.Z), jz, 1/float64(k))
			add(row(da, i, m.Z*m.A), ja, 1/float64(k))
		}
		for j := range sigma {
			sigma[j] = math.Sqrt(math.Max(0, sigma[j]-mu[j]*mu[j]))
		}
	}
	return nil
}

// ExpectRewards averages k samples a row.
func (m *Model) ExpectRewards(n, k int, mean, std, reward, cost, dcost []float64, seed uint64, first int) error {
	clear(reward)
	clear(cost)
	clear(dcost)
	z, grad, share := make([]float64, m.Z), make([]float64, m.Z), 1/float64(k)
	for i := range n {
		rng := rand.New(rand.NewSource(^(int64(seed) + int64(first+i))))
		for range k {
			for j := range z {
				z[j] = mean[i*m.Z+j] + std[i*m.Z+j]*rng.NormFloat64()
			}
			clear(grad)
			r := m.Reward(z, grad)
			reward[i] += share * r
			cost[i] += share * (math.Max(-r, 0) + math.Log1p(math.Exp(-math.Abs(r))))
			add(row(dcost, i, m.Z), grad, -share/(1+math.Exp(r)))
		}
	}
	return nil
}

// noise draws Z standard normal numbers, or is nil for the mean.
func (m *Model) noise(rng *rand.Rand) []float64 {
	if rng == nil {
		return nil
	}
	eps := make([]float64, m.Z)
	for i := range eps {
		eps[i] = rng.NormFloat64()
	}
	return eps
}

// row is row i of a matrix with cols columns, nil of nil.
func row(x []float64, i, cols int) []float64 {
	if x == nil {
		return nil
	}
	return x[i*cols : (i+1)*cols]
}

func add(dst, src []float64, scale float64) {
	for i, v := range src {
		dst[i] += scale * v
	}
}
