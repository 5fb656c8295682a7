package planningtest

import (
	"errors"
	"math"
	"math/rand"

	"github.com/latco-studio/latco/planning"
)

// Bare hides every ability of a model but prediction.
type Bare struct{ planning.Model }

// Tap lets a test act on a model's outputs: After is called behind every call
// with the method's name, what it filled in, and may change that or return an
// error in place of nil.
type Tap struct {
	*Model
	After func(method string, outputs map[string][]float64) error

	// Batch is what ScoreBatch answers; 0 means 16.
	Batch int
}

var (
	_ planning.Batcher          = (*Tap)(nil)
	_ planning.Scorer           = (*Tap)(nil)
	_ planning.MomentLinearizer = (*Tap)(nil)
)

// ErrBroken is what a failing model returns.
var ErrBroken = errors.New("the model broke down")

// ScoreBatch limits one call of Score.
func (m *Tap) ScoreBatch(int) int {
	if m.Batch == 0 {
		return 16
	}
	return m.Batch
}

// Imagine is the model's, tapped.
func (m *Tap) Imagine(feature, actions, latents, rewards []float64, rng *rand.Rand) error {
	if err := m.Model.Imagine(feature, actions, latents, rewards, rng); err != nil {
		return err
	}
	return m.After("Imagine", map[string][]float64{"latents": latents, "rewards": rewards})
}

// Score is the model's, tapped.
func (m *Tap) Score(feature []float64, actions []float32, n, h int, returns []float64, rng *rand.Rand) error {
	if err := m.Model.Score(feature, actions, n, h, returns, rng); err != nil {
		return err
	}
	return m.After("Score", map[string][]float64{"returns": returns})
}

// Linearize is the model's, tapped.
func (m *Tap) Linearize(n int, z, a, next, dz, da []float64) error {
	if err := m.Model.Linearize(n, z, a, next, dz, da); err != nil {
		return err
	}
	return m.After("Linearize", map[string][]float64{"next": next, "dz": dz, "da": da})
}

// LinearizeReward is the model's, tapped.
func (m *Tap) LinearizeReward(n int, z, r, drdz []float64) error {
	if err := m.Model.LinearizeReward(n, z, r, drdz); err != nil {
		return err
	}
	return m.After("LinearizeReward", map[string][]float64{"r": r, "drdz": drdz})
}

// LinearizeMoments is the model's, tapped.
func (m *Tap) LinearizeMoments(n, k int, mean, std, a, nextMean, nextStd, dz, da []float64, seed uint64, first int) error {
	if err := m.Model.LinearizeMoments(n, k, mean, std, a, nextMean, nextStd, dz, da, seed, first); err != nil {
		return err
	}
	return m.After("LinearizeMoments", map[string][]float64{"nextMean": nextMean, "nextStd": nextStd, "dz": dz, "da": da})
}

// ExpectRewards is the model's, tapped.
func (m *Tap) ExpectRewards(n, k int, mean, std, reward, cost, dcost []float64, seed uint64, first int) error {
	if err := m.Model.ExpectRewards(n, k, mean, std, reward, cost, dcost, seed, first); err != nil {
		return err
	}
	return m.After("ExpectRewards", map[string][]float64{"reward": reward, "cost": cost, "dcost": dcost})
}

// Poison returns a Tap that puts value at the end of one output of one method,
// from that method's call'th call on (the first is 1).
func Poison(m *Model, method, output string, call int, value float64) *Tap {
	calls := 0
	return &Tap{Model: m, After: func(name string, outputs map[string][]float64) error {
		if name != method {
			return nil
		}
		calls++
		if x := outputs[output]; calls >= call && len(x) > 0 {
			x[len(x)-1] = value
		}
		return nil
	}}
}

// NaN is what a diverged network puts out.
var NaN = math.NaN()
