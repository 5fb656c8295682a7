package cuda

import (
	"fmt"
	"slices"
)

// arena cuts the driver's large allocations into buffers: an allocation of the
// driver takes up to a millisecond and stops the card.
type arena struct {
	source memorySource
	least  int64 // bytes asked of the source at least
	chunks []*chunk
	sizes  map[uintptr]int64 // of what take gave and give did not get back
}

// memorySource is where chunks come from.
type memorySource interface {
	allocate(bytes int64) (uintptr, error)
	release(address uintptr)
}

// chunk is one allocation of the source. Its free spans are in order and never touch.
type chunk struct {
	base  uintptr
	bytes int64
	free  []span
}

type span struct {
	at    uintptr
	bytes int64
}

// alignment is that of every buffer, in bytes.
const alignment = 256

func newArena(source memorySource, least int64) *arena {
	return &arena{source: source, least: least, sizes: map[uintptr]int64{}}
}

// take gives memory of undefined contents.
func (a *arena) take(bytes int64) (uintptr, error) {
	bytes = (bytes + alignment - 1) / alignment * alignment
	for _, c := range a.chunks {
		if at, ok := c.take(bytes); ok {
			a.sizes[at] = bytes
			return at, nil
		}
	}
	size := max(bytes, a.least)
	base, err := a.source.allocate(size)
	if err != nil && size > bytes { // there may still be room for what is asked
		size = bytes
		base, err = a.source.allocate(size)
	}
	if err != nil {
		return 0, err
	}
	c := &chunk{base: base, bytes: size, free: []span{{base, size}}}
	a.chunks = append(a.chunks, c)
	at, _ := c.take(bytes)
	a.sizes[at] = bytes
	return at, nil
}

// give takes memory back. A chunk without buffers returns to the source unless it
// is the only one.
func (a *arena) give(at uintptr) {
	bytes, ok := a.sizes[at]
	if !ok {
		panic(fmt.Sprintf("cuda: Free of %#x, which is not allocated", at))
	}
	delete(a.sizes, at)
	for i, c := range a.chunks {
		if at < c.base || at >= c.base+uintptr(c.bytes) {
			continue
		}
		c.give(span{at, bytes})
		if len(c.free) == 1 && c.free[0].bytes == c.bytes && len(a.chunks) > 1 {
			a.source.release(c.base)
			a.chunks = slices.Delete(a.chunks, i, i+1)
		}
		return
	}
}

// close returns every chunk.
func (a *arena) close() {
	for _, c := range a.chunks {
		a.source.release(c.base)
	}
	a.chunks = nil
	clear(a.sizes)
}

// take cuts the first free span that is large enough.
func (c *chunk) take(bytes int64) (uintptr, bool) {
	for i, s := range c.free {
		if s.bytes < bytes {
			continue
		}
		if s.bytes == bytes {
			c.free = slices.Delete(c.free, i, i+1)
		} else {
			c.free[i] = span{s.at + uintptr(bytes), s.bytes - bytes}
		}
		return s.at, true
	}
	return 0, false
}

// give puts a span back and joins it with its neighbours.
func (c *chunk) give(s span) {
	i, _ := slices.BinarySearchFunc(c.free, s.at, func(f span, at uintptr) int {
		if f.at < at {
			return -1
		}
		return 1
	})
	c.free = slices.Insert(c.free, i, s)
	if i+1 < len(c.free) && c.free[i].at+uintptr(c.free[i].bytes) == c.free[i+1].at {
		c.free[i].bytes += c.free[i+1].bytes
		c.free = slices.Delete(c.free, i+1, i+2)
	}
	if i > 0 && c.free[i-1].at+uintptr(c.free[i-1].bytes) == c.free[i].at {
		c.free[i-1].bytes += c.free[i].bytes
		c.free = slices.Delete(c.free, i, i+1)
	}
}
