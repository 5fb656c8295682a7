package rssm

import (
	"fmt"

	"github.com/latco-studio/latco/learning/device"
)

// search is a search over action sequences that never leave the device.
type search struct {
	arena
	n, h              int
	actions           device.Mat    // n×H·A
	returns, weights  device.Buffer // n
	mean, std, policy device.Buffer // H·A each; policy is both and the value
	value             device.Mat    // 1×1, the mean return of those that were weighed
	chance            chance
}

// StartSearch makes room for n sequences of h actions that start at feature (Z).
// With sampled, one trajectory a sequence is sampled, else every next state is
// the prior's mean. Every number of chance follows from seed.
func (m *Model) StartSearch(feature []float64, n, h int, sampled bool, seed uint64) error {
	if err := need("feature", len(feature), m.config.Feature()); err != nil {
		return err
	}
	if n < 1 || h < 1 {
		return fmt.Errorf("world model: a search of %d sequences of %d actions", n, h)
	}
	s, d := &m.search, h*m.act
	if n != s.n || h != s.h {
		s.free()
		s.n, s.h = n, h
		s.actions, s.returns, s.weights = s.mat(n, d), s.buffer(n), s.buffer(n)
		s.policy = s.buffer(2*d + 1)
		if err := s.err; err != nil {
			s.free()
			s.n = 0
			return fmt.Errorf("world model, %d sequences of %d actions: %w", n, h, err)
		}
		s.mean, s.std, s.value = s.policy.Slice(0, d), s.policy.Slice(d, 2*d), s.policy.Slice(2*d, 2*d+1).Mat(1, 1)
	}
	s.chance = chance{sampled: sampled, seed: seed}
	return firstError(m.reserveRollout(m.together(n)), m.begin(feature))
}

// SearchRange draws sequences first … first+n−1 of iteration k from
// N(mean, std²) (H·A each), limits them to ±1 and computes their returns. ε of
// sequence i is row i of stream k·(h+1) of the seed, the noise of its state t is
// of stream k·(h+1)+t.
func (m *Model) SearchRange(k, first, n int, mean, std []float64) error {
	s := &m.search
	if first < 0 || n < 0 || first+n > s.n {
		return fmt.Errorf("world model: sequences %d to %d of a search of %d", first, first+n, s.n)
	}
	if err := firstError(
		need("mean", len(mean), s.mean.Len), need("std", len(std), s.std.Len),
		m.upload(s.mean, mean), m.upload(s.std, std),
	); err != nil {
		return err
	}
	c := s.chance
	c.stream = uint64(k) * uint64(s.h+1)
	rows := m.together(n)
	for lo := first; lo < first+n; lo += rows {
		hi := min(first+n, lo+rows)
		actions := s.actions.RowRange(lo, hi)
		m.dev.Normals(c.seed, c.stream, lo, actions)
		m.dev.Perturb(s.mean, s.std, actions)
		c.row = lo
		m.rollOut(actions, s.returns.Slice(lo, hi).Mat(hi-lo, 1), c)
	}
	return nil
}

// FitElites fills mean and std (H·A) with those of the best sequences, floor
// being added to the variance, and returns their mean return. It is NaN if a
// return is not finite.
func (m *Model) FitElites(elites int, floor float64, mean, std []float64) (float64, error) {
	m.dev.Elites(elites, m.search.returns, m.search.weights)
	return m.refit(floor, mean, std)
}

// FitSoftmax is FitElites with all sequences, weighed by exp(gamma·return).
func (m *Model) FitSoftmax(gamma float64, mean, std []float64) (float64, error) {
	m.dev.Softmax(float32(gamma), m.search.returns, m.search.weights)
	return m.refit(0, mean, std)
}

func (m *Model) refit(floor float64, mean, std []float64) (float64, error) {
	s := &m.search
	if err := firstError(need("mean", len(mean), s.mean.Len), need("std", len(std), s.std.Len)); err != nil {
		return 0, err
	}
	m.dev.Fit(s.weights, s.actions, float32(floor), s.mean, s.std)
	m.dev.Gemm(false, false, 1, s.weights.Mat(1, s.n), s.returns.Mat(s.n, 1), 0, s.value)
	policy := m.stage(s.policy.Len) // in one piece: whoever asks a device for numbers waits for it
	if err := m.dev.Download(policy, s.policy); err != nil {
		return 0, fmt.Errorf("world model: %w", err)
	}
	for i := range mean {
		mean[i], std[i] = float64(policy[i]), float64(policy[len(mean)+i])
	}
	return float64(policy[2*len(mean)]), m.dev.Sync()
}
