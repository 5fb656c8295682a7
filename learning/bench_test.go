package learning

import (
	"path/filepath"
	"testing"

	"github.com/latco-studio/latco/learning/rssm"
)

// BenchmarkFill is a batch of the paper preset, 50×50.
func BenchmarkFill(b *testing.B) {
	for name, memory := range map[string]int64{"memory": 0, "file": 1} {
		b.Run(name, func(b *testing.B) { benchmarkFill(b, memory) })
	}
}

func benchmarkFill(b *testing.B, memory int64) {
	r, err := NewReplay(ReplayOptions{Length: 50, Memory: memory, Scratch: b.TempDir(), RewardShare: 0.3, Seed: 1})
	if err != nil {
		b.Fatal(err)
	}
	defer r.Close()
	for i := range 20 {
		e := countingEpisode(b, i, 150, 2)
		e.Rewards[80] = 1
		if err := r.Add(e, EpisodeRef{}); err != nil {
			b.Fatal(err)
		}
	}
	batch := &rssm.Batch{B: 50, T: 50}
	n := int64(0)
	for b.Loop() {
		if err := r.Fill(batch, n); err != nil {
			b.Fatal(err)
		}
		n++
	}
}

// An episode of the lottery: 150 steps.
func BenchmarkWriteEpisode(b *testing.B) {
	e := countingEpisode(b, 1, 150, 2)
	path := filepath.Join(b.TempDir(), "e.npz")
	for b.Loop() {
		if err := WriteEpisode(path, e); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReadEpisode(b *testing.B) {
	path := filepath.Join(b.TempDir(), "e.npz")
	if err := WriteEpisode(path, countingEpisode(b, 1, 150, 2)); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := ReadEpisode(path); err != nil {
			b.Fatal(err)
		}
	}
}

// Checkpoints of the two presets.
func BenchmarkSaveCheckpoint(b *testing.B) {
	for _, preset := range []string{"class", "paper"} {
		c := someCheckpoint(b)
		cfg, err := rssm.Preset(preset)
		if err != nil {
			b.Fatal(err)
		}
		if c.State.Params, err = rssm.NewParams(cfg, 2, 1); err != nil {
			b.Fatal(err)
		}
		c.State.First, c.State.Second = c.State.Params.Values, c.State.Params.Values
		b.Run(preset, func(b *testing.B) {
			b.SetBytes(int64(12 * len(c.State.Params.Values)))
			for b.Loop() {
				if _, err := SaveCheckpoint(b.TempDir(), c, 3); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
