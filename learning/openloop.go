package learning

import (
	"errors"
	"fmt"
	"math"
)

// OpenLoop compares what the model foresees with what happened: it sees the
// first Context frames, then rolls the mean of its prior through the actions
// that were taken.
type OpenLoop struct {
	Updates int
	HeldOut bool // the episode was never trained on
	Info    EpisodeInfo
	Context int
	Frames  int // n, context included

	Truth, Model            []uint8   // n×64×64×3; Model's first Context are reconstructions
	TrueReward, ModelReward []float64 // n; ModelReward is 0 within the context
	ImageError              []float64 // n, root mean square over a frame, of pixels in [0, 1]
}

// openLoop predicts the beginning of an episode and its rewards of the given kind.
func openLoop(m predictor, e *Episode, reward string, context, length int, seed, number int64) (*OpenLoop, error) {
	n := min(length, e.Rows())
	context = min(context, n)
	actions := make([]float64, n*e.ActionDim)
	for i := range actions {
		actions[i] = float64(e.Actions[i])
	}
	rng := openLoopStream.legacy(seed, number)
	features, err := m.Filter(actions[:context*e.ActionDim], e.Pixels[:context*FramePixels], context, rng)
	if err != nil {
		return nil, fmt.Errorf("open-loop prediction: filter: %w", err)
	}
	z := len(features) / context
	latents := make([]float64, (n-context+1)*z)
	rewards := make([]float64, n)
	if n > context {
		err = m.Imagine(features[(context-1)*z:], actions[context*e.ActionDim:], latents, rewards[context:], nil)
		if err != nil {
			return nil, fmt.Errorf("open-loop prediction: imagine: %w", err)
		}
		features = append(features, latents[z:]...)
	}
	o := &OpenLoop{
		HeldOut: true, Info: e.Info, Context: context, Frames: n,
		Truth: e.Pixels[: n*FramePixels : n*FramePixels], Model: make([]uint8, n*FramePixels),
		TrueReward: make([]float64, n), ModelReward: rewards, ImageError: make([]float64, n),
	}
	if err := m.Decode(n, features, o.Model); err != nil {
		return nil, fmt.Errorf("open-loop prediction: decode: %w", err)
	}
	for t := range n {
		o.TrueReward[t] = float64(e.Learned(reward)[t])
		o.ImageError[t] = imageError(e.Frame(t), o.Model[t*FramePixels:(t+1)*FramePixels])
	}
	return o, nil
}

func imageError(a, b []uint8) float64 {
	sum := 0
	for i := range a {
		d := int(a[i]) - int(b[i])
		sum += d * d
	}
	return math.Sqrt(float64(sum)/float64(len(a))) / 255
}

// predict makes the open-loop prediction that is due, of the held-out episodes
// in turn. Its chance is its own: it does not change what is learned.
func (s *session) predict() error {
	if s.opts.OpenLoop == nil {
		return nil
	}
	set := s.run.Settings
	number := s.counters.Updates / set.OpenLoopEvery
	e, ref, err := s.replay.example(number, set.OpenLoopLength)
	if e == nil || err != nil {
		return err
	}
	p, err := s.learner.Snapshot()
	if err != nil {
		return err
	}
	m, err := s.opts.world.Predictor(p, s.opts.Device)
	if err != nil {
		return err
	}
	o, err := openLoop(m, e, s.replay.reward(ref.Task), set.OpenLoopContext, set.OpenLoopLength, s.run.Seed, int64(number))
	if err := errors.Join(err, m.Close()); err != nil {
		return err
	}
	o.Updates, o.HeldOut = s.counters.Updates, ref.HeldOut
	for t := o.Context; t < o.Frames; t++ {
		o.ModelReward[t] = p.Rewards.Real(o.ModelReward[t])
	}
	s.opts.OpenLoop(o)
	return nil
}
