package rssm

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"github.com/latco-studio/latco/learning/device"
)

// The training graph against testdata/reference.py: an implementation in plain
// loops and double precision that shares nothing with this one. Losses, and the
// derivative along a direction in every parameter tensor.
func TestAgainstReference(t *testing.T) {
	var want struct {
		Total, Image, Reward, KL float64
		Slopes                   map[string]float64
	}
	text, err := os.ReadFile("testdata/reference.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	p, batch := referenceParams(t), referenceBatch()
	withDevices(t, func(t *testing.T, dev device.Device) {
		tr, err := NewTrainer(p, dev, 1)
		if err != nil {
			t.Fatal(err)
		}
		defer tr.Close()
		if err := tr.prepare(batch, Normalizer{}); err != nil {
			t.Fatal(err)
		}
		if err := dev.Upload(tr.graph.noise, referenceNoise(batch)); err != nil {
			t.Fatal(err)
		}
		if err := tr.graph.Run(); err != nil {
			t.Fatal(err)
		}
		got, err := tr.graph.losses()
		if err != nil {
			t.Fatal(err)
		}
		close := func(what string, got, want float64) {
			t.Helper()
			if math.Abs(got-want) > 1e-4*math.Abs(want)+3e-6 { // the reference's differences are good to 1e-6
				t.Errorf("%s is %.9g, the reference has %.9g", what, got, want)
			}
		}
		close("total", got.Total, want.Total)
		close("image", got.Image, want.Image)
		close("reward", got.Reward, want.Reward)
		close("KL", got.KL, want.KL)
		for i, grad := range tr.graph.Gradients() {
			x := tr.layout[i]
			host, slope := make([]float32, grad.Len), 0.0
			if err := dev.Download(host, grad); err != nil {
				t.Fatal(err)
			}
			for j, v := range host {
				slope += float64(v) * math.Cos(1.3*float64(x.Offset+j))
			}
			close("slope along "+x.Name, slope, want.Slopes[x.Name])
		}
	})
}

func referenceParams(t *testing.T) *Params {
	t.Helper()
	c := tiny()
	c.Stoch, c.Deter, c.Hidden, c.EmbedDepth, c.DecoderUnits = 2, 3, 4, 1, 5
	c.RewardLayers, c.RewardUnits = 1, 3
	c.ImageScale, c.RewardScale, c.KLScale, c.FreeNats = 0.5, 2, 3, 0.01
	p, err := NewParams(c, 2, 1)
	if err != nil {
		t.Fatal(err)
	}
	for i := range p.Values {
		p.Values[i] = float32(0.4 * math.Sin(0.7*float64(i)+0.3))
	}
	return p
}

func referenceBatch() *Batch {
	b := &Batch{B: 2, T: 2}
	for n := range 4 {
		for i := range Pixels {
			b.Pixels = append(b.Pixels, uint8((37*i+11*n)%256))
		}
		for i := range 2 {
			b.Actions = append(b.Actions, float32(math.Sin(1+float64(n*2+i))))
		}
		b.Rewards = append(b.Rewards, float32(math.Sin(0.5*float64(n))))
	}
	return b
}

// referenceNoise is ordered by time, as the graph wants it.
func referenceNoise(b *Batch) []float32 {
	var noise []float32
	for t := range b.T {
		for s := range b.B {
			for i := range 2 {
				noise = append(noise, float32(math.Cos(2+float64((s*b.T+t)*2+i))))
			}
		}
	}
	return noise
}
