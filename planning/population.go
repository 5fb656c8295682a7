package planning

import (
	"cmp"
	"math"
	"math/rand"
	"slices"

	"github.com/latco-studio/latco/resources/philox"
)

// search is what a Searcher has beside a Scorer.
type search interface {
	StartSearch(feature []float64, n, h int, sampled bool, seed uint64) error
	SearchRange(k, first, n int, mean, std []float64) error
	FitElites(elites int, floor float64, mean, std []float64) (float64, error)
	FitSoftmax(gamma float64, mean, std []float64) (float64, error)
}

// searchOf is the model's own search, or one in Go around it.
func searchOf(model Scorer, rng *rand.Rand) search {
	if s, ok := model.(Searcher); ok {
		return s
	}
	return &population{model: model, rng: rng}
}

// population is a search over any Scorer: the reference of Searcher. Its
// sequences are those of every other to rounding, sampled states have chance of
// rng.
type population struct {
	model Scorer
	rng   *rand.Rand

	chance  *rand.Rand // rng, or nil for means
	feature []float64
	h       int
	seed    uint64
	actions []float32 // n×H·A
	returns []float64 // n
	weights []float64 // n: sum to 1
}

var _ search = (*population)(nil)

// StartSearch makes room.
func (p *population) StartSearch(feature []float64, n, h int, sampled bool, seed uint64) error {
	p.feature, p.h, p.seed = feature, h, seed
	p.actions = make([]float32, n*h*p.model.ActionDim())
	p.returns, p.weights = make([]float64, n), make([]float64, n)
	if sampled {
		p.chance = p.rng
	}
	return nil
}

// SearchRange draws and scores.
func (p *population) SearchRange(k, first, n int, mean, std []float64) error {
	d := len(mean)
	actions := p.actions[first*d : (first+n)*d]
	philox.Normals(p.seed, uint64(k)*uint64(p.h+1), first*d, actions)
	for i, e := range actions {
		actions[i] = max(-1, min(1, float32(mean[i%d])+float32(std[i%d])*e))
	}
	return p.model.Score(p.feature, actions, n, p.h, p.returns[first:first+n], p.chance)
}

// FitElites weighs the best alike.
func (p *population) FitElites(elites int, floor float64, mean, std []float64) (float64, error) {
	weighElites(elites, p.returns, p.weights)
	return p.fit(floor, mean, std), nil
}

// FitSoftmax weighs all.
func (p *population) FitSoftmax(gamma float64, mean, std []float64) (float64, error) {
	softmax(gamma, p.returns, p.weights)
	return p.fit(0, mean, std), nil
}

// fit takes the weighted mean and standard deviation (about the new mean).
func (p *population) fit(floor float64, mean, std []float64) float64 {
	if notFinite(p.returns) >= 0 {
		return math.NaN()
	}
	d := len(mean)
	clear(mean)
	clear(std)
	var value float64
	for i, w := range p.weights {
		if w == 0 {
			continue
		}
		value += w * p.returns[i]
		for j, a := range p.actions[i*d : (i+1)*d] {
			mean[j] += w * float64(a)
		}
	}
	for i, w := range p.weights {
		if w == 0 {
			continue
		}
		for j, a := range p.actions[i*d : (i+1)*d] {
			e := float64(a) - mean[j]
			std[j] += w * e * e
		}
	}
	for j, v := range std {
		std[j] = math.Sqrt(v + floor)
	}
	return value
}

// weighElites gives the best k sequences equal weights and the others none. Of
// equal returns the earlier sequence wins.
func weighElites(k int, returns, weights []float64) {
	order := make([]int, len(returns))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int {
		return cmp.Or(cmp.Compare(returns[j], returns[i]), cmp.Compare(i, j))
	})
	clear(weights)
	for _, i := range order[:k] {
		weights[i] = 1 / float64(k)
	}
}

// softmax writes exp(γ x_i)/Σ exp(γ x_j); the greatest x is taken off first, so
// that nothing overflows.
func softmax(gamma float64, x, weights []float64) {
	top := slices.Max(x)
	var total float64
	for i, v := range x {
		weights[i] = math.Exp(gamma * (v - top))
		total += weights[i]
	}
	for i := range weights {
		weights[i] /= total
	}
}
