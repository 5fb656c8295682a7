package ptx

import "fmt"

// Memory is a card's: allocations far from each other, so that what misses one by
// little meets no other. All of it is reached in words of four bytes.
type memory struct {
	all []*allocation // by the upper half of the address; nil: none
}

// allocation is some of it.
type allocation struct {
	base, bytes uint64
	words       []uint32
	cells       []cell // of every word
	freed       bool
	given       uint64 // the last launch whose argument points into it
}

const middle = 1 << 31 // of an allocation's 4 GB of addresses

// alloc gives n bytes at a multiple of 256. Zeroed memory counts as written.
func (m *memory) alloc(n int, zeroed bool) *allocation {
	if len(m.all) == 0 {
		m.all = append(m.all, nil) // addresses near 0 belong to nobody
	}
	a := &allocation{base: uint64(len(m.all))<<32 + middle, bytes: uint64(n), words: make([]uint32, (n+3)/4), cells: make([]cell, (n+3)/4)}
	m.all = append(m.all, a)
	if zeroed {
		a.wrote(0, len(a.words))
	}
	return a
}

func (m *memory) free(a *allocation) {
	a.freed = true
	a.words, a.cells = nil, nil
}

// find is the allocation an address points into, to its end or near it.
func (m *memory) find(address uint64) *allocation {
	if i := address >> 32; i < uint64(len(m.all)) {
		return m.all[i]
	}
	return nil
}

// wrote says that the host wrote words [lo, hi).
func (a *allocation) wrote(lo, hi int) {
	for i := lo; i < hi; i++ {
		a.cells[i] = cell{writeEpoch: hostEpoch}
	}
}

// span is the host's view of n words from an address on.
func (m *memory) span(address uint64, n int) (a *allocation, lo int, err error) {
	a = m.find(address)
	if a == nil || a.freed || address%4 != 0 || address < a.base || address-a.base+4*uint64(n) > a.bytes {
		return nil, 0, fmt.Errorf("%d words at %#x are not in the device's memory", n, address)
	}
	return a, int(address-a.base) / 4, nil
}
