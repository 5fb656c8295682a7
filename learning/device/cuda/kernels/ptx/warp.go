package ptx

import (
	"math/bits"

	"github.com/latco-studio/latco/learning/device/cuda/kernels"
)

// warp is 32 threads of a block. Those that are at the same place run together, as
// a part; where a branch divides them there are several parts, and nothing is
// promised about which runs first, how far, or when they come together again
// (independent thread scheduling, as of compute capability 7.0).
type warp struct {
	block      *block
	index      int
	rows       []row
	predicates []uint32
	lanes      uint32 // that exist
	live       uint32 // that have not ended
	parts      [lanes]part
	count      int
	tick, met  uint32                // shadow.go
	known      *[lanes][lanes]uint32 // shadow.go
	result     row
}

// part is lanes of a warp at one place.
type part struct {
	lanes   uint32
	pc      int32
	waiting bool   // at an instruction that others have to reach
	mask    uint32 // the lanes it waits for there
}

// begin makes the warp one of a block, with n threads. What its registers held
// stays: no kernel may depend on it.
func (w *warp) begin(b *block, index, n int) {
	w.block, w.index, w.lanes = b, index, everyLane>>(lanes-n)
	w.live, w.parts[0], w.count = w.lanes, part{lanes: w.lanes}, 1
	l := b.launch
	for _, s := range l.k.specials {
		for lane := range lanes {
			w.rows[s.row][lane] = uint64(w.special(s.which, lane))
		}
	}
}

// thread is a lane's index in the block.
func (w *warp) thread(lane int) kernels.Dim {
	return unrank(uint32(w.index*lanes+lane), w.block.launch.block)
}

func (w *warp) special(which specialName, lane int) uint32 {
	l := w.block.launch
	switch which {
	case tidX:
		return w.thread(lane).X
	case tidY:
		return w.thread(lane).Y
	case tidZ:
		return w.thread(lane).Z
	case laneid:
		return uint32(lane)
	}
	return [...]uint32{ntidX: l.block.X, ntidY: l.block.Y, ntidZ: l.block.Z,
		ctaidX: w.block.index.X, ctaidY: w.block.index.Y, ctaidZ: w.block.index.Z,
		nctaidX: l.grid.X, nctaidY: l.grid.Y, nctaidZ: l.grid.Z}[which]
}

// ready says that some part can run.
func (w *warp) ready() bool {
	for i := range w.parts[:w.count] {
		if !w.parts[i].waiting {
			return true
		}
	}
	return false
}

// choose takes a part that can run, or, if none can, the first: mostly the one that
// is behind, so that parts meet again; sometimes any.
func (w *warp) choose() *part {
	any, n := w.block.chance.Intn(4) == 0, 0
	var best *part
	for i := range w.parts[:w.count] {
		p := &w.parts[i]
		if p.waiting {
			continue
		}
		n++
		if best == nil || any && w.block.chance.Intn(n) == 0 || !any && p.pc < best.pc {
			best = p
		}
	}
	if best == nil {
		return &w.parts[0]
	}
	return best
}

// step lets a part run for some instructions.
func (w *warp) step(turn int) *Fault {
	p := &w.parts[0]
	if w.count > 1 {
		p = w.choose()
	} else if w.block.chance.Intn(64) == 0 {
		w.divide(p, w.block.chance.Uint32())
	}
	for turn > 0 {
		before := w.count
		n, f := w.run(p, turn)
		if f != nil {
			return f
		}
		turn -= n
		if p.waiting || w.count != before || w.live == 0 || w.count > 1 {
			break
		}
	}
	w.join()
	return nil
}

// divide makes two parts of one where a mask divides it: the lanes of the mask stay.
func (w *warp) divide(p *part, mask uint32) *part {
	if p.lanes&mask == 0 || p.lanes&^mask == 0 {
		return nil
	}
	other := &w.parts[w.count]
	w.count++
	*other = *p
	other.lanes &^= mask
	p.lanes &= mask
	return other
}

// join makes one of parts that are at the same place and can run.
func (w *warp) join() {
	for i := 0; i < w.count; i++ {
		p := &w.parts[i]
		for j := i + 1; j < w.count; j++ {
			if q := &w.parts[j]; q.pc == p.pc && !q.waiting && !p.waiting {
				p.lanes |= q.lanes
				w.drop(j)
				j--
			}
		}
	}
}

func (w *warp) drop(i int) {
	w.count--
	w.parts[i] = w.parts[w.count]
}

// fault is a mistake of the first lane of a part.
func (w *warp) fault(p *part, kind Kind, address uint64, detail string) *Fault {
	return w.faultOf(p.pc, bits.TrailingZeros32(p.lanes)%lanes, kind, address, detail)
}

func (w *warp) faultOf(pc int32, lane int, kind Kind, address uint64, detail string) *Fault {
	return &Fault{Kind: kind, Line: int(w.block.launch.k.code[pc].line), Block: w.block.index, Thread: w.thread(lane), Address: address, Detail: detail}
}
