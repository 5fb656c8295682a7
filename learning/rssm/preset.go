package rssm

import (
	"fmt"
	"slices"
	"strings"
)

// presets are the configurations people start from.
var presets = []Config{
	{ // LatCo's released configuration
		Preset: "paper",
		Stoch:  30, Deter: 200, Hidden: 200, EmbedDepth: 32, DecoderUnits: 1024,
		RewardLayers: 2, RewardUnits: 400, MinStd: 0.1,
		Dynamics: RSSM, Cell: ResetAfter, Activation: ELU, Heads: JointHeads, ImageBits: 8,
		ImageScale: 1, RewardScale: 1, KLScale: 1, FreeNats: 3, FreeNatsOf: FreeOnAverage,
		OvershootingKL: 1, OvershootingReward: 1,
		LearningRate: 6e-4, Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-7, ClipNorm: 100,
		Batch: 50, Length: 50, Updates: 50_000,
	},
	{ // small scenes, minutes on two cores
		Preset: "class",
		Stoch:  16, Deter: 64, Hidden: 64, EmbedDepth: 8, DecoderUnits: 128,
		RewardLayers: 2, RewardUnits: 128, MinStd: 0.1,
		Dynamics: RSSM, Cell: ResetAfter, Activation: ELU, Heads: JointHeads, ImageBits: 8,
		// No free nats: they are free on average over the batch, so that a rare
		// surprise, such as the lottery's draw, would cost nothing, and the prior
		// would never learn how uncertain it is. Images weigh more instead, or
		// small things would not be worth the nats to say where they are.
		ImageScale: 4, RewardScale: 1, KLScale: 1, FreeNats: 0, FreeNatsOf: FreeOnAverage,
		OvershootingKL: 1, OvershootingReward: 1,
		LearningRate: 2e-3, Anneal: 0.4, Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-7, ClipNorm: 1000,
		Batch: 16, Length: 20, Updates: 8000,
	},
	planet,
	planetV1(),
}

// planet is PlaNet's configuration as of the published paper (Hafner et al.
// 2019, arXiv v5, and the program released with it): 1000 episodes of 100
// updates.
var planet = Config{
	Preset: "planet",
	Stoch:  30, Deter: 200, Hidden: 200, EmbedDepth: 32, DecoderUnits: 1024,
	RewardLayers: 3, RewardUnits: 300, MinStd: 0.1,
	Dynamics: RSSM, Cell: ResetBefore, Activation: ReLU, Heads: SeparateHeads, ImageBits: 5,
	ImageScale: 1, RewardScale: 10, KLScale: 1, FreeNats: 3, FreeNatsOf: FreeEachStep,
	OvershootingKL: 1, OvershootingReward: 100,
	LearningRate: 1e-3, Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-4, ClipNorm: 1000,
	Batch: 50, Length: 50, Updates: 100_000,
}

// planetV1 is PlaNet as of February 2019 (arXiv v1 to v3): latent overshooting
// over every distance of a sequence.
func planetV1() Config {
	c := planet
	c.Preset = "planet-v1"
	c.FreeNats, c.GlobalKL, c.Ramp = 2, 0.1, 10_000
	c.Overshooting = c.Length - 1
	return c
}

// Presets are the names Preset knows, sorted.
func Presets() []string {
	var names []string
	for _, c := range presets {
		names = append(names, c.Preset)
	}
	slices.Sort(names)
	return names
}

// Preset is a copy of the configuration called name.
func Preset(name string) (Config, error) {
	for _, c := range presets {
		if c.Preset == name {
			return c, nil
		}
	}
	return Config{}, fmt.Errorf("no world model preset %q; known: %s", name, strings.Join(Presets(), ", "))
}
