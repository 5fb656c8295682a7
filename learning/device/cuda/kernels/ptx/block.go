package ptx

import (
	"fmt"
	"math/rand"

	"github.com/latco-studio/latco/learning/device/cuda/kernels"
)

// block is a block of a launch that runs.
type block struct {
	launch *launch
	rank   uint32
	index  kernels.Dim
	warps  []*warp
	epoch  uint32 // begins at a barrier
	words  []uint32
	cells  []cell
	chance *rand.Rand
	mean   int // instructions that a part of a warp runs at once
}

// newBlock makes room for a block of a launch.
func newBlock(l *launch) *block {
	b := &block{launch: l, chance: l.m.chance, words: make([]uint32, len(l.shared.owner)), cells: make([]cell, len(l.shared.owner))}
	threads := int(l.block.X * l.block.Y * l.block.Z)
	for range (threads + lanes - 1) / lanes {
		w := &warp{rows: make([]row, l.k.rows), predicates: make([]uint32, l.k.predicates)}
		for _, c := range l.k.constants {
			for lane := range lanes {
				w.rows[c.row][lane] = c.value
			}
		}
		b.warps = append(b.warps, w)
	}
	return b
}

// begin makes it the block of a rank. Its shared memory counts as never written.
func (b *block) begin(rank uint32) {
	l := b.launch
	b.rank, b.index = rank, unrank(rank, l.grid)
	b.epoch = l.begin(rank)
	clear(b.cells)
	b.mean = 8 << (3 * b.chance.Intn(4))
	threads := int(l.block.X * l.block.Y * l.block.Z)
	for i, w := range b.warps {
		w.begin(b, i, min(threads-i*lanes, lanes))
	}
}

func (b *block) owns(epoch uint32) bool {
	return b.launch.owners[epoch-b.launch.first] == b.rank
}

func (b *block) done() bool {
	for _, w := range b.warps {
		if w.live != 0 {
			return false
		}
	}
	return true
}

// step lets a warp that can run for a while.
func (b *block) step() *Fault {
	n, chosen := 0, (*warp)(nil)
	for _, w := range b.warps {
		if w.ready() {
			if n++; b.chance.Intn(n) == 0 {
				chosen = w
			}
		}
	}
	if chosen == nil {
		return b.barrier()
	}
	turn := 1 + b.chance.Intn(2*b.mean)
	if b.launch.left -= int64(turn); b.launch.left < 0 {
		return chosen.fault(chosen.choose(), Endless, 0, "the launch does not come to an end")
	}
	return chosen.step(turn)
}

// barrier lets all go on who wait at bar.sync, if all who live do, at the same one:
// a compiler keeps barriers as they are, so different ones are different in the
// source.
func (b *block) barrier() *Fault {
	at := int32(-1)
	for _, w := range b.warps {
		for i := range w.parts[:w.count] {
			p := &w.parts[i]
			switch {
			case b.launch.k.code[p.pc].kind != kindBarrier:
				return w.fault(p, WrongMask, 0, fmt.Sprintf("it waits for lanes %#x of the mask %#x, which do not come", w.missing(p), p.mask))
			case at >= 0 && at != p.pc:
				return w.fault(p, DivergentSync, 0, fmt.Sprintf("others of its block wait at line %d", b.launch.k.code[at].line))
			}
			at = p.pc
		}
	}
	for _, w := range b.warps {
		if w.count > 0 {
			w.parts[0] = part{lanes: w.live, pc: at + 1}
			w.count = 1
		}
	}
	b.epoch = b.launch.begin(b.rank)
	return nil
}
