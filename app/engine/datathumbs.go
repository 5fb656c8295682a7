package engine

import (
	"context"
	"maps"
	"sync/atomic"
	"time"

	"github.com/latco-studio/latco/learning"
)

// thumbWorker is the goroutine that reads the pictures of episodes. Only the newest
// request counts, so that scrolling fast reads what is on screen, not what was.
type thumbWorker struct {
	report reporter
	newest atomic.Pointer[thumbRequest]
	wake   chan struct{}
	cache  thumbCache
}

// thumbRequest asks for pictures of episodes, the most wanted first.
type thumbRequest struct {
	set     *learning.Dataset // not changed by anybody
	numbers []int
}

// thumbsRead brings some of them.
type thumbsRead struct {
	dir    string
	thumbs map[int]Thumb
}

// thumbsTogether is how long pictures are gathered before they are reported.
const thumbsTogether = 60 * time.Millisecond

func newThumbWorker(report reporter) *thumbWorker {
	return &thumbWorker{report: report, wake: make(chan struct{}, 1)}
}

// ask replaces the request that is waiting or being served.
func (w *thumbWorker) ask(r *thumbRequest) {
	w.newest.Store(r)
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// loop serves until ctx ends.
func (w *thumbWorker) loop(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-w.wake:
		}
		if r := w.newest.Swap(nil); r != nil {
			w.serve(ctx, r)
		}
	}
}

// serve reads until all is done or something else is wanted.
func (w *thumbWorker) serve(ctx context.Context, r *thumbRequest) {
	ready := map[int]Thumb{}
	var missing []int
	for _, n := range r.numbers {
		if n < 0 || n >= len(r.set.Entries) {
			continue
		}
		if t, ok := w.cache.get(r.set.Entries[n].SHA256); ok {
			ready[n] = t
		} else {
			missing = append(missing, n)
		}
	}
	last := time.Now()
	for _, n := range missing {
		if ctx.Err() != nil || w.newest.Load() != nil {
			break
		}
		ready[n] = w.read(r.set, n)
		if time.Since(last) > thumbsTogether {
			w.report(thumbsRead{r.set.Dir, maps.Clone(ready)})
			clear(ready)
			last = time.Now()
		}
	}
	if len(ready) > 0 {
		w.report(thumbsRead{r.set.Dir, ready})
	}
}

// read makes a picture. Damage is not remembered: the file may be mended.
func (w *thumbWorker) read(set *learning.Dataset, n int) Thumb {
	ep, err := set.Load(n)
	if err != nil {
		return Thumb{Err: err.Error()}
	}
	row := tellingRow(ep)
	t := Thumb{Picture: toImage(ep.Frame(row)), Row: row}
	w.cache.put(set.Entries[n].SHA256, t)
	return t
}

// tellingRow is where the task was solved first, else the end.
func tellingRow(ep *learning.Episode) int {
	if ep.Info.Success {
		for t, r := range ep.SparseRewards {
			if r > 0 {
				return t
			}
		}
	}
	return ep.Rows() - 1
}

// thumbCache keeps the pictures that were asked for lately, by the hash of their file.
// When the young are too many they become the old, and what was old is forgotten.
type thumbCache struct{ young, old map[string]Thumb }

// maxYoung bounds half of the cache: 16 MB of pictures.
const maxYoung = 1000

func (c *thumbCache) get(hash string) (Thumb, bool) {
	t, ok := c.young[hash]
	if !ok {
		if t, ok = c.old[hash]; ok {
			c.put(hash, t)
		}
	}
	return t, ok
}

func (c *thumbCache) put(hash string, t Thumb) {
	if c.young == nil || len(c.young) >= maxYoung {
		c.young, c.old = map[string]Thumb{}, c.young
	}
	c.young[hash] = t
}
