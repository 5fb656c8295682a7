package kernels

import (
	"fmt"
	"math"

	"github.com/latco-studio/latco/learning/device"
)

// The sizes of chain.cu.
const (
	chainTile    = 32  // columns of a panel
	shortPanel   = 32  // rows of a panel for a block of threads
	longPanel    = 96  // the same where there are many
	panelThreads = 128 // in either case
)

// chainLayout is how systems of one shape are eliminated, and where they lie.
type chainLayout struct {
	device.ChainShape
	n, wide, tiles int // of a block: unknowns; these and one in whole tiles; tiles
	blocks         int // of a plan
	ends           int // eliminated from either end, see chain.cuh
}

func layoutOf(s device.ChainShape) chainLayout {
	l := chainLayout{ChainShape: s, n: s.Action + s.Latent, blocks: s.Horizon + 1}
	if !s.Solvable() {
		panic(fmt.Sprintf("kernels: SolveChains of %+v: at most %d unknowns in a block, which is kept in shared memory, %d blocks and %d plans",
			s, device.MostChainUnknowns, device.MostChainBlocks, device.MostChainPlans))
	}
	l.tiles = ceil(l.n+1, chainTile)
	l.wide = l.tiles * chainTile
	least, best := math.Inf(1), 0
	for l.ends = range s.Horizon/2 + 1 {
		if t := l.time(); t < least {
			least, best = t, l.ends
		}
	}
	l.ends = best
	return l
}

// time estimates what an order of elimination takes on a data-centre GPU, in
// microseconds: the launches of a stage, of which most are panels, and arithmetic. A
// block with two neighbours takes 19/3 n³, one with one 7/3 n³ operations. Few plans
// are waited for stage by stage and have cyclic reduction, many are eliminated from
// both ends, at less than half the work.
func (l *chainLayout) time() float64 {
	const panel, others, rate = 6, 40, 8e6 // rate: operations in a microsecond
	one, two := 2*l.ends, 0
	for left := l.blocks - 2*l.ends; left > 0; left /= 2 {
		// The first has no neighbour on its left, the last of an odd number none on
		// its right.
		single := min(1+left%2, (left+1)/2)
		one, two = one+single, two+(left+1)/2-single
	}
	cube := math.Pow(float64(l.wide), 3)
	return float64(l.stages()*(l.tiles*panel+others)) + float64(l.Plans)*cube*(float64(one)*7/3+float64(two)*19/3)/rate
}

// stages is the number of those that eliminate a block from either end or every
// second one.
func (l *chainLayout) stages() int {
	n := l.ends
	for left := l.blocks - 2*l.ends; left > 0; left /= 2 {
		n++
	}
	return n
}

// counts is how many blocks a stage eliminates, and how many of those beside them
// stay.
func (l *chainLayout) counts(stage int) (gone, kept int) {
	if stage < l.ends {
		return 2, min(2, l.blocks-2*stage-2)
	}
	left := (l.blocks - 2*l.ends) >> (stage - l.ends)
	return (left + 1) / 2, left / 2
}

// segments is the height of a stack, in blocks: only reduction meets two neighbours.
func (l *chainLayout) segments() int { return 2 + int(bit(l.blocks-2*l.ends > 3)) }

// rows is the number of rows in the stacks below the panel of a tile.
func (l *chainLayout) rows(stage, tile int) int {
	neighbours := 1
	switch left := (l.blocks - 2*l.ends) >> max(0, stage-l.ends); {
	case stage < l.ends:
	case left == 1:
		neighbours = 0
	case left > 3:
		neighbours = 2
	}
	return (1+neighbours)*l.wide - (tile+1)*chainTile
}

// chainParts are the numbers that the parts of the work take; see chain.h. All but
// the last are multiples of 32, so that each is aligned.
type chainParts struct{ stack, inverse, known, passed, right, first, x, miss int }

func (l *chainLayout) parts() chainParts {
	all := l.Plans * l.blocks
	vector := all * l.wide
	return chainParts{stack: vector * l.segments() * l.wide, inverse: all * l.tiles * chainTile * chainTile,
		known: vector, passed: 2 * vector, right: vector, first: vector, x: vector, miss: 2 * l.Plans * l.Horizon * l.Latent}
}

// chainAlignment is that of the work within its buffer, in numbers.
const chainAlignment = 64

// total counts all but that.
func (p chainParts) total() int {
	return p.stack + p.inverse + p.known + p.passed + p.right + p.first + p.x + p.miss
}
