package rssm

import (
	"slices"

	"github.com/latco-studio/latco/resources/setting"
)

// Fields are the settings, pointing into c.
func (c *Config) Fields() []setting.Field {
	return slices.Concat(c.networkFields(), c.lossFields(), c.optimiserFields())
}

func (c *Config) networkFields() []setting.Field {
	return []setting.Field{
		{Key: "stoch", Title: "Stochastic state", Help: "Size of the random part of the latent state.", Min: 1, Max: 256, Value: &c.Stoch},
		{Key: "deter", Title: "Deterministic state", Help: "Size of the recurrent part of the latent state; more remembers more and plans more slowly. Stochastic models have none.", Min: 1, Max: 2048, Value: &c.Deter},
		{Key: "hidden", Title: "Hidden units", Help: "Units of the dense layers around the recurrent cell.", Min: 1, Max: 2048, Value: &c.Hidden},
		{Key: "embed_depth", Title: "Image channels", Help: "Channels of the first encoder layer; the others are multiples of it.", Min: 1, Max: 128, Value: &c.EmbedDepth},
		{Key: "decoder_units", Title: "Decoder units", Help: "Units of the dense layer in front of the image decoder.", Min: 1, Max: 8192, Value: &c.DecoderUnits},
		{Key: "reward_layers", Title: "Reward layers", Help: "Hidden layers of the reward head.", Min: 0, Max: 8, Value: &c.RewardLayers},
		{Key: "reward_units", Title: "Reward units", Help: "Units of each hidden layer of the reward head.", Min: 1, Max: 2048, Value: &c.RewardUnits},
		{Key: "min_std", Title: "Smallest deviation", Help: "Added to every standard deviation of the latent state; more keeps the state fuzzier.", Min: 1e-4, Max: 10, Log: true, Value: &c.MinStd},
		{Key: "dynamics", Title: "Dynamics", Help: "What carries the state: a GRU beside a random state (rssm), the same without chance and without KL (gru), or a random state alone, in PlaNet's form (ssm) or LatCo's (ssm-latco).", Choices: []string{RSSM, GRU, SSM, SSMLatCo}, Value: &c.Dynamics},
		{Key: "cell", Title: "Recurrent cell", Help: "Whether the GRU resets its state behind the product with the kernel, as LatCo has it, or before it, as PlaNet has it.", Choices: []string{ResetAfter, ResetBefore}, Value: &c.Cell},
		{Key: "activation", Title: "Activation", Help: "Of the dense layers: elu in LatCo, relu in PlaNet.", Choices: []string{ELU, ReLU}, Value: &c.Activation},
		{Key: "heads", Title: "Heads", Help: "Whether means and deviations start as one layer, as in LatCo, or as two, as in PlaNet, whose first weights are larger.", Choices: []string{JointHeads, SeparateHeads}, Value: &c.Heads},
		{Key: "image_bits", Title: "Image bits", Help: "Bits of a colour that are used; with less than 8, noise fills the gaps between the levels, as in PlaNet with 5.", Min: 1, Max: 8, Value: &c.ImageBits},
	}
}

func (c *Config) lossFields() []setting.Field {
	return []setting.Field{
		{Key: "image_scale", Title: "Image weight", Help: "Weight of the image error in the loss.", Min: 0, Max: 1e4, Value: &c.ImageScale},
		{Key: "reward_scale", Title: "Reward weight", Help: "Weight of the reward error in the loss; more makes rare rewards count against many pixels.", Min: 0, Max: 1e6, Value: &c.RewardScale},
		{Key: "kl_scale", Title: "KL weight", Help: "Weight of the distance between prior and posterior in the loss.", Min: 0, Max: 1e4, Value: &c.KLScale},
		{Key: "free_nats", Title: "Free nats", Unit: "nat", Help: "Distance between prior and posterior that costs nothing; too much leaves the prior untrained.", Min: 0, Max: 100, Value: &c.FreeNats},
		{Key: "free_nats_of", Title: "Free nats of", Help: "Whether the mean over the batch is let off, as in LatCo, or every step of every sequence, as in PlaNet.", Choices: []string{FreeOnAverage, FreeEachStep}, Value: &c.FreeNatsOf},
		{Key: "global_kl", Title: "Global prior weight", Help: "Weight of the distance between posterior and standard normal in the loss; more keeps the latent state near the origin.", Min: 0, Max: 1e4, Value: &c.GlobalKL},
		{Key: "overshooting", Title: "Overshooting", Unit: "steps", Help: "Furthest open-loop prediction that is trained beside the one-step prior; 0 is none, much more than the sequence length all there are.", Min: 0, Max: 1024, Value: &c.Overshooting},
		{Key: "overshooting_kl", Title: "Overshooting KL", Help: "Weight of the distance between open-loop predictions and posteriors, averaged over all of them.", Min: 0, Max: 1e4, Value: &c.OvershootingKL},
		{Key: "overshooting_reward", Title: "Overshooting reward", Help: "Weight of the reward error of open-loop predictions, averaged over all of them.", Min: 0, Max: 1e6, Value: &c.OvershootingReward},
		{Key: "normalize_reward", Title: "Normalise reward", Help: "Learn rewards divided by their running deviation, around their running mean: for shaped rewards of any size.", Value: &c.NormalizeReward},
	}
}

func (c *Config) optimiserFields() []setting.Field {
	return []setting.Field{
		{Key: "learning_rate", Title: "Learning rate", Help: "Step size of Adam.", Min: 1e-7, Max: 1, Log: true, Value: &c.LearningRate},
		{Key: "ramp", Title: "Ramp", Unit: "updates", Help: "Updates over which the learning rate rises to its value; 0 starts with it.", Min: 0, Max: 1e8, Value: &c.Ramp},
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
