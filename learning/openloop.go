package learning

import (
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
