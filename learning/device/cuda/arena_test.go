package cuda

import (
	"errors"
	"math/rand"
	"testing"
)

// heap is a driver's memory: where nobody looks.
type heap struct {
	next   uintptr
	room   int64 // bytes left
	chunks map[uintptr]int64
}

var errFull = errors.New("full")

func (h *heap) allocate(bytes int64) (uintptr, error) {
	if bytes > h.room {
		return 0, errFull
	}
	at := h.next
	h.next += uintptr(bytes) + 4096
	h.room -= bytes
	h.chunks[at] = bytes
	return at, nil
}

func (h *heap) release(at uintptr) {
	h.room += h.chunks[at]
	delete(h.chunks, at)
}

// Whatever is taken and given back in whatever order, buffers never overlap, lie in
// chunks, and everything can be had again in the end.
func TestArena(t *testing.T) {
	const room = 1 << 22
	h := &heap{next: 1 << 20, room: room, chunks: map[uintptr]int64{}}
	a := newArena(h, 1<<16)
	rng := rand.New(rand.NewSource(1))
	taken := map[uintptr]int64{}
	full := 0
	for range 20_000 {
		if rng.Intn(100) < 55 {
			bytes := int64(1 + rng.Intn(1<<uint(rng.Intn(19))))
			at, err := a.take(bytes)
			if err != nil {
				full++
				continue
			}
			if at%alignment != 0 || !within(h, at, bytes) {
				t.Fatalf("%d bytes at %#x", bytes, at)
			}
			for other, n := range taken {
				if at < other+uintptr(n) && other < at+uintptr(bytes) {
					t.Fatalf("%d bytes at %#x overlap %d at %#x", bytes, at, n, other)
				}
			}
			taken[at] = bytes
		} else {
			for at := range taken {
				a.give(at)
				delete(taken, at)
				break
			}
		}
	}
	if full == 0 {
		t.Error("memory never ran out: the test is too small")
	}
	for at := range taken {
		a.give(at)
	}
	if len(a.chunks) != 1 || len(a.chunks[0].free) != 1 || a.chunks[0].free[0].bytes != a.chunks[0].bytes {
		t.Errorf("of everything given back there are %d chunks, the first free in %v", len(a.chunks), a.chunks[0].free)
	}
	a.close()
	if h.room != room {
		t.Errorf("%d bytes went missing", room-h.room)
	}
}

func within(h *heap, at uintptr, bytes int64) bool {
	for base, n := range h.chunks {
		if at >= base && at+uintptr(bytes) <= base+uintptr(n) {
			return true
		}
	}
	return false
}

func TestArenaRefusesWhatItDidNotGive(t *testing.T) {
	a := newArena(&heap{room: 1 << 20, chunks: map[uintptr]int64{}}, 1<<16)
	at, err := a.take(1000)
	if err != nil {
		t.Fatal(err)
	}
	a.give(at)
	defer func() {
		if recover() == nil {
			t.Error("freed twice without a word")
		}
	}()
	a.give(at)
}
