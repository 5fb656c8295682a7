package rssm

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/resources/setting"
)

// torchCase is one network of testdata/torch_reference.py. A digest is a norm
// and the product with the direction cos(1.3·i), scaled to unit length.
type torchCase struct {
	Preset             string
	Settings           map[string]string
	Losses             map[string]float64
	GradNorm           float64 `json:"grad_norm"`
	Forward, Gradients map[string][2]float64
}

// The training graph of every preset and every dynamics against an
// implementation in PyTorch: what the network computes, each term of the loss,
// the gradient of every tensor.
func TestAgainstTorch(t *testing.T) {
	text, err := os.ReadFile("testdata/torch_reference.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases map[string]torchCase
	if err := json.Unmarshal(text, &cases); err != nil {
		t.Fatal(err)
	}
	for _, preset := range Presets() {
		if _, ok := cases[preset]; !ok {
			t.Errorf("there is no reference for preset %s", preset)
		}
	}
	for name, want := range cases {
		t.Run(name, func(t *testing.T) {
			withDevices(t, func(t *testing.T, dev device.Device) { againstTorch(t, dev, want) })
		})
	}
}

func againstTorch(t *testing.T, dev device.Device, want torchCase) {
	tr, got := torchStep(t, dev, torchConfig(t, want))
	defer tr.Close()
	batch := torchBatch()
	for term, value := range map[string]float64{
		"total": got.Total, "image": got.Image, "reward": got.Reward, "kl": got.KL, "global_kl": got.GlobalKL,
		"overshooting_kl": got.OvershootingKL, "overshooting_reward": got.OvershootingReward,
	} {
		nearTorch(t, term, value, want.Losses[term], want.Losses[term])
	}
	x := tr.graph.shape.View(tr.graph.Buffer(tr.graph.states))
	for name, m := range map[string]device.Mat{
		"stoch": x.Stoch, "deter": x.Deter, "post_mean": x.PostMean, "post_std": x.PostStd,
		"prior_mean": x.PriorMean, "prior_std": x.PriorStd, "picture": tr.graph.Buffer(tr.graph.picture).Mat(batch.B*batch.T, Pixels),
	} {
		if _, ok := want.Forward[name]; !ok {
			continue // a stochastic model has no deter
		}
		var v []float32
		host := numbers(t, dev, m.Buffer)
		for i := range m.Rows {
			lo := m.Offset + i*m.Stride
			v = append(v, host[lo:lo+m.Cols]...)
		}
		checkDigest(t, name, v, want.Forward[name])
	}
	for i, grad := range tr.graph.Gradients() {
		name := tr.layout[i].Name
		d, ok := want.Gradients[name]
		if !ok {
			t.Errorf("the reference has no %s", name)
		}
		checkDigest(t, "gradient of "+name, numbers(t, dev, grad), d)
	}
	if n := len(tr.layout); n != len(want.Gradients) {
		t.Errorf("%d tensors, the reference has %d", n, len(want.Gradients))
	}
	nearTorch(t, "gradient norm", got.GradNorm, want.GradNorm, want.GradNorm)
}

// torchStep is a trainer that has computed losses and gradients of what the
// reference has for c, without an update. The caller closes it.
func torchStep(t *testing.T, dev device.Device, c Config) (*Trainer, Losses) {
	t.Helper()
	tr, err := NewTrainer(torchParams(t, c), dev, 1)
	if err != nil {
		t.Fatal(err)
	}
	batch := torchBatch()
	if err := tr.prepare(batch, Normalizer{}); err != nil {
		t.Fatal(err)
	}
	if err := fillNoise(tr, batch); err != nil {
		t.Fatal(err)
	}
	if err := tr.graph.Run(); err != nil {
		t.Fatal(err)
	}
	tr.graph.collect(dev, tr.report)
	dev.Norm(tr.graph.Gradients(), tr.report.Slice(reportNorm, reportNorm+1))
	if err := dev.Download(tr.answer[:], tr.report); err != nil {
		t.Fatal(err)
	}
	return tr, losses(tr.answer[:])
}

// nearTorch allows 1e-5 of scale.
func nearTorch(t *testing.T, what string, got, want, scale float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-5*math.Abs(scale)+1e-9 {
		t.Errorf("%s is %.9g, PyTorch has %.9g", what, got, want)
	}
}

func checkDigest(t *testing.T, what string, v []float32, want [2]float64) {
	t.Helper()
	norm, dot, length := 0.0, 0.0, 0.0
	for i, x := range v {
		d := math.Cos(1.3 * float64(i))
		norm += float64(x) * float64(x)
		dot += float64(x) * d
		length += d * d
	}
	nearTorch(t, "norm of "+what, math.Sqrt(norm), want[0], want[0])
	nearTorch(t, "direction of "+what, dot/math.Sqrt(length), want[1], want[0])
}

func torchConfig(t *testing.T, x torchCase) Config {
	t.Helper()
	c, err := Preset(x.Preset)
	if err != nil {
		t.Fatal(err)
	}
	c.Stoch, c.Deter, c.Hidden, c.EmbedDepth, c.DecoderUnits, c.RewardUnits = 3, 5, 6, 2, 8, 7
	for key, value := range x.Settings {
		if err := setting.Set(c.Fields(), key, value); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

func torchParams(t *testing.T, c Config) *Params {
	t.Helper()
	p, err := NewParams(c, 2, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range p.Layout() {
		width := math.Min(0.4, 1.5/math.Sqrt(float64(x.Len()/x.Shape[len(x.Shape)-1])))
		if len(x.Shape) == 1 {
			width = 0.1
		}
		for i := x.Offset; i < x.Offset+x.Len(); i++ {
			p.Values[i] = float32(width * math.Sin(0.7*float64(i)+0.3))
		}
	}
	return p
}

// torchBatch is two sequences of five images; actions and rewards count their
// rows by time.
func torchBatch() *Batch {
	b := &Batch{B: 2, T: 5, Actions: make([]float32, 20), Rewards: make([]float32, 10)}
	for n := range 10 {
		for i := range Pixels {
			b.Pixels = append(b.Pixels, uint8((37*i+11*n)%256))
		}
		row := n%b.T*b.B + n/b.T
		for i := range 2 {
			b.Actions[n*2+i] = float32(math.Sin(1 + float64(row*2+i)))
		}
		b.Rewards[n] = float32(math.Sin(0.5 * float64(row)))
	}
	return b
}

// fillNoise replaces what is drawn by what the reference has.
func fillNoise(tr *Trainer, b *Batch) error {
	fill := func(dst device.Buffer, f func(i float64) float64) error {
		v := make([]float32, dst.Len)
		for i := range v {
			if tr.config.samples() {
				v[i] = float32(f(float64(i)))
			}
		}
		return tr.dev.Upload(dst, v)
	}
	for n := range b.B * b.T {
		row := n%b.T*b.B + n/b.T
		dst, src := tr.graph.images.Slice(row*Pixels, (row+1)*Pixels), b.Pixels[n*Pixels:(n+1)*Pixels]
		if err := uploadImage(tr.dev, dst, src, tr.config.ImageBits, 12345+uint64(row)<<32); err != nil {
			return err
		}
	}
	return firstError(
		fill(tr.graph.noise, func(i float64) float64 { return math.Cos(2 + i) }),
		fill(tr.graph.farNoise, func(i float64) float64 { return math.Sin(3 + 1.1*i) }),
	)
}
