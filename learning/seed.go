package learning

import (
	"math/rand"
	randv2 "math/rand/v2"
)

// Chance drawn from counters: draw n of a stream is a function of the seed and
// n alone, so there is no generator whose state would have to be saved.

// stream separates the uses of one seed.
type stream uint64

const (
	episodeStream stream = iota + 1
	batchStream
	openLoopStream
	learnerStream
	qualityStream
)

// draw n of a stream, a well-mixed 64-bit number (SplitMix64, Steele et al. 2014).
func (s stream) draw(seed int64, n int64) uint64 {
	x := splitMix(uint64(seed) + uint64(s)*0x9e3779b97f4a7c15)
	return splitMix(x + uint64(n)*0x9e3779b97f4a7c15)
}

func splitMix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// generator n of a stream, for uses that need many numbers.
func (s stream) generator(seed, n int64) *randv2.Rand {
	return randv2.New(randv2.NewPCG(s.draw(seed, 2*n), s.draw(seed, 2*n+1)))
}

// legacy is generator n in the form that other packages take.
func (s stream) legacy(seed, n int64) *rand.Rand {
	return rand.New(rand.NewSource(int64(s.draw(seed, n) >> 1)))
}

// EpisodeSeed is the seed of episode number n (from 0) of a collection or run
// with the given seed, so that an interrupted one goes on where it stopped. It
// is never negative.
func EpisodeSeed(seed int64, n int) int64 {
	return int64(episodeStream.draw(seed, int64(n)) >> 1)
}
