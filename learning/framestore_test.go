package learning

import (
	"errors"
	"math/rand"
	"reflect"
	"slices"
	"syscall"
	"testing"

	"github.com/latco-studio/latco/learning/rssm"
)

// Batches do not depend on where the images lie, while episodes of many lengths
// come and go.
func TestBatchesDoNotDependOnMemory(t *testing.T) {
	const length = 3
	one := sizeOf(countingEpisode(t, 0, 9, 2))
	var buffers []*Replay
	for _, memory := range []int64{0, 1, 2 * one} {
		r, err := NewReplay(ReplayOptions{Length: length, Capacity: 6 * one, Memory: memory, Scratch: t.TempDir(), Seed: 3})
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		buffers = append(buffers, r)
	}
	rng := rand.New(rand.NewSource(1))
	var want, got rssm.Batch
	for i := range 60 {
		e := countingEpisode(t, i, 4+rng.Intn(9), 2)
		for k, r := range buffers {
			if err := r.Add(e, EpisodeRef{HeldOut: i%7 == 0}); err != nil {
				t.Fatal(err)
			}
			b := &want
			if k > 0 {
				b = &got
			}
			b.B, b.T = 5, length
			if err := r.Fill(b, int64(i)); i > 0 && err != nil {
				t.Fatal(err)
			}
			if k > 0 && !reflect.DeepEqual(want, got) {
				t.Fatalf("episode %d, buffer %d: another batch", i, k)
			}
			head, _, err := r.example(i, 4)
			if err != nil || head.Rows() != 4 || int(head.Frame(2)[1]) != 2 || head.Validate() != nil {
				t.Fatalf("example: %v, %v", err, head.Validate())
			}
		}
	}
	for k, r := range buffers {
		s := r.Stats()
		if inMemory := k == 0; s.Memory+s.Scratch != buffers[0].Stats().Memory || inMemory != (s.Scratch == 0) || s.Memory > max(r.opts.Memory, 6*one) {
			t.Errorf("buffer %d: %+v", k, s)
		}
		if file := r.images.size; file > 12*one {
			t.Errorf("buffer %d: a scratch file of %d bytes for %d", k, file, s.Scratch)
		}
	}
}

// A model of the stretches as a set of bytes.
func TestExtents(t *testing.T) {
	rng := rand.New(rand.NewSource(1))
	var x extents
	free := make([]bool, 200)
	x.give(extent{0, int64(len(free))})
	for i := range free {
		free[i] = true
	}
	var held []extent
	for range 5000 {
		if rng.Intn(2) == 0 || len(held) == 0 {
			n := int64(1 + rng.Intn(30))
			e, ok := x.take(n)
			if !ok {
				continue
			}
			for i := e.from; i < e.from+e.n; i++ {
				if !free[i] || e.n != n {
					t.Fatalf("took %v of %d bytes, which is not free", e, n)
				}
				free[i] = false
			}
			held = append(held, e)
		} else {
			k := rng.Intn(len(held))
			for i := range held[k].n {
				free[held[k].from+i] = true
			}
			x.give(held[k])
			held = slices.Delete(held, k, k+1)
		}
		var total int64
		for i, e := range x {
			total += e.n
			if i > 0 && x[i-1].from+x[i-1].n >= e.from {
				t.Fatalf("stretches touch: %v", x)
			}
			for k := range e.n {
				if !free[e.from+k] {
					t.Fatalf("%v is not free", e)
				}
			}
		}
		n := int64(0)
		for _, f := range free {
			if f {
				n++
			}
		}
		if total != n || x.sum() != n {
			t.Fatalf("%d bytes free, want %d", total, n)
		}
	}
}

// A scratch file without room is a full disk, and the episode can be added later.
func TestScratchFileWithoutRoom(t *testing.T) {
	r, err := NewReplay(ReplayOptions{Length: 3, Memory: 1, Scratch: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	room := 30 * FramePixels
	r.images.create = func(path string) (scratchFile, error) {
		f, err := openScratch(path)
		return scarceScratch{f, &room}, err
	}
	e := countingEpisode(t, 1, 19, 2)
	if err := r.Add(e, EpisodeRef{}); err != nil {
		t.Fatal(err)
	}
	if err := r.Add(e, EpisodeRef{}); !errors.Is(err, ErrDiskFull) || r.Stats().Episodes != 1 {
		t.Fatalf("%v, %+v", err, r.Stats())
	}
	room = 100 * FramePixels
	if err := r.Add(e, EpisodeRef{}); err != nil || r.Stats().Episodes != 2 || r.Stats().Scratch != 40*FramePixels {
		t.Errorf("with room again: %v, %+v", err, r.Stats())
	}
}

// scarceScratch is a scratch file with room for a number of bytes.
type scarceScratch struct {
	scratchFile
	room *int
}

func (f scarceScratch) WriteAt(p []byte, at int64) (int, error) {
	if int(at)+len(p) > *f.room {
		return 0, syscall.ENOSPC
	}
	return f.scratchFile.WriteAt(p, at)
}
