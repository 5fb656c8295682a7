package learning

import (
	"math/rand"

	"github.com/latco-studio/latco/learning/rssm"
)

// ModelSubject is a world model as a Subject. It filters with samples, as it was
// trained, and foresees with means. It belongs to the goroutine of its model.
type ModelSubject struct {
	Model   *rssm.Model
	Rewards rssm.Normalizer // of the model's parameters
}

var _ Subject = ModelSubject{}

// Foresee implements Subject. Like a training sequence, a passage begins with the
// belief before the first observation, wherever in the episode it lies.
func (s ModelSubject) Foresee(p Passage, rng *rand.Rand) (Foresight, error) {
	e, z := p.Episode, s.Model.FeatureDim()
	belief := s.Model.Initial()
	var err error
	for t := p.From; t <= p.Seen(); t++ {
		if belief, err = s.Model.Observe(belief, taken(e, t), e.Frame(t), rng); err != nil {
			return Foresight{}, err
		}
	}
	var actions []float64
	for t := p.Seen() + 1; t <= p.Seen()+p.Steps; t++ {
		actions = append(actions, taken(e, t)...)
	}
	f := Foresight{Pixels: make([]uint8, (p.Steps+1)*FramePixels), Rewards: make([]float64, p.Steps)}
	latents := make([]float64, (p.Steps+1)*z)
	if err := s.Model.Imagine(belief.Feature(), actions, latents, f.Rewards, nil); err != nil {
		return f, err
	}
	s.real(f.Rewards)
	return f, s.Model.Decode(p.Steps+1, latents, f.Pixels)
}

// Follow implements Subject.
func (s ModelSubject) Follow(e *Episode, rng *rand.Rand) (Followed, error) {
	n := e.Rows()
	f := Followed{Rewards: make([]float64, n)}
	var features []float64
	belief := s.Model.Initial()
	for t := range n {
		a := taken(e, t)
		mean, std, err := s.Model.Expect(belief, a)
		if err != nil {
			return f, err
		}
		if belief, err = s.Model.Observe(belief, a, e.Frame(t), rng); err != nil {
			return f, err
		}
		if s.Model.Samples() {
			f.KL = append(f.KL, belief.Divergence(mean, std))
		}
		features = append(features, belief.Feature()...)
	}
	if err := s.Model.LinearizeReward(n, features, f.Rewards, nil); err != nil {
		return f, err
	}
	s.real(f.Rewards)
	return f, nil
}

// real turns rewards as the model learned them into those of the task.
func (s ModelSubject) real(rewards []float64) {
	for i, r := range rewards {
		rewards[i] = s.Rewards.Real(r)
	}
}

// taken is the action that led to row t.
func taken(e *Episode, t int) []float64 {
	a := make([]float64, e.ActionDim)
	for i, v := range e.Action(t) {
		a[i] = float64(v)
	}
	return a
}
