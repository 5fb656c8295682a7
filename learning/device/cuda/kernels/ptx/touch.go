package ptx

import (
	"fmt"
	"math/bits"
)

// load executes ld.
func (w *warp) load(p *part, in *instruction, mask uint32) *Fault {
	if in.space == spaceParam {
		return w.loadArgument(p, in, mask)
	}
	addresses := w.rows[in.a] // a copy: the address may be overwritten
	for m := mask; m != 0; m &= m - 1 {
		l := bits.TrailingZeros32(m) % lanes
		address := addresses[l] + uint64(in.offset)
		words, cells, f := w.reach(p, in, l, address)
		if f != nil {
			return f
		}
		for i := range cells {
			if why := w.read(&cells[i], l); why != nil {
				return w.conflict(p, l, address+4*uint64(i), why)
			}
			if in.constant && cells[i].writeEpoch >= w.block.launch.first {
				return w.faultOf(p.pc, l, ConstantChanged, address, "the same launch writes it")
			}
		}
		for i, r := range in.out {
			w.rows[r][l] = pick(words, int(in.width), i, address)
		}
	}
	return nil
}

// pick takes the i-th number of some width. Those of one or two bytes are within
// one word.
func pick(words []uint32, width, i int, address uint64) uint64 {
	switch width {
	case 8:
		return uint64(words[2*i]) | uint64(words[2*i+1])<<32
	case 4:
		return uint64(words[i])
	}
	at := int(address%4) + i*width
	return uint64(words[at/4]) >> (8 * (at % 4)) & (1<<(8*width) - 1)
}

// store executes st.
func (w *warp) store(p *part, in *instruction, mask uint32) *Fault {
	for m := mask; m != 0; m &= m - 1 {
		l := bits.TrailingZeros32(m) % lanes
		address := w.rows[in.a][l] + uint64(in.offset)
		words, cells, f := w.reach(p, in, l, address)
		if f != nil {
			return f
		}
		for i := range cells {
			if why := w.write(&cells[i], l, in.line); why != nil {
				return w.conflict(p, l, address+4*uint64(i), why)
			}
		}
		for i, r := range in.in[1:] {
			value := w.rows[r][l]
			if in.width == 8 {
				words[2*i], words[2*i+1] = uint32(value), uint32(value>>32)
			} else {
				words[i] = uint32(value)
			}
		}
	}
	return nil
}

// reach finds the words of an access and what is known of them.
func (w *warp) reach(p *part, in *instruction, lane int, address uint64) ([]uint32, []cell, *Fault) {
	bytes := uint64(in.width) * uint64(in.count)
	if address%bytes != 0 {
		return nil, nil, w.faultOf(p.pc, lane, Misaligned, address, fmt.Sprintf("%d bytes of %s", bytes, in.space))
	}
	space := in.space
	if space == spaceGeneric {
		space = spaceGlobal
		if address >= window {
			space, address = spaceShared, address-window
		}
	}
	lo, n := address/4, (bytes+3)/4
	switch space {
	case spaceGlobal:
		a := w.block.launch.m.memory.find(address)
		if a == nil || a.freed || a.given != w.block.launch.number || address < a.base || address-a.base+bytes > a.bytes {
			return nil, nil, w.faultOf(p.pc, lane, OutOfBounds, address, a.beside(address, bytes, w.block.launch.number))
		}
		lo = (address - a.base) / 4
		return a.words[lo : lo+n], a.cells[lo : lo+n], nil
	default:
		owner := w.block.launch.shared.owner
		if lo+n > uint64(len(owner)) || lo+n < lo || owner[lo] < 0 || owner[lo+n-1] != owner[lo] {
			return nil, nil, w.faultOf(p.pc, lane, OutOfBounds, address, fmt.Sprintf("%d bytes in none of the variables in shared memory", bytes))
		}
		return w.block.words[lo : lo+n], w.block.cells[lo : lo+n], nil
	}
}

// loadArgument executes ld.param.
func (w *warp) loadArgument(p *part, in *instruction, mask uint32) *Fault {
	argument, addresses := w.block.launch.argument, w.rows[in.a]
	bytes := uint64(in.width) * uint64(in.count)
	for m := mask; m != 0; m &= m - 1 {
		l := bits.TrailingZeros32(m) % lanes
		at := addresses[l] + uint64(in.offset)
		if at%bytes != 0 {
			return w.faultOf(p.pc, l, Misaligned, at, fmt.Sprintf("%d bytes of the argument", bytes))
		}
		if n := 8 * uint64(len(argument)); at > n || at+bytes > n {
			return w.faultOf(p.pc, l, OutOfBounds, at, fmt.Sprintf("%d bytes of an argument of %d", bytes, n))
		}
		for i, r := range in.out {
			at := at + uint64(i)*uint64(in.width)
			w.rows[r][l] = argument[at/8] >> (8 * (at % 8)) & (1<<(8*uint64(in.width)) - 1)
		}
	}
	return nil
}

func (s space) String() string {
	return [...]string{"the argument", "global memory", "shared memory", "memory"}[s]
}

// beside says where an address lies that is not in a.
func (a *allocation) beside(address, bytes, launch uint64) string {
	switch {
	case a == nil:
		return fmt.Sprintf("%d bytes, in no allocation", bytes)
	case a.freed:
		return fmt.Sprintf("%d bytes, in an allocation that was freed", bytes)
	case address < a.base:
		return fmt.Sprintf("%d bytes, %d before an allocation of %d", bytes, a.base-address, a.bytes)
	case address-a.base+bytes > a.bytes:
		return fmt.Sprintf("%d bytes at %d of an allocation of %d", bytes, address-a.base, a.bytes)
	}
	return fmt.Sprintf("%d bytes of an allocation that nothing in the argument points into", bytes)
}

// conflict describes one.
func (w *warp) conflict(p *part, lane int, address uint64, c *conflict) *Fault {
	l := w.block.launch
	if c.kind == Uninitialised {
		return w.faultOf(p.pc, lane, c.kind, address, "of "+l.k.code[p.pc].space.String())
	}
	t, b := unrank(uint32(c.thread), l.block), unrank(l.owners[c.epoch-l.first], l.grid)
	at := ""
	if c.line > 0 {
		at = fmt.Sprintf(" at line %d", c.line)
	}
	return w.faultOf(p.pc, lane, c.kind, address, fmt.Sprintf("it %s: thread (%d,%d,%d) of block (%d,%d,%d)%s", c.how, t.X, t.Y, t.Z, b.X, b.Y, b.Z, at))
}
