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
		ImageScale: 1, RewardScale: 1, KLScale: 1, FreeNats: 3,
		LearningRate: 6e-4, Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-7, ClipNorm: 100,
		Batch: 50, Length: 50, Updates: 50_000,
	},
	{ // small scenes, minutes on two cores
		Preset: "class",
		Stoch:  16, Deter: 64, Hidden: 64, EmbedDepth: 8, DecoderUnits: 128,
		RewardLayers: 2, RewardUnits: 128, MinStd: 0.1,
		// No free nats: they are free on average over the batch, so that a rare
		// surprise, such as the lottery's draw, would cost nothing, and the prior
		// would never learn how uncertain it is. Images weigh more instead, or
		// small things would not be worth the nats to say where they are.
		ImageScale: 4, RewardScale: 1, KLScale: 1, FreeNats: 0,
		LearningRate: 2e-3, Anneal: 0.4, Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-7, ClipNorm: 1000,
		Batch: 16, Length: 20, Updates: 8000,
	},
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
