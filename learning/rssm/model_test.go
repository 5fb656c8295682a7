package rssm

import (
	"errors"
	"math"
	"math/rand"
	"testing"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/device/purego"
	"github.com/latco-studio/latco/resources/philox"
)

// newModel has parameters large enough for every activation to bend.
func newModel(t *testing.T, c Config, actionDim int) (*Model, *Params) {
	t.Helper()
	p, err := NewParams(c, actionDim, 3)
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewSource(4))
	for i := range p.Values {
		p.Values[i] += float32(0.1 * rng.NormFloat64())
	}
	m, err := NewModel(p, purego.New())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	return m, p
}

func newRand(seed int64) *rand.Rand { return rand.New(rand.NewSource(seed)) }

func normals(rng *rand.Rand, n int) []float64 {
	v := make([]float64, n)
	for i := range v {
		v[i] = rng.NormFloat64()
	}
	return v
}

// The filter with means gives what the training scan gives without noise.
func TestFilterEqualsTrainingScan(t *testing.T) {
	forVariants(t, func(t *testing.T, c Config) { filterEqualsTrainingScan(t, c) })
}

func filterEqualsTrainingScan(t *testing.T, c Config) {
	m, p := newModel(t, c, 1)
	tr, err := NewTrainer(p, purego.New(), 1)
	if err != nil {
		t.Fatal(err)
	}
	defer tr.Close()
	batch := toyBatch(2, 4, 5)
	if err := tr.prepare(batch, Normalizer{}); err != nil {
		t.Fatal(err)
	}
	tr.dev.Fill(tr.graph.noise, 0)
	if err := tr.graph.Run(); err != nil {
		t.Fatal(err)
	}
	s := p.Config.observe(batch.B, batch.T, 1)
	scan := s.View(tr.graph.Buffer(tr.graph.states))
	for b := range batch.B {
		belief := m.Initial()
		for i := range batch.T {
			n := b*batch.T + i
			belief, err = m.Observe(belief, []float64{float64(batch.Actions[n])}, batch.Pixels[n*Pixels:(n+1)*Pixels], nil)
			if err != nil {
				t.Fatal(err)
			}
			row := i*batch.B + b
			near32(t, "mean", belief.Mean, scan.PostMean, row)
			near32(t, "std", belief.Std, scan.PostStd, row)
			near32(t, "stoch", belief.Stoch, scan.Stoch, row)
			near32(t, "deter", belief.Deter, scan.Deter, row)
		}
	}
}

func near32(t *testing.T, what string, got []float32, want device.Mat, row int) {
	t.Helper()
	for i, v := range got {
		w := want.Host[want.Offset+row*want.Stride+i]
		if math.Abs(float64(v-w)) > 1e-5 {
			t.Fatalf("%s[%d] of row %d is %g, the training scan has %g", what, i, row, v, w)
		}
	}
}

func TestObserveSamplesThePosterior(t *testing.T) {
	m, _ := newModel(t, tiny(), 1)
	b := toyBatch(1, 1, 5)
	x, err := m.Observe(m.Initial(), []float64{0.1}, b.Pixels, rand.New(rand.NewSource(1)))
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewSource(1))
	for i, v := range x.Stoch {
		want := x.Mean[i] + x.Std[i]*float32(rng.NormFloat64())
		if math.Abs(float64(v-want)) > 1e-6 {
			t.Errorf("stoch[%d] is %g, want mean + std·ε = %g", i, v, want)
		}
	}
}

// Linearize's values are Imagine's, its Jacobians are central differences of
// its values.
func TestLinearize(t *testing.T) {
	forVariants(t, func(t *testing.T, c Config) { linearize(t, c) })
}

func linearize(t *testing.T, c Config) {
	m, _ := newModel(t, c, 2)
	rng := rand.New(rand.NewSource(6))
	n, w, a := 70, m.FeatureDim(), m.ActionDim() // more than one chunk
	z, act := normals(rng, n*w), normals(rng, n*a)
	next, dz, da := make([]float64, n*w), make([]float64, n*w*w), make([]float64, n*w*a)
	if err := m.Linearize(n, z, act, next, dz, da); err != nil {
		t.Fatal(err)
	}
	latents, reward := make([]float64, 2*w), make([]float64, 1)
	for i := range n {
		if err := m.Imagine(z[i*w:(i+1)*w], act[i*a:(i+1)*a], latents, reward, nil); err != nil {
			t.Fatal(err)
		}
		nearAll(t, "next", next[i*w:(i+1)*w], latents[w:], 1e-5)
	}
	value := func(out []float64) {
		if err := m.Linearize(n, z, act, out, nil, nil); err != nil {
			t.Fatal(err)
		}
	}
	differences(t, "dz", n, w, w, z, dz, value)
	differences(t, "da", n, w, a, act, da, value)
}

// differences checks n Jacobians (rows×cols) of value with respect to x.
func differences(t *testing.T, what string, n, rows, cols int, x, jac []float64, value func(out []float64)) {
	t.Helper()
	const h = 3e-3
	hi, lo := make([]float64, n*rows), make([]float64, n*rows)
	keep := append([]float64{}, x...)
	largest := 0.0
	for c := range cols {
		for i := range n {
			x[i*cols+c] = keep[i*cols+c] + h
		}
		value(hi)
		for i := range n {
			x[i*cols+c] = keep[i*cols+c] - h
		}
		value(lo)
		copy(x, keep)
		for i := range n {
			for r := range rows {
				want := (hi[i*rows+r] - lo[i*rows+r]) / (2 * h)
				got := jac[(i*rows+r)*cols+c]
				largest = math.Max(largest, math.Abs(want))
				if math.Abs(got-want) > 1e-3*(1+math.Abs(want)) {
					t.Fatalf("%s[%d][%d][%d] is %g, central difference %g", what, i, r, c, got, want)
				}
			}
		}
	}
	if largest < 0.05 {
		t.Fatalf("%s: largest derivative is %g: the check proves nothing", what, largest)
	}
}

func TestLinearizeReward(t *testing.T) {
	c := tiny()
	c.RewardLayers = 2
	m, _ := newModel(t, c, 1)
	n, w := 300, m.FeatureDim()
	z := normals(rand.New(rand.NewSource(7)), n*w)
	r, drdz := make([]float64, n), make([]float64, n*w)
	if err := m.LinearizeReward(n, z, r, drdz); err != nil {
		t.Fatal(err)
	}
	differences(t, "drdz", n, 1, w, z, drdz, func(out []float64) {
		if err := m.LinearizeReward(n, z, out, nil); err != nil {
			t.Fatal(err)
		}
	})
}

// The moments are those of the samples, their Jacobians the central differences
// at fixed noise.
func TestLinearizeMoments(t *testing.T) {
	forVariants(t, func(t *testing.T, c Config) { linearizeMoments(t, c) })
}

func linearizeMoments(t *testing.T, c Config) {
	m, _ := newModel(t, c, 2)
	rng := rand.New(rand.NewSource(8))
	n, k, w, a := 5, 40, m.FeatureDim(), m.ActionDim() // three rows a chunk
	mean, act := normals(rng, n*w), normals(rng, n*a)
	std := make([]float64, n*w)
	for i := range std {
		std[i] = 0.5 * rng.Float64()
	}
	next, nextStd := make([]float64, n*w), make([]float64, n*w)
	dz, da := make([]float64, n*w*w), make([]float64, n*w*a)
	moments := func(mean, std []float64, next, nextStd, dz, da []float64) {
		t.Helper()
		err := m.LinearizeMoments(n, k, mean, std, act, next, nextStd, dz, da, 9, 0)
		if err != nil {
			t.Fatal(err)
		}
	}
	moments(mean, std, next, nextStd, dz, da)
	value := func(out []float64) { moments(mean, std, out, nextStd, nil, nil) }
	differences(t, "dz", n, w, w, mean, dz, value)
	differences(t, "da", n, w, a, act, da, value)
}

// Expected rewards are means over samples with noise of their own, their gradient
// the central differences at fixed noise, whatever the number of rows and samples.
func TestExpectRewards(t *testing.T) {
	m, _ := newModel(t, tiny(), 2)
	rng := newRand(8)
	n, w := 11, m.FeatureDim()
	mean, std := normals(rng, n*w), make([]float64, n*w)
	for i := range std {
		std[i] = 0.5 * rng.Float64()
	}
	for _, k := range []int{1, 2, 40, 300} { // more rows than are sampled at once, and more samples
		reward, cost, dcost := make([]float64, n), make([]float64, n), make([]float64, n*w)
		expect := func(mean, cost, dcost []float64) {
			t.Helper()
			if err := m.ExpectRewards(n, k, mean, std, reward, cost, dcost, 9, 5); err != nil {
				t.Fatal(err)
			}
		}
		expect(mean, cost, dcost)
		wantReward, wantCost := sampledRewards(t, m, n, k, mean, std, 9, 5)
		nearAll(t, "reward", reward, wantReward, 1e-5)
		nearAll(t, "cost", cost, wantCost, 1e-5)
		differences(t, "dcost", n, 1, w, mean, dcost, func(out []float64) {
			expect(mean, out, make([]float64, n*w))
		})
		// A row alone is what it is among others.
		one, alone := make([]float64, 1), make([]float64, w)
		if err := m.ExpectRewards(1, k, mean[7*w:8*w], std[7*w:8*w], one, make([]float64, 1), alone, 9, 5+7); err != nil {
			t.Fatal(err)
		}
		nearAll(t, "a row's reward", one, wantReward[7:8], 1e-5)
		nearAll(t, "a row's gradient", alone, dcost[7*w:8*w], 1e-5)
	}
	if err := m.ExpectRewards(1, 0, mean[:w], std[:w], mean[:1], mean[:1], mean[:w], 1, 0); err == nil {
		t.Error("expected rewards of no samples were taken")
	}
}

// sampledRewards are means of r and softplus(−r) by LinearizeReward.
func sampledRewards(t *testing.T, m *Model, n, k int, mean, std []float64, seed uint64, first int) (reward, cost []float64) {
	t.Helper()
	w := m.FeatureDim()
	noise := make([]float32, n*k*w)
	philox.Normals(seed, 2, first*k*w, noise)
	z, r := make([]float64, n*k*w), make([]float64, n*k)
	for i := range z {
		at := i/(k*w)*w + i%w
		z[i] = mean[at] + std[at]*float64(noise[i])
	}
	if err := m.LinearizeReward(n*k, z, r, nil); err != nil {
		t.Fatal(err)
	}
	reward, cost = make([]float64, n), make([]float64, n)
	for i, v := range r {
		reward[i/k] += v / float64(k)
		cost[i/k] += math.Log1p(math.Exp(-v)) / float64(k)
	}
	return reward, cost
}

// Without spread in z the samples differ by the prior's noise alone: their mean
// and deviation are those of the prior, and deter has none.
func TestMomentsOfAPoint(t *testing.T) {
	m, _ := newModel(t, tiny(), 1)
	k, w, s := 4000, m.FeatureDim(), m.config.Stoch
	z, act, std := normals(rand.New(rand.NewSource(1)), w), []float64{0.3}, make([]float64, w)
	mean, dev, plain := make([]float64, w), make([]float64, w), make([]float64, w)
	if err := m.LinearizeMoments(1, k, z, std, act, mean, dev, nil, nil, 2, 0); err != nil {
		t.Fatal(err)
	}
	if err := m.Linearize(1, z, act, plain, nil, nil); err != nil {
		t.Fatal(err)
	}
	prior := m.step.std.Host[:s] // of the first sample; all are equal
	nearAll(t, "deter", mean[s:], plain[s:], 1e-5)
	for i := range s {
		want := float64(prior[i])
		if math.Abs(mean[i]-plain[i]) > 5*want/math.Sqrt(float64(k)) {
			t.Errorf("mean[%d] %g, prior mean %g", i, mean[i], plain[i])
		}
		if math.Abs(dev[i]-want) > 0.1*want {
			t.Errorf("std[%d] %g, prior std %g", i, dev[i], want)
		}
	}
	for i := s; i < w; i++ {
		if dev[i] > 1e-6 {
			t.Errorf("deter %d has deviation %g", i-s, dev[i])
		}
	}
}

// Scores are the sums of what Imagine predicts.
func TestScoreIsTheSumOfImaginedRewards(t *testing.T) {
	forVariants(t, func(t *testing.T, c Config) { scoreIsTheSum(t, c) })
}

func scoreIsTheSum(t *testing.T, c Config) {
	m, _ := newModel(t, c, 2)
	rng := rand.New(rand.NewSource(10))
	n, h, w := 300, 4, m.FeatureDim() // more than one chunk
	feature, actions := normals(rng, w), normals(rng, n*h*2)
	narrow := make([]float32, len(actions))
	for i, v := range actions {
		narrow[i] = float32(v)
	}
	returns := make([]float64, n)
	if err := m.Score(feature, narrow, n, h, returns, nil); err != nil {
		t.Fatal(err)
	}
	latents, rewards := make([]float64, (h+1)*w), make([]float64, h)
	for i := range n {
		if err := m.Imagine(feature, actions[i*h*2:(i+1)*h*2], latents, rewards, nil); err != nil {
			t.Fatal(err)
		}
		sum := 0.0
		for _, r := range rewards {
			sum += r
		}
		if math.Abs(sum-returns[i]) > 1e-4 {
			t.Fatalf("sequence %d: score %g, imagined %g", i, returns[i], sum)
		}
	}
}

func TestSampledRolloutsFollowTheSeed(t *testing.T) {
	m, _ := newModel(t, tiny(), 1)
	w := m.FeatureDim()
	roll := func(seed int64) []float64 {
		out := make([]float64, 4*w)
		err := m.Imagine(make([]float64, w), []float64{0.1, 0.2, 0.3}, out, make([]float64, 3), rand.New(rand.NewSource(seed)))
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	nearAll(t, "latents", roll(1), roll(1), 0)
	a, b := roll(1), roll(2)
	same := true
	for i := range a {
		same = same && a[i] == b[i]
	}
	if same {
		t.Error("two seeds gave one trajectory")
	}
}

// Decode paints what the training graph compares with the images.
func TestDecodeEqualsTraining(t *testing.T) {
	m, p := newModel(t, tiny(), 1)
	tr, err := NewTrainer(p, purego.New(), 1)
	if err != nil {
		t.Fatal(err)
	}
	defer tr.Close()
	if err := tr.prepare(toyBatch(3, 6, 5), Normalizer{}); err != nil {
		t.Fatal(err)
	}
	if err := tr.graph.Run(); err != nil {
		t.Fatal(err)
	}
	states, n, w := tr.graph.Buffer(tr.graph.states), 18, p.Config.Feature() // more than one chunk
	width := states.Len / n
	features, pixels := make([]float64, n*w), make([]uint8, n*Pixels)
	for i := range features {
		features[i] = float64(states.Host[i/w*width+i%w])
	}
	if err := m.Decode(n, features, pixels); err != nil {
		t.Fatal(err)
	}
	want := tr.graph.Buffer(tr.graph.picture).Host
	for i, v := range pixels {
		x := math.Min(255, math.Max(0, (float64(want[i])+0.5)*255))
		if math.Abs(x-float64(v)) > 0.51 {
			t.Fatalf("pixel %d is %d, the training graph has %g", i, v, x)
		}
	}
}

func TestWrongSizesAreErrors(t *testing.T) {
	m, _ := newModel(t, tiny(), 1)
	w := m.FeatureDim()
	for name, err := range map[string]error{
		"Score":     m.Score(make([]float64, w), make([]float32, 5), 2, 3, make([]float64, 2), nil),
		"Imagine":   m.Imagine(make([]float64, w), make([]float64, 2), make([]float64, 2*w), make([]float64, 1), nil),
		"Linearize": m.Linearize(1, make([]float64, w), make([]float64, 1), make([]float64, w), make([]float64, 3), nil),
		"Decode":    m.Decode(1, make([]float64, w), make([]uint8, 3)),
	} {
		var size *SizeError
		if !errors.As(err, &size) {
			t.Errorf("%s: %v, want a SizeError", name, err)
		}
	}
}

func nearAll(t *testing.T, what string, got, want []float64, tol float64) {
	t.Helper()
	for i := range want {
		if math.Abs(got[i]-want[i]) > tol {
			t.Fatalf("%s[%d] is %g, want %g", what, i, got[i], want[i])
		}
	}
}
