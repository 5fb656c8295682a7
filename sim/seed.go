package sim

import "math/rand"

// Streams of random numbers that one seed feeds. A task and a policy of the same
// seed must not share numbers: a policy that knows the lottery's draw wins it.
const (
	StreamReset  = iota + 1 // start states and draws of the task
	StreamPolicy            // choices of policies
)

// NewRand returns the generator of one stream of a seed.
func NewRand(seed int64, stream int) *rand.Rand {
	return rand.New(rand.NewSource(mix(seed, stream)))
}

// Reseed is NewRand without the allocation.
func Reseed(r *rand.Rand, seed int64, stream int) { r.Seed(mix(seed, stream)) }

// mix is the output function of SplitMix64 (Steele, Lea and Flood, 2014), which
// makes unrelated numbers of neighbouring ones.
func mix(seed int64, stream int) int64 {
	z := uint64(seed) + uint64(stream)*0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return int64(z ^ z>>31)
}
