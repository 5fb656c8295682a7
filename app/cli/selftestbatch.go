package cli

import (
	"math/rand"

	"github.com/latco-studio/latco/learning/rssm"
)

// pushed is a batch in which a square goes where actions push it, from wall to wall;
// the reward is its height.
func pushed(rng *rand.Rand) *rssm.Batch {
	const size, side = rssm.Size, 12
	n := curveSequences * curveLength
	b := &rssm.Batch{B: curveSequences, T: curveLength, Pixels: make([]uint8, n*rssm.Pixels),
		Actions: make([]float32, 2*n), Rewards: make([]float32, n)}
	for s := range curveSequences {
		x, y := rng.Float64(), rng.Float64()
		hue := uint8(100 + rng.Intn(150))
		for t := range curveLength {
			i := s*curveLength + t
			dx, dy := 0.3*rng.Float64()-0.15, 0.3*rng.Float64()-0.15
			x, y = min(max(x+dx, 0), 1), min(max(y+dy, 0), 1)
			b.Actions[2*i], b.Actions[2*i+1], b.Rewards[i] = float32(dx/0.15), float32(dy/0.15), float32(y)
			picture := b.Pixels[i*rssm.Pixels : (i+1)*rssm.Pixels]
			for p := range picture {
				picture[p] = 30
			}
			left, top := int(x*(size-side)), int(y*(size-side))
			for row := top; row < top+side; row++ {
				for col := left; col < left+side; col++ {
					copy(picture[3*(row*size+col):], []uint8{hue, 200, 255 - hue})
				}
			}
		}
	}
	return b
}
