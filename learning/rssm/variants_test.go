package rssm

import (
	"encoding/json"
	"errors"
	"math"
	"math/rand"
	"strings"
	"testing"

	"github.com/latco-studio/latco/learning/device/purego"
	"github.com/latco-studio/latco/resources/setting"
)

// forVariants runs a test for small models of all dynamics. The others settings
// are the class preset's.
func forVariants(t *testing.T, test func(t *testing.T, c Config)) {
	for name, change := range map[string]func(c *Config){
		"rssm":         func(*Config) {},
		"reset-before": func(c *Config) { c.Cell, c.Heads = ResetBefore, SeparateHeads },
		"gru":          func(c *Config) { c.Dynamics = GRU },
		"ssm":          func(c *Config) { c.Dynamics = SSM },
		"ssm-latco":    func(c *Config) { c.Dynamics = SSMLatCo },
	} {
		c := tiny()
		change(&c)
		t.Run(name, func(t *testing.T) { test(t, c) })
	}
}

// Every preset and every dynamics learn: a dozen steps on one batch lower the
// total loss, with the losses that go with them.
func TestVariantsLearn(t *testing.T) {
	for _, preset := range []string{"class", "planet", "planet-v1"} {
		for _, dynamics := range []string{RSSM, GRU, SSM, SSMLatCo} {
			t.Run(preset+"/"+dynamics, func(t *testing.T) {
				c, err := Preset(preset)
				if err != nil {
					t.Fatal(err)
				}
				small := tiny()
				c.Stoch, c.Deter, c.Hidden, c.EmbedDepth, c.DecoderUnits = small.Stoch, small.Deter, small.Hidden, small.EmbedDepth, small.DecoderUnits
				c.RewardLayers, c.RewardUnits = 1, 8
				c.Dynamics, c.LearningRate, c.Ramp = dynamics, 1e-2, 3
				tr, b := newTrainer(t, c), toyBatch(1, 4, 1)
				before := update(t, tr, b)
				var after Losses
				for range 11 {
					after = update(t, tr, b)
				}
				if after.Total > 0.85*before.Total {
					t.Errorf("after 12 steps on one batch: %+v, at first %+v", after, before)
				}
				if over := c.Overshooting > 0; over != (before.OvershootingKL+before.OvershootingReward > 0) {
					t.Errorf("overshooting %d, losses %+v", c.Overshooting, before)
				}
				if (c.GlobalKL > 0) != (before.GlobalKL > 0) {
					t.Errorf("global prior %g, losses %+v", c.GlobalKL, before)
				}
			})
		}
	}
}

// A deterministic model draws nothing: its states do not depend on the seed.
func TestDeterministicModelIgnoresChance(t *testing.T) {
	c := tiny()
	c.Dynamics = GRU
	m, _ := newModel(t, c, 1)
	roll := func(rng *rand.Rand) []float64 {
		out := make([]float64, 3*m.FeatureDim())
		if err := m.Imagine(make([]float64, m.FeatureDim()), []float64{0.1, 0.2}, out, make([]float64, 2), rng); err != nil {
			t.Fatal(err)
		}
		return out
	}
	nearAll(t, "latents", roll(newRand(1)), roll(nil), 0)
	tr := newTrainer(t, c)
	if l := update(t, tr, toyBatch(2, 3, 1)); l.KL == 0 || math.Abs(l.Total-c.ImageScale*l.Image-c.RewardScale*l.Reward) > 1e-3*l.Total {
		t.Errorf("the KL has weight in %+v", l)
	}
}

// Quantised images: with a generator the filter sees noise between the levels,
// without it their middle, and nothing of the bits that are cut.
func TestQuantisedImages(t *testing.T) {
	c := tiny()
	c.ImageBits = 5
	m, _ := newModel(t, c, 1)
	see := func(pixels []uint8, rng *rand.Rand) []float32 {
		b, err := m.Observe(m.Initial(), []float64{0}, pixels, rng)
		if err != nil {
			t.Fatal(err)
		}
		return b.Mean
	}
	pixels := toyBatch(1, 1, 1).Pixels
	low := make([]uint8, len(pixels))
	for i, v := range pixels {
		low[i] = v&^7 | uint8(i)&7
	}
	sameFloats(t, "posterior of the same levels", see(pixels, nil), see(low, nil))
	one, two := see(pixels, newRand(1)), see(pixels, newRand(2))
	if one[0] == two[0] {
		t.Error("two seeds give one image")
	}
	if math.Abs(float64(one[0]-see(pixels, nil)[0])) > 0.1 {
		t.Errorf("posterior means %g with noise, %g without", one[0], see(pixels, nil)[0])
	}
}

// A model of three actions whose third is always zero is a model of two.
func TestNarrowPredictsTheSame(t *testing.T) {
	forVariants(t, func(t *testing.T, c Config) {
		wide, p := newModel(t, c, 3)
		q, err := p.Narrow(2)
		if err != nil {
			t.Fatal(err)
		}
		narrow, err := NewModel(q, purego.New())
		if err != nil {
			t.Fatal(err)
		}
		defer narrow.Close()
		pixels := toyBatch(1, 1, 1).Pixels
		a, err := wide.Observe(wide.Initial(), []float64{0.3, -0.7, 0}, pixels, newRand(1))
		if err != nil {
			t.Fatal(err)
		}
		b, err := narrow.Observe(narrow.Initial(), []float64{0.3, -0.7}, pixels, newRand(1))
		if err != nil {
			t.Fatal(err)
		}
		nearAll(t, "feature", b.Feature(), a.Feature(), 1e-6)
		plan := []float32{0.1, 0.2, 0.3, 0.4}
		x, y := make([]float64, 2), make([]float64, 2)
		if err := errors.Join(
			wide.Score(a.Feature(), PadActions(plan, 2, 3), 2, 1, x, nil),
			narrow.Score(a.Feature(), plan, 2, 1, y, nil),
		); err != nil {
			t.Fatal(err)
		}
		nearAll(t, "returns", y, x, 1e-6)
		if _, err := p.Narrow(4); err == nil {
			t.Error("a model of three actions was narrowed to four")
		}
	})
}

// Files from before there were variants hold what the first presets meant.
func TestOldConfigurationsKeepTheirMeaning(t *testing.T) {
	for _, name := range []string{"class", "paper"} {
		want, _ := Preset(name)
		text, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var all map[string]any
		if err := json.Unmarshal(text, &all); err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{"dynamics", "cell", "activation", "heads", "image_bits", "free_nats_of", "global_kl",
			"overshooting", "overshooting_kl", "overshooting_reward", "normalize_reward", "ramp"} {
			if _, ok := all[key]; !ok {
				t.Fatalf("no setting %s is stored", key)
			}
			delete(all, key)
		}
		if text, err = json.Marshal(all); err != nil {
			t.Fatal(err)
		}
		var got Config
		if err := json.Unmarshal(text, &got); err != nil {
			t.Fatal(err)
		}
		if got != want {
			t.Errorf("%s read from an old file is %+v, want %+v", name, got, want)
		}
	}
}

// Every setting that is stored can be set from text, and says what it may be.
func TestEveryValueIsASetting(t *testing.T) {
	c, _ := Preset("planet-v1")
	text, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]any
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	delete(all, "preset")
	for key, value := range setting.Map(c.Fields()) {
		if err := setting.Set(c.Fields(), key, value); err != nil {
			t.Errorf("%s: %v", key, err)
		}
		delete(all, key)
	}
	for key := range all {
		t.Errorf("%s is stored but cannot be set", key)
	}
	if err := setting.Set(c.Fields(), "dynamics", "lstm"); err == nil || !strings.Contains(err.Error(), "ssm-latco") {
		t.Errorf("error %v does not list the dynamics", err)
	}
}
