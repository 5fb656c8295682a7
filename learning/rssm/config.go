package rssm

import (
	"encoding/json"
	"fmt"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/graph"
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

	Dynamics   string `json:"dynamics"`   // RSSM, GRU, SSM or SSMLatCo
	Cell       string `json:"cell"`       // ResetAfter or ResetBefore: where the GRU resets; RSSM and GRU only
	Activation string `json:"activation"` // ELU or ReLU, of the dense layers but the decoder's
	Heads      string `json:"heads"`      // JointHeads or SeparateHeads: how means and deviations are initialised
	ImageBits  int    `json:"image_bits"` // 8: as they are; less: cut, and with noise between the levels

	ImageScale  float64 `json:"image_scale"`  // weight of the image log-likelihood, summed over pixels
	RewardScale float64 `json:"reward_scale"` // weight of the reward log-likelihood
	KLScale     float64 `json:"kl_scale"`     // weight of the KL beyond the free nats; GRU has none
	FreeNats    float64 `json:"free_nats"`    // KL below which there is no gradient
	FreeNatsOf  string  `json:"free_nats_of"` // FreeOnAverage or FreeEachStep
	GlobalKL    float64 `json:"global_kl"`    // weight of KL(posterior ‖ N(0, I))

	Overshooting       int     `json:"overshooting"`        // distance of latent overshooting; 0 = none, beyond Length all there are
	OvershootingKL     float64 `json:"overshooting_kl"`     // weight of KL(posterior ‖ open-loop prior) beyond the free nats
	OvershootingReward float64 `json:"overshooting_reward"` // weight of the open-loop rewards' log-likelihood

	NormalizeReward bool `json:"normalize_reward"` // learn (reward − running mean)/running deviation

	LearningRate float64 `json:"learning_rate"`
	Ramp         int     `json:"ramp"`   // updates over which the rate rises from zero
	Anneal       float64 `json:"anneal"` // share of Updates, at their end, over which the rate falls to zero
	Beta1        float64 `json:"beta1"`
	Beta2        float64 `json:"beta2"`
	Epsilon      float64 `json:"epsilon"`   // of Adam
	ClipNorm     float64 `json:"clip_norm"` // gradients are shortened to this global norm

	Batch   int `json:"batch"`   // sequences a gradient step
	Length  int `json:"length"`  // time steps a sequence
	Updates int `json:"updates"` // gradient steps of a whole training
}

// The choices of Config's words.
const (
	RSSM     = "rssm"      // a GRU beside a random state
	GRU      = "gru"       // PlaNet's deterministic model: an RSSM that takes means and pays no KL
	SSM      = "ssm"       // PlaNet's stochastic model
	SSMLatCo = "ssm-latco" // LatCo's model without deterministic state

	ResetAfter  = "reset-after"  // as Keras and Torch have it
	ResetBefore = "reset-before" // TensorFlow's GRUBlockCell, gates biased by 1

	ELU  = "elu"
	ReLU = "relu"

	JointHeads    = "joint"    // one dense layer, split into mean and deviation
	SeparateHeads = "separate" // one each

	FreeOnAverage = "mean" // max(mean KL, free), as Dreamer and LatCo have it
	FreeEachStep  = "step" // mean of max(0, KL − free), as PlaNet has it
)

// defaults are what files from before there was a choice mean.
func (c *Config) defaults() {
	c.Dynamics, c.Cell, c.Activation, c.Heads = RSSM, ResetAfter, ELU, JointHeads
	c.ImageBits, c.FreeNatsOf = 8, FreeOnAverage
	c.OvershootingKL, c.OvershootingReward = 1, 1
}

// UnmarshalJSON reads what a file says over the defaults.
func (c *Config) UnmarshalJSON(text []byte) error {
	type plain Config
	var p plain
	(*Config)(&p).defaults()
	if err := json.Unmarshal(text, &p); err != nil {
		return err
	}
	*c = Config(p)
	return nil
}

// dynamics is what the graph calls the model.
func (c *Config) dynamics() graph.Dynamics {
	switch {
	case c.Dynamics == SSM:
		return graph.Markov
	case c.Dynamics == SSMLatCo:
		return graph.DeepMarkov
	case c.Cell == ResetBefore:
		return graph.ResetBefore
	}
	return graph.ResetAfter
}

// deter is the size of h, which stochastic models do not have.
func (c *Config) deter() int {
	if c.dynamics().Recurrent() {
		return c.Deter
	}
	return 0
}

// samples says that states are drawn, rather than means taken.
func (c *Config) samples() bool { return c.Dynamics != GRU }

// klScale is the weight of the KL.
func (c *Config) klScale() float64 {
	if c.Dynamics == GRU {
		return 0
	}
	return c.KLScale
}

// act is the activation of the dense layers.
func (c *Config) act() device.Activation {
	if c.Activation == ReLU {
		return device.ReLU
	}
	return device.ELU
}

// Feature is Z, the size of [stoch, deter].
func (c *Config) Feature() int { return c.Stoch + c.deter() }

// Embed is the size of an encoded image.
func (c *Config) Embed() int { return 2 * 2 * 8 * c.EmbedDepth }

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
	got := other.networkFields()
	for i, want := range c.networkFields() {
		if g, w := got[i].String(), want.String(); g != w {
			return &NetworkError{want.Key, g, w}
		}
	}
	return nil
}
