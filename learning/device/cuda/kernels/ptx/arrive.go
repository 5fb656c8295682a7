package ptx

import (
	"fmt"
	"math/bits"
)

// arrive lets a part wait at an instruction of the warp, and executes it once all
// lanes of its mask have come.
func (w *warp) arrive(p *part, in *instruction) *Fault {
	p.waiting, p.mask = true, everyLane
	if in.kind != kindTensor {
		names := &w.rows[in.in[len(in.in)-1]]
		first := bits.TrailingZeros32(p.lanes) % lanes
		p.mask = uint32(names[first])
		same := uint32(0)
		for l, m := range names {
			if uint32(m) == p.mask {
				same |= 1 << l
			}
		}
		if other := w.divide(p, same); other != nil { // arrives by itself
			other.waiting = false
		}
	}
	if p.lanes&^p.mask != 0 {
		return w.fault(p, WrongMask, 0, fmt.Sprintf("the mask %#x does not name lanes %#x, which are here", p.mask, p.lanes&^p.mask))
	}
	if p.mask&^w.live != 0 {
		return w.fault(p, WrongMask, 0, fmt.Sprintf("the mask %#x names lanes %#x, which have ended or never were", p.mask, p.mask&^w.live))
	}
	if w.missing(p) != 0 {
		return nil
	}
	return w.perform(p, in)
}

// together says that a part waits at the same meeting as p: the same instruction, or,
// but for mma, one that asks for the same.
func (w *warp) together(p, q *part, in *instruction) bool {
	other := &w.block.launch.k.code[q.pc]
	return q.waiting && q.mask == p.mask && (q.pc == p.pc || in.kind != kindTensor && other.kind == in.kind && other.shuffle == in.shuffle)
}

// missing are the lanes of a part's mask that are not there.
func (w *warp) missing(p *part) uint32 {
	came := uint32(0)
	for i := range w.parts[:w.count] {
		if q := &w.parts[i]; w.together(p, q, &w.block.launch.k.code[p.pc]) {
			came |= q.lanes
		}
	}
	return p.mask &^ came
}

// perform executes an instruction of the warp for all parts that came, and lets
// them go on.
func (w *warp) perform(p *part, in *instruction) *Fault {
	var came []*part
	for i := range w.parts[:w.count] {
		if q := &w.parts[i]; w.together(p, q, in) {
			came = append(came, q)
		}
	}
	var f *Fault
	switch in.kind {
	case kindMeet:
		w.meet(p.mask)
	case kindShuffle:
		f = w.exchange(came)
	case kindTensor:
		w.multiply(in)
	}
	for _, q := range came {
		q.waiting = false
		q.pc++
	}
	return f
}

// exchange executes shfl.sync: every lane takes the value of another, or keeps its
// own where that one is outside of its segment.
func (w *warp) exchange(came []*part) *Fault {
	code := w.block.launch.k.code
	var given row
	for _, q := range came {
		in := &code[q.pc]
		for l := range lanes {
			if q.lanes>>l&1 == 1 {
				given[l] = w.rows[in.a][l]
			}
		}
	}
	for _, q := range came {
		in := &code[q.pc]
		for m := q.lanes; m != 0; m &= m - 1 {
			l := bits.TrailingZeros32(m) % lanes
			from, inside := in.shuffle.source(uint32(l), uint32(w.rows[in.b][l]), uint32(w.rows[in.c][l]))
			if !inside {
				from = uint32(l)
			}
			if q.mask>>from&1 == 0 {
				return w.faultOf(q.pc, l, WrongMask, 0, fmt.Sprintf("it takes from lane %d, which the mask %#x does not name", from, q.mask))
			}
			w.rows[in.d][l] = given[from]
			if in.p >= 0 {
				w.predicates[in.p] &^= 1 << l
				if inside {
					w.predicates[in.p] |= 1 << l
				}
			}
		}
	}
	return nil
}

// source is the lane that a lane takes from; false: it is outside of the segment
// (PTX ISA, shfl.sync).
func (s shuffle) source(lane, b, c uint32) (uint32, bool) {
	clamp, segment := c&31, c>>8&31
	b &= 31
	least := lane & segment
	most := least | clamp&^segment
	switch s {
	case shuffleUp:
		return lane - b, int32(lane-b) >= int32(most)
	case shuffleDown:
		return lane + b, lane+b <= most
	case shuffleIndex:
		from := least | b&^segment
		return from, from <= most
	}
	return lane ^ b, lane^b <= most
}

// multiply executes mma.m16n8k8 of TF32 (PTX ISA, fragments of .tf32): lane 4·g+t has
// of a rows g and g+8, columns t and t+4; of b rows t and t+4, column g; of c rows g
// and g+8, columns 2t and 2t+1. Sums are exact before they are rounded; the ISA
// leaves their order and rounding open. Factors lose the bits a tensor core does
// not read.
func (w *warp) multiply(in *instruction) {
	var a [16][8]float64
	var b [8][8]float64
	tf := func(r int32, l int) float64 { return float64(single(w.rows[r][l] &^ 0x1fff)) }
	for l := range lanes {
		g, t := l/4, l%4
		for i := range 4 {
			a[g+i%2*8][t+i/2*4] = tf(in.in[i], l)
		}
		b[t][g], b[t+4][g] = tf(in.in[4], l), tf(in.in[5], l)
	}
	var sums [4]row
	for i := range sums {
		for l := range lanes {
			g, t := l/4+i/2*8, l%4*2+i%2
			sum := float64(single(w.rows[in.in[6+i]][l]))
			for k := range 8 {
				sum += a[g][k] * b[k][t]
			}
			sums[i][l] = of(float32(sum))
		}
	}
	for i := range sums {
		w.rows[in.out[i]] = sums[i]
	}
}
