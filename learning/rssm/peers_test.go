package rssm

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/device/cpu"
)

// What the programs of package peers have to compute, so that they can be measured
// beside ours, is what ours computes: the networks of the presets at full size. Of a
// plan the tests of package cli say so.
func TestPeersReference(t *testing.T) {
	text, err := os.ReadFile("peers/reference.json")
	if err != nil {
		t.Fatal(err)
	}
	var presets map[string]map[string][]float64
	if err := json.Unmarshal(text, &presets); err != nil {
		t.Fatal(err)
	}
	for _, preset := range []string{"class", "paper"} {
		t.Run(preset, func(t *testing.T) {
			c, err := Preset(preset)
			if err != nil {
				t.Fatal(err)
			}
			c.FreeNats = 0 // or the KL had no gradient
			dev, err := cpu.New(0)
			if err != nil {
				t.Fatal(err)
			}
			defer dev.Close()
			peersPlanning(t, dev, c, presets[preset])
			tr, got := torchStep(t, dev, c)
			defer tr.Close()
			for name, v := range map[string]float64{
				"total": got.Total, "image": got.Image, "reward": got.Reward, "kl": got.KL, "grad_norm": got.GradNorm,
			} {
				nearPeers(t, name, []float64{v}, presets[preset][name])
			}
		})
	}
}

// peersPlanning compares what planners ask of the model.
func peersPlanning(t *testing.T, dev device.Device, c Config, want map[string][]float64) {
	const rows, rollouts, horizon, dim = 2, 3, 4, 2
	m, err := NewModel(torchParams(t, c), dev)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	width := c.Feature()
	z, a := make([]float64, rows*width), peersActions(rows*dim)
	for i := range z {
		z[i] = 0.5 * math.Sin(1.7*float64(i))
	}
	next, dz, da := make([]float64, rows*width), make([]float64, rows*width*width), make([]float64, rows*width*dim)
	r, drdz, returns := make([]float64, rows), make([]float64, rows*width), make([]float64, rollouts)
	var sequences []float32
	for _, v := range peersActions(rollouts * horizon * dim) {
		sequences = append(sequences, float32(max(-1, min(1, v))))
	}
	if err := firstError(
		m.Linearize(rows, z, a, next, dz, da), m.LinearizeReward(rows, z, r, drdz),
		m.Score(z[:width], sequences, rollouts, horizon, returns, nil),
	); err != nil {
		t.Fatal(err)
	}
	for name, v := range map[string][]float64{"next": next, "dz": dz, "da": da, "r": r, "drdz": drdz, "returns": returns} {
		nearPeers(t, name, digest64(v), want[name])
	}
}

func peersActions(n int) []float64 {
	a := make([]float64, n)
	for i := range a {
		a[i] = 1.2 * math.Cos(0.9*float64(i))
	}
	return a
}

// digest64 is the norm and the product with a made-up direction of unit length.
func digest64(v []float64) []float64 {
	norm, dot, length := 0.0, 0.0, 0.0
	for i, x := range v {
		d := math.Cos(1.3 * float64(i))
		norm, dot, length = norm+x*x, dot+x*d, length+d*d
	}
	return []float64{math.Sqrt(norm), dot / math.Sqrt(length)}
}

func nearPeers(t *testing.T, name string, got, want []float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %v, the reference has %v", name, got, want)
	}
	for i := range got {
		if !(math.Abs(got[i]-want[i]) <= 1e-4*math.Abs(want[0])) {
			t.Errorf("%s is %.9g, the peers' reference %.9g", name, got, want)
		}
	}
}
