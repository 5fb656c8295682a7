package rssm

import (
	"testing"
	"time"

	"github.com/latco-studio/latco/learning/device/cpu"
)

// buildGraph makes the training graph of a preset for b sequences of 50 steps and
// returns the time that took.
func buildGraph(tb testing.TB, preset string, b int) time.Duration {
	tb.Helper()
	c, err := Preset(preset)
	if err != nil {
		tb.Fatal(err)
	}
	c.EmbedDepth, c.DecoderUnits = 4, 16 // memory is not what is timed
	p, err := NewParams(c, 2, 1)
	if err != nil {
		tb.Fatal(err)
	}
	dev, err := cpu.New(1)
	if err != nil {
		tb.Fatal(err)
	}
	defer dev.Close()
	flat, err := p.upload(dev)
	if err != nil {
		tb.Fatal(err)
	}
	defer dev.Free(flat)
	began := time.Now()
	g, err := newTraining(dev, &c, 2, b, 50, flat)
	took := time.Since(began)
	if err != nil {
		tb.Fatal(err)
	}
	if err := g.Close(); err != nil {
		tb.Fatal(err)
	}
	return took
}

// A graph of 50 time steps is built in a second, of overshooting too: its size
// does not depend on the length. The best of three, for a busy machine.
func TestLongGraphIsBuiltInASecond(t *testing.T) {
	for _, preset := range []string{"paper", "planet-v1"} {
		best := time.Hour
		for range 3 {
			best = min(best, buildGraph(t, preset, 2))
		}
		if best > time.Second {
			t.Errorf("%s: built in %v, want at most 1 s", preset, best)
		}
	}
}

func BenchmarkBuild50(b *testing.B) {
	for _, preset := range []string{"paper", "planet-v1"} {
		b.Run(preset, func(b *testing.B) {
			var sum time.Duration
			for b.Loop() {
				sum += buildGraph(b, preset, 2)
			}
			b.ReportMetric(float64(sum.Milliseconds())/float64(b.N), "ms/build")
		})
	}
}
