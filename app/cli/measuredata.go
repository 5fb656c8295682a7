package cli

import (
	"math/rand"
	"os"
	"path/filepath"

	"github.com/latco-studio/latco/learning"
	"github.com/latco-studio/latco/learning/rssm"
)

// batches are the ways to a batch of the two presets: from images in memory, from
// the scratch file, and what reading an episode of a data set takes.
func batches() []measurement {
	return []measurement{
		fillBatch("data/batch/16x20/memory", 16, 20, 0), fillBatch("data/batch/16x20/disk", 16, 20, 1),
		fillBatch("data/batch/50x50/memory", 50, 50, 0), fillBatch("data/batch/50x50/disk", 50, 50, 1),
		readEpisode(),
	}
}

// drift is an episode like those of a task: a small thing moves over a still ground.
func drift(seed int64) (*learning.Episode, error) {
	const steps = 150
	rng := rand.New(rand.NewSource(seed))
	ground := make([]uint8, learning.FramePixels)
	for i := range ground {
		ground[i] = uint8(100 + i/3%learning.ImageSize + i/(6*learning.ImageSize) + rng.Intn(3))
	}
	frame := func(t int) []uint8 {
		f := append([]uint8(nil), ground...)
		for y := range 6 {
			at := ((t/4+20+y)*learning.ImageSize + 10 + t%40) * 3
			rng.Read(f[at : at+18])
		}
		return f
	}
	info := learning.EpisodeInfo{Task: "drift", Policy: "random", Seed: seed, ActionRepeat: 1}
	e, err := learning.NewEpisode(info, 4, frame(0), nil)
	for t := 1; err == nil && t <= steps; t++ {
		err = e.Append(learning.Step{Action: []float64{0.1, 0.2, 0.3, 0.4}, Pixels: frame(t), Discount: 1})
	}
	return e, err
}

func fillBatch(name string, b, t int, memory int64) measurement {
	return measurement{name: name, note: "a batch of sequences of 64×64 images, 100 episodes of 150 steps", runs: 25,
		open: func() (timed, error) {
			replay, err := learning.NewReplay(learning.ReplayOptions{Length: t, Memory: memory})
			if err != nil {
				return timed{}, err
			}
			for i := range 100 {
				e, err := drift(int64(i))
				if err == nil {
					err = replay.Add(e, learning.EpisodeRef{})
				}
				if err != nil {
					replay.Close()
					return timed{}, err
				}
			}
			batch, n := &rssm.Batch{B: b, T: t}, int64(0)
			run := func() error { n++; return replay.Fill(batch, n) }
			return timed{run: run, close: func() { replay.Close() }}, nil
		}}
}

func readEpisode() measurement {
	return measurement{name: "data/read/150", note: "read, check and decompress an episode of 150 steps", runs: 25,
		open: func() (timed, error) {
			e, err := drift(1)
			if err != nil {
				return timed{}, err
			}
			dir, err := os.MkdirTemp("", "latco-bench-*")
			if err != nil {
				return timed{}, err
			}
			path := filepath.Join(dir, "episode.npz")
			if err := learning.WriteEpisode(path, e); err != nil {
				os.RemoveAll(dir)
				return timed{}, err
			}
			run := func() error { _, err := learning.ReadEpisode(path); return err }
			return timed{run: run, close: func() { os.RemoveAll(dir) }}, nil
		}}
}
