package engine

import (
	"fmt"
	"math/rand"
)

const seedStride = 1_000_000 // episodes of one evaluation, at most

// evaluationSeed is the environment's seed of episode i; see the package
// comment.
func evaluationSeed(seed int64, i int) int64 { return -1 - seedStride*seed - int64(i) }

// checkEvaluationSeed keeps the ranges of the package comment apart.
func checkEvaluationSeed(seed int64, episodes int) error {
	if seed < 0 || seed >= seedStride {
		return fmt.Errorf("seed = %d: want a whole number in [0, %d]", seed, seedStride-1)
	}
	if episodes < 1 || episodes > seedStride {
		return fmt.Errorf("%d episodes: want 1 to %d", episodes, seedStride)
	}
	return nil
}

// streams of random numbers that one episode seed gives rise to.
const (
	noiseStream int64 = iota + 1
	beliefStream
	plannerStream
)

// newRand is an independent generator for one stream of an episode. The
// multipliers are Knuth's for MMIX, so that neighbouring seeds start far apart.
func newRand(seed, stream int64) *rand.Rand {
	return rand.New(rand.NewSource((seed+1)*6364136223846793005 + stream*1442695040888963407))
}
