package rssm

import (
	"testing"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/device/cpu"
)

func benchDevice(b *testing.B) device.Device {
	b.Helper()
	dev, err := cpu.New(0)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { dev.Close() })
	return dev
}

func benchParams(b *testing.B, preset string) *Params {
	b.Helper()
	c, err := Preset(preset)
	if err != nil {
		b.Fatal(err)
	}
	p, err := NewParams(c, 2, 1)
	if err != nil {
		b.Fatal(err)
	}
	return p
}

func benchModel(b *testing.B, preset string) *Model {
	b.Helper()
	m, err := NewModel(benchParams(b, preset), benchDevice(b))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { m.Close() })
	return m
}

func benchmarkUpdate(b *testing.B, preset string, sequences, length int) {
	tr, err := NewTrainer(benchParams(b, preset), benchDevice(b), 1)
	if err != nil {
		b.Fatal(err)
	}
	defer tr.Close()
	batch := toyBatch(sequences, length, 1)
	batch.Actions = make([]float32, 2*sequences*length)
	for range 2 { // building and warming up
		if _, err := tr.Update(batch); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := tr.Update(batch); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkUpdateClass16x20(b *testing.B) { benchmarkUpdate(b, "class", 16, 20) }
func BenchmarkUpdatePaper16x20(b *testing.B) { benchmarkUpdate(b, "paper", 16, 20) }

func benchmarkModel(b *testing.B, run func(m *Model) error) {
	for _, preset := range Presets() {
		b.Run(preset, func(b *testing.B) {
			m := benchModel(b, preset)
			b.ReportAllocs()
			for b.Loop() {
				if err := run(m); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkScore1000x30(b *testing.B) {
	actions, returns := make([]float32, 1000*30*2), make([]float64, 1000)
	for i := range actions {
		actions[i] = float32(i%17)/8 - 1
	}
	benchmarkModel(b, func(m *Model) error {
		return m.Score(make([]float64, m.FeatureDim()), actions, 1000, 30, returns, nil)
	})
}

func BenchmarkLinearize30(b *testing.B) {
	benchmarkModel(b, func(m *Model) error {
		n, w, a := 30, m.FeatureDim(), m.ActionDim()
		z := make([]float64, n*w)
		return m.Linearize(n, z, make([]float64, n*a), make([]float64, n*w), make([]float64, n*w*w), make([]float64, n*w*a))
	})
}

func BenchmarkLinearizeMoments30x50(b *testing.B) {
	benchmarkModel(b, func(m *Model) error {
		n, w, a := 30, m.FeatureDim(), m.ActionDim()
		z := func() []float64 { return make([]float64, n*w) }
		return m.LinearizeMoments(n, 50, z(), z(), make([]float64, n*a), z(), z(), make([]float64, n*w*w), make([]float64, n*w*a), 1, 0)
	})
}

func BenchmarkObserve(b *testing.B) {
	pixels := make([]uint8, Pixels)
	benchmarkModel(b, func(m *Model) error {
		_, err := m.Observe(m.Initial(), make([]float64, 2), pixels, nil)
		return err
	})
}

func BenchmarkDecode30(b *testing.B) {
	pixels := make([]uint8, 30*Pixels)
	benchmarkModel(b, func(m *Model) error {
		return m.Decode(30, make([]float64, 30*m.FeatureDim()), pixels)
	})
}
