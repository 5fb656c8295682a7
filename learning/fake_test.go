package learning

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand"
	"slices"
	"testing"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/rssm"
)

// tinyConfig is the smallest world model there is: sequences of 4 rows, 2 a batch.
func tinyConfig(t testing.TB) rssm.Config {
	t.Helper()
	cfg, err := rssm.Preset("class")
	if err != nil {
		t.Fatal(err)
	}
	cfg.Stoch, cfg.Deter, cfg.Hidden, cfg.EmbedDepth = 2, 3, 2, 1
	cfg.DecoderUnits, cfg.RewardLayers, cfg.RewardUnits = 2, 1, 2
	cfg.Batch, cfg.Length = 2, 4
	return cfg
}

// fakeWorld has learners whose numbers depend on every byte of every batch, in
// order, and on a noise generator: if two runs end alike, they saw the same.
type fakeWorld struct {
	nanAt  int // the update that gives NaN; 0 = none
	failAt int // the update that fails
	loseAt int // the update at which the device is lost
	seen   *[]rssm.Batch
}

func (fakeWorld) Params(cfg rssm.Config, actionDim int, seed int64) (*rssm.Params, error) {
	return rssm.NewParams(cfg, actionDim, seed)
}

func (w fakeWorld) Learner(p *rssm.Params, _ device.Device, seed int64) (learner, error) {
	n := len(p.Values)
	return &fakeLearner{world: w, params: *p, values: slices.Clone(p.Values),
		m: make([]float32, n), v: make([]float32, n), noise: uint64(seed)}, nil
}

func (fakeWorld) Predictor(p *rssm.Params, _ device.Device) (predictor, error) {
	return fakePredictor{}, nil
}

type fakeLearner struct {
	world        fakeWorld
	params       rssm.Params
	values, m, v []float32
	step         int
	noise        uint64
}

func (l *fakeLearner) Update(b *rssm.Batch) (rssm.Losses, error) {
	h := fnv.New64a()
	h.Write(b.Pixels)
	binary.Write(h, binary.LittleEndian, b.Actions)
	binary.Write(h, binary.LittleEndian, b.Rewards)
	l.noise = splitMix(l.noise ^ h.Sum64())
	l.step++
	if l.world.seen != nil {
		*l.world.seen = append(*l.world.seen, rssm.Batch{B: b.B, T: b.T, Pixels: slices.Clone(b.Pixels),
			Actions: slices.Clone(b.Actions), Rewards: slices.Clone(b.Rewards)})
	}
	x := float32(l.noise>>40) / (1 << 24)
	i := l.step % len(l.values)
	l.values[i] = 0.9*l.values[i] + x
	l.m[i], l.v[i] = l.m[i]+x, l.v[i]-x
	losses := rssm.Losses{Total: float64(x), Image: 1, Reward: 2, KL: 3, GradNorm: 4}
	switch l.step {
	case l.world.nanAt:
		losses.KL = math.NaN()
	case l.world.failAt:
		return losses, errors.New("device lost")
	case l.world.loseAt:
		return losses, &device.LostError{Device: "the GPU", Reason: errors.New("driver reset")}
	}
	return losses, nil
}

func (l *fakeLearner) Snapshot() (*rssm.Params, error) {
	p := l.params
	p.Updates, p.Values = l.step, slices.Clone(l.values)
	return &p, nil
}

func (l *fakeLearner) State() (rssm.TrainerState, error) {
	p, _ := l.Snapshot()
	return rssm.TrainerState{Params: p, First: slices.Clone(l.m), Second: slices.Clone(l.v), Step: l.step,
		Noise: binary.LittleEndian.AppendUint64(nil, l.noise)}, nil
}

func (l *fakeLearner) Restore(s rssm.TrainerState) error {
	l.values, l.m, l.v = slices.Clone(s.Params.Values), slices.Clone(s.First), slices.Clone(s.Second)
	l.step, l.noise = s.Step, binary.LittleEndian.Uint64(s.Noise)
	return nil
}

func (l *fakeLearner) Close() error { return nil }

// fakePredictor's feature is (number of frames seen, first pixel of the last,
// sum of the actions); it decodes the second number into every pixel.
type fakePredictor struct{}

func (fakePredictor) Close() error { return nil }

func (fakePredictor) Filter(actions []float64, pixels []uint8, n int, _ *rand.Rand) ([]float64, error) {
	var features []float64
	sum := 0.0
	for t := range n {
		for _, a := range actions[t*len(actions)/n : (t+1)*len(actions)/n] {
			sum += a
		}
		features = append(features, float64(t+1), float64(pixels[t*FramePixels]), sum)
	}
	return features, nil
}

func (fakePredictor) Imagine(feature, actions, latents, rewards []float64, rng *rand.Rand) error {
	if rng != nil {
		return errors.New("an open-loop prediction takes means")
	}
	copy(latents, feature)
	a := len(actions) / len(rewards)
	for t := range rewards {
		z, next := latents[3*t:3*t+3], latents[3*t+3:3*t+6]
		copy(next, z)
		for _, x := range actions[t*a : (t+1)*a] {
			next[2] += x
		}
		rewards[t] = next[2]
	}
	return nil
}

func (fakePredictor) Decode(n int, features []float64, pixels []uint8) error {
	for t := range n {
		for i := range FramePixels {
			pixels[t*FramePixels+i] = uint8(features[3*t+1])
		}
	}
	return nil
}

// fakeEvaluator obtains what depends on the number of the episode and on every
// parameter.
type fakeEvaluator struct{}

func (fakeEvaluator) Evaluate(ctx context.Context, task int, p *rssm.Params, i int) (*EpisodeMetric, error) {
	h := fnv.New64a()
	binary.Write(h, binary.LittleEndian, p.Values)
	x := float64(h.Sum64()>>40) + float64(task)
	return &EpisodeMetric{Policy: "planned", Seed: int64(-1 - i), ShapedReturn: x, SparseReturn: -x, Steps: 20}, ctx.Err()
}

// fakeCollector makes episodes that depend on the seed and on every parameter.
type fakeCollector struct {
	tasks []RunTask // several; nil is one of two actions
	steps int
	calls *int
	fail  error
}

func (c fakeCollector) Collect(ctx context.Context, a Assignment) (*Episode, error) {
	if c.calls != nil {
		*c.calls++
	}
	if c.fail != nil {
		return nil, c.fail
	}
	h := fnv.New64a()
	name, dims := "count", 2
	if len(c.tasks) > 0 {
		name, dims = c.tasks[a.Task].Name, c.tasks[a.Task].ActionDim
	}
	info := EpisodeInfo{Task: name, Policy: "random", Seed: a.Seed, ActionRepeat: 2}
	if p := a.Params; p != nil {
		info.Policy = "planned"
		binary.Write(h, binary.LittleEndian, p.Values)
		binary.Write(h, binary.LittleEndian, a.Noise)
		if p.ActionDim != dims {
			return nil, fmt.Errorf("parameters of %d actions for %s", p.ActionDim, name)
		}
	}
	rng := rand.New(rand.NewSource(a.Seed ^ int64(h.Sum64()>>1)))
	pixels := make([]uint8, FramePixels)
	rng.Read(pixels[:64])
	e, err := NewEpisode(info, dims, pixels, nil)
	for t := 1; err == nil && t <= c.steps; t++ {
		rng.Read(pixels[:64])
		s := Step{Action: make([]float64, dims), Pixels: pixels, Discount: 1}
		for i := range s.Action {
			s.Action[i] = rng.Float64()
		}
		if t == c.steps/2 {
			s.Reward = rng.NormFloat64()
		}
		err = e.Append(s)
	}
	return e, errors.Join(err, ctx.Err())
}
