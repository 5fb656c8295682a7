package rssm

import (
	"fmt"
	"math/rand/v2"
)

// noise is a seeded stream of standard normals whose position can be saved.
type noise struct {
	source *rand.PCG
	rng    *rand.Rand
}

func newNoise(seed int64) *noise {
	source := rand.NewPCG(uint64(seed), 0x9e3779b97f4a7c15)
	return &noise{source, rand.New(source)}
}

// normal fills n numbers, of dst where it is long enough.
func (s *noise) normal(dst []float32, n int) []float32 {
	if len(dst) != n {
		dst = make([]float32, n)
	}
	for i := range dst {
		dst[i] = float32(s.rng.NormFloat64())
	}
	return dst
}

// seed is one for a stream of its own; never 0.
func (s *noise) seed() uint64 { return s.rng.Uint64() | 1 }

// state is the position in the stream; the normals keep none of their own.
func (s *noise) state() ([]byte, error) { return s.source.MarshalBinary() }

func (s *noise) restore(state []byte) error {
	if err := s.source.UnmarshalBinary(state); err != nil {
		return fmt.Errorf("noise generator: %w", err)
	}
	return nil
}
