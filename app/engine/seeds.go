package engine

import (
	"fmt"
	"math/rand"
)

// purpose separates the episodes of different jobs; see the package comment.
type purpose int64

const (
	forCollection purpose = 0
	forTraining   purpose = 500_000_000_000
	forEvaluation purpose = 1_000_000_000_000

	seedStride = 1_000_000
)

// episodeSeed is the environment's seed of episode i in a job with a seed.
func episodeSeed(p purpose, seed int64, i int) int64 {
	return int64(p) + seedStride*seed + int64(i)
}

// checkSeed keeps the ranges of the package comment apart.
func checkSeed(seed int64, episodes int) error {
	if seed < 0 || seed >= seedStride {
		return fmt.Errorf("seed = %d: want a whole number in [0, %d]", seed, seedStride-1)
	}
	if episodes > seedStride {
		return fmt.Errorf("%d episodes: at most %d have seeds of their own", episodes, seedStride)
	}
	return nil
}

// streams of random numbers that one episode seed gives rise to.
const (
	policyStream int64 = iota + 1
	noiseStream
	beliefStream
	plannerStream
)

// newRand is an independent generator for one stream of an episode. The
// multiplier is Knuth's, so that neighbouring seeds start far apart.
func newRand(seed, stream int64) *rand.Rand {
	const odd = 6364136223846793005
	return rand.New(rand.NewSource((seed+1)*odd + stream*1442695040888963407))
}
