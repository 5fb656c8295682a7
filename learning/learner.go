package learning

import (
	"context"
	"math/rand"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/rssm"
)

// Collector runs episodes for the trainer: the environment, with whatever acts
// in it.
type Collector interface {
	// Collect runs one episode. Equal assignments must give equal episodes, or a
	// resumed run is not the run it would have been. It returns soon after ctx ends.
	Collect(ctx context.Context, a Assignment) (*Episode, error)
}

// Assignment is an episode to be played for training.
type Assignment struct {
	Task int // number among Run.Learns
	// Params are what the planner acts with, of as many action dimensions as the task
	// has. Nil asks for random actions: the seed episodes of Algorithm 1.
	Params *rssm.Params
	// Noise is the standard deviation of the Gaussian noise to be added to every
	// planned action, which is clipped to ±1 then.
	Noise float64
	Seed  int64
}

// Evaluator plays the episodes that tell how good the model is.
type Evaluator interface {
	// Evaluate plays evaluation episode i, from 0, of a task (a number among
	// Run.Learns) in closed loop with these parameters, of as many action dimensions
	// as the task has, and without exploration noise, from a seed that depends on i
	// alone and that no training episode has. Both returns are filled in; which of them is
	// Return is the trainer's business. Equal arguments must give equal results. It
	// returns soon after ctx ends.
	Evaluate(ctx context.Context, task int, params *rssm.Params, i int) (*EpisodeMetric, error)
}

// learner is the part of rssm.Trainer that the training loop drives.
type learner interface {
	Update(*rssm.Batch) (rssm.Losses, error)
	Snapshot() (*rssm.Params, error)
	stateful
}

// looksAhead is a learner that sends the next batch to its device while that
// computes.
type looksAhead interface{ Ahead(next func() *rssm.Batch) }

// stateful is what a checkpoint needs of it.
type stateful interface {
	State() (rssm.TrainerState, error)
	Restore(rssm.TrainerState) error
	Close() error
}

// predictor is what an open-loop prediction needs of a model: the filter
// follows the truth, then the dreamer goes on alone.
type predictor interface {
	filter
	dreamer
	Close() error
}

type filter interface {
	// Filter returns the features (n×Z) of the posteriors after each of n frames.
	Filter(actions []float64, pixels []uint8, n int, rng *rand.Rand) ([]float64, error)
}

// dreamer is the rest of it, as rssm.Model has it.
type dreamer interface {
	Imagine(feature, actions, latents, rewards []float64, rng *rand.Rand) error
	Decode(n int, features []float64, pixels []uint8) error
}

// world makes learners and predictors. rssmWorld makes the real ones.
type world interface {
	Params(cfg rssm.Config, actionDim int, seed int64) (*rssm.Params, error)
	Learner(p *rssm.Params, dev device.Device, seed int64) (learner, error)
	Predictor(p *rssm.Params, dev device.Device) (predictor, error)
}

type rssmWorld struct{}

func (rssmWorld) Params(cfg rssm.Config, actionDim int, seed int64) (*rssm.Params, error) {
	return rssm.NewParams(cfg, actionDim, seed)
}

func (rssmWorld) Learner(p *rssm.Params, dev device.Device, seed int64) (learner, error) {
	t, err := rssm.NewTrainer(p, dev, seed)
	if err != nil {
		return nil, err
	}
	return t, nil
}

func (rssmWorld) Predictor(p *rssm.Params, dev device.Device) (predictor, error) {
	m, err := rssm.NewModel(p, dev)
	if err != nil {
		return nil, err
	}
	return filterModel{m}, nil
}

// filterModel adds the filter loop to a model.
type filterModel struct{ *rssm.Model }

func (m filterModel) Filter(actions []float64, pixels []uint8, n int, rng *rand.Rand) ([]float64, error) {
	var features []float64
	belief, a := m.Initial(), len(actions)/n
	for t := range n {
		var err error
		belief, err = m.Observe(belief, actions[t*a:(t+1)*a], pixels[t*FramePixels:(t+1)*FramePixels], rng)
		if err != nil {
			return nil, err
		}
		features = append(features, belief.Feature()...)
	}
	return features, nil
}
