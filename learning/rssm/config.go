package rssm

import (
	"fmt"

	"github.com/latco-studio/latco/resources/setting"
)

// Size is the edge of the square images, Channels their colours.
const (
	Size     = 64
	Channels = 3
	Pixels   = Size * Size * Channels // numbers an image
)

// Config sizes the networks and says how they are trained. The zero value is
// invalid: start from a Preset.
type Config struct {
	Preset string `json:"preset"` // the preset it started from

	Stoch        int     `json:"stoch"`         // size of the stochastic state s
	Deter        int     `json:"deter"`         // size of the deterministic state h
	Hidden       int     `json:"hidden"`        // units of the dense layers around the GRU
	EmbedDepth   int     `json:"embed_depth"`   // d: the encoder has d, 2d, 4d, 8d channels, the decoder 4d, 2d, d, 3
	DecoderUnits int     `json:"decoder_units"` // units of the dense layer before the decoder's deconvolutions
	RewardLayers int     `json:"reward_layers"` // hidden layers of the reward head
	RewardUnits  int     `json:"reward_units"`  // units of each
	MinStd       float64 `json:"min_std"`       // added to the softplus of every raw standard deviation

	ImageScale  float64 `json:"image_scale"`  // weight of the image log-likelihood, summed over pixels
	RewardScale float64 `json:"reward_scale"` // weight of the reward log-likelihood
	KLScale     float64 `json:"kl_scale"`     // weight of max(mean KL, FreeNats)
	FreeNats    float64 `json:"free_nats"`    // mean KL below which the KL has no gradient

	LearningRate float64 `json:"learning_rate"`
	Anneal       float64 `json:"anneal"` // share of Updates, at their end, over which the rate falls to zero
	Beta1        float64 `json:"beta1"`
	Beta2        float64 `json:"beta2"`
	Epsilon      float64 `json:"epsilon"`   // of Adam
	ClipNorm     float64 `json:"clip_norm"` // gradients are shortened to this global norm

	Batch   int `json:"batch"`   // sequences a gradient step
	Length  int `json:"length"`  // time steps a sequence
	Updates int `json:"updates"` // gradient steps of a whole training
}

// Feature is Z, the size of [stoch, deter].
func (c *Config) Feature() int { return c.Stoch + c.Deter }

// Embed is the size of an encoded image.
func (c *Config) Embed() int { return 2 * 2 * 8 * c.EmbedDepth }

// Fields are the settings, pointing into c.
func (c *Config) Fields() []setting.Field {
	return append(c.sizeFields(), c.trainingFields()...)
}

func (c *Config) sizeFields() []setting.Field {
	return []setting.Field{
		{Key: "stoch", Title: "Stochastic state", Help: "Size of the random part of the latent state.", Min: 1, Max: 256, Value: &c.Stoch},
		{Key: "deter", Title: "Deterministic state", Help: "Size of the recurrent part of the latent state; more remembers more and plans more slowly.", Min: 1, Max: 2048, Value: &c.Deter},
		{Key: "hidden", Title: "Hidden units", Help: "Units of the dense layers around the recurrent cell.", Min: 1, Max: 2048, Value: &c.Hidden},
		{Key: "embed_depth", Title: "Image channels", Help: "Channels of the first encoder layer; the others are multiples of it.", Min: 1, Max: 128, Value: &c.EmbedDepth},
		{Key: "decoder_units", Title: "Decoder units", Help: "Units of the dense layer in front of the image decoder.", Min: 1, Max: 8192, Value: &c.DecoderUnits},
		{Key: "reward_layers", Title: "Reward layers", Help: "Hidden layers of the reward head.", Min: 0, Max: 8, Value: &c.RewardLayers},
		{Key: "reward_units", Title: "Reward units", Help: "Units of each hidden layer of the reward head.", Min: 1, Max: 2048, Value: &c.RewardUnits},
		{Key: "min_std", Title: "Smallest deviation", Help: "Added to every standard deviation of the latent state; more keeps the state fuzzier.", Min: 1e-4, Max: 10, Log: true, Value: &c.MinStd},
	}
}

func (c *Config) trainingFields() []setting.Field {
	return []setting.Field{
		{Key: "image_scale", Title: "Image weight", Help: "Weight of the image error in the loss.", Min: 0, Max: 1e4, Value: &c.ImageScale},
		{Key: "reward_scale", Title: "Reward weight", Help: "Weight of the reward error in the loss; more makes rare rewards count against many pixels.", Min: 0, Max: 1e6, Value: &c.RewardScale},
		{Key: "kl_scale", Title: "KL weight", Help: "Weight of the distance between prior and posterior in the loss.", Min: 0, Max: 1e4, Value: &c.KLScale},
		{Key: "free_nats", Title: "Free nats", Unit: "nat", Help: "Distance between prior and posterior that costs nothing; too much leaves the prior untrained.", Min: 0, Max: 100, Value: &c.FreeNats},
		{Key: "learning_rate", Title: "Learning rate", Help: "Step size of Adam.", Min: 1e-7, Max: 1, Log: true, Value: &c.LearningRate},
		{Key: "anneal", Title: "Annealing", Help: "Share of the updates, at their end, over which the learning rate falls to almost zero; 0 is the papers' constant rate, more settles noisy weights.", Min: 0, Max: 1, Value: &c.Anneal},
		{Key: "beta1", Title: "Beta 1", Help: "Memory of Adam's mean gradient.", Min: 0, Max: 0.99999, Value: &c.Beta1},
		{Key: "beta2", Title: "Beta 2", Help: "Memory of Adam's mean squared gradient.", Min: 0, Max: 0.9999999, Value: &c.Beta2},
		{Key: "epsilon", Title: "Adam epsilon", Help: "Keeps Adam's division finite; more damps small gradients.", Min: 1e-12, Max: 1, Log: true, Value: &c.Epsilon},
		{Key: "clip_norm", Title: "Gradient clip", Help: "Gradients longer than this are shortened to it.", Min: 1e-3, Max: 1e9, Log: true, Value: &c.ClipNorm},
		{Key: "batch", Title: "Batch", Help: "Sequences in one gradient step.", Min: 1, Max: 1024, Value: &c.Batch},
		{Key: "length", Title: "Sequence length", Help: "Time steps of a training sequence.", Min: 1, Max: 1024, Value: &c.Length},
		{Key: "updates", Title: "Updates", Help: "Gradient steps of a whole training.", Min: 1, Max: 1e8, Value: &c.Updates},
	}
}

// Validate returns an error for the first field out of range.
func (c *Config) Validate() error {
	if err := setting.Check(c.Fields()); err != nil {
		return fmt.Errorf("world model: %w", err)
	}
	return nil
}

// NetworkError says in which setting two configurations' networks differ.
type NetworkError struct {
	Key       string
	Got, Want string
}

func (e *NetworkError) Error() string {
	return fmt.Sprintf("world model: networks differ: %s is %s, want %s", e.Key, e.Got, e.Want)
}

// SameNetworks returns a *NetworkError unless parameters of other fit c. What
// only training reads may differ.
func (c *Config) SameNetworks(other *Config) error {
	got := other.sizeFields()
	for i, want := range c.sizeFields() {
		if g, w := got[i].String(), want.String(); g != w {
			return &NetworkError{want.Key, g, w}
		}
	}
	return nil
}
